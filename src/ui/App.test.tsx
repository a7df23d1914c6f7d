// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Glossa } from '../client/engine.ts';
import { startI18n } from '../i18n/i18n.ts';
import en from '../i18n/en.json' with { type: 'json' };
import { type Draft, readDraft } from '../library/draft.ts';
import { deleteLibrary } from '../library/everything.ts';
import { keepTerms } from '../library/glossary.ts';
import { DEFAULT_SETTINGS } from '../library/settings.ts';
import { EngineError } from '../protocol/errors.ts';
import { App } from './App.tsx';
import { EMPTY_DRAFT } from './DeskContext.tsx';
import { fakeGlossa } from './fakeGlossa.fixture.ts';
import { GlossaContext } from './useTask.ts';

beforeAll(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await startI18n('en');
});
beforeEach(async () => {
  location.hash = '';
  await deleteLibrary();
});
afterEach(cleanup);

function open(glossa: Glossa = fakeGlossa(), source = '', picks: Draft['picks'] = {}): void {
  render(
    <GlossaContext value={glossa}>
      <App
        settings={DEFAULT_SETTINGS}
        draft={{ ...EMPTY_DRAFT, source, picks }}
        models={null}
        keepShell={() => undefined}
      />
    </GlossaContext>,
  );
}
const field = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: en.source.label });
const output = (): string => document.querySelector('.target-text')?.textContent ?? '';
const type = (text: string): void => {
  fireEvent.change(field(), { target: { value: text } });
};

it('translates what is typed, byte for byte around the sentences, and sends only changed lines', async () => {
  const glossa = fakeGlossa();
  const translate = vi.spyOn(glossa, 'translate');
  open(glossa);
  type('  one.\n\ntwo. three.\n');
  await waitFor(() => expect(output()).toBe('  ONE.\n\nTWO. THREE.\n'));
  expect(translate.mock.lastCall?.[0]).toEqual(['  one.', 'two. three.']);
  type('  one.\n\ntwo. four.\n');
  await waitFor(() => expect(output()).toBe('  ONE.\n\nTWO. FOUR.\n'));
  expect(translate.mock.lastCall?.[0]).toEqual(['two. four.']);
  expect(screen.getByTestId('ran').textContent).toContain('WebAssembly, 2 threads');
});

it('says in words what a sentence lost', async () => {
  open(fakeGlossa(), 'room 7.');
  await waitFor(() => expect(screen.getByText('The number 7 is missing from the translation.')).toBeTruthy());
});

it('keeps a picked wording through edits elsewhere, and hands it out', async () => {
  open(fakeGlossa(), 'one. two.', { 'two.': { text: 'Dois!', score: -0.5, alignment: [] } });
  await waitFor(() => expect(output()).toBe('ONE. Dois!'));
  type('zero. two.');
  await waitFor(() => expect(output()).toBe('ZERO. Dois!'));
  const copied = vi.spyOn(navigator.clipboard, 'writeText');
  fireEvent.click(screen.getByRole('button', { name: en.target.copy }));
  await waitFor(() => expect(copied).toHaveBeenCalledWith('ZERO. Dois!'));
});

it('passes the glossary of the direction and marks what was used', async () => {
  await keepTerms([
    { id: '1', from: 'en', to: 'pt', source: 'court', target: 'COURT' },
    { id: '2', from: 'pt', to: 'en', source: 'a', target: 'b' },
  ]);
  const glossa = fakeGlossa();
  const translate = vi.spyOn(glossa, 'translate');
  open(glossa, 'the court.');
  await waitFor(() => expect(document.querySelector('.term')?.textContent).toBe('COURT'));
  expect(translate.mock.lastCall?.[1].glossary).toEqual([['court', 'COURT']]);
});

it('loses nothing typed when the engine fails, and says what to do', async () => {
  open(
    fakeGlossa({ translate: (): Promise<never> => Promise.reject(new EngineError('out-of-memory', 'Full.')) }),
    'keep me.',
  );
  await waitFor(() => expect(screen.getByText(en.errors['out-of-memory'])).toBeTruthy());
  expect(field().value).toBe('keep me.');
  await waitFor(async () => expect((await readDraft())?.source).toBe('keep me.'));
});

it('says so when the text is in a language that no model reads', async () => {
  const detect: Glossa['detect'] = () => Promise.resolve({ language: 'de', confidence: 1, reliable: true });
  open(fakeGlossa({ detect }), 'das ist gut.');
  await waitFor(() => expect(screen.getByText(/looks like German/)).toBeTruthy());
  fireEvent.click(screen.getByRole('button', { name: 'It is English' }));
  await waitFor(() => expect(output()).toBe('DAS IST GUT.'));
});

it('opens the text of a link, takes it out of the address, and gives back what lay there', async () => {
  open(fakeGlossa(), 'mine.');
  act(() => {
    location.hash = '#text=shared.&from=en&to=pt';
    window.dispatchEvent(new Event('hashchange'));
  });
  await waitFor(() => expect(field().value).toBe('shared.'));
  expect(location.hash).toBe('');
  fireEvent.click(screen.getByRole('button', { name: en.share.back }));
  expect(field().value).toBe('mine.');
});

it('takes back a clear', async () => {
  open(fakeGlossa(), 'one.');
  fireEvent.click(screen.getByRole('button', { name: en.source.clear }));
  expect(field().value).toBe('');
  fireEvent.click(await screen.findByRole('button', { name: en.source.undoClear }));
  expect(field().value).toBe('one.');
});
