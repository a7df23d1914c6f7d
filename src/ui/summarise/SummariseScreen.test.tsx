// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Glossa, SummariseOptions } from '../../client/engine.ts';
import { startI18n } from '../../i18n/i18n.ts';
import en from '../../i18n/en.json' with { type: 'json' };
import { deleteLibrary } from '../../library/everything.ts';
import { readDraft } from '../../library/draft.ts';
import { DEFAULT_SETTINGS } from '../../library/settings.ts';
import { abortedError, EngineError } from '../../protocol/errors.ts';
import type { ModelInfo, Summary } from '../../protocol/types.ts';
import { App } from '../App.tsx';
import { EMPTY_DRAFT } from '../DeskContext.tsx';
import { captioner, fakeGlossa } from '../fakeGlossa.fixture.ts';
import { GlossaContext } from '../useTask.ts';

const TEXT = 'The house is blue, and nobody knows why.';
const summariser: ModelInfo = { ...captioner, id: 'own-t5', kind: 'summary', name: 'A small T5', state: 'installed' };

beforeAll(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await startI18n('en');
  // Loaded once here, and not within the time of the first test.
  await import('./SummariseScreen.tsx');
});
beforeEach(async () => {
  await deleteLibrary();
  history.replaceState(null, '', '#summarise');
});
afterEach(cleanup);

function engine(overrides: Partial<Glossa> = {}, list: ModelInfo[] = [summariser]): Glossa {
  const glossa = fakeGlossa(overrides);
  return { ...glossa, models: { ...glossa.models, list: () => Promise.resolve(list) } };
}

async function open(glossa: Glossa): Promise<HTMLTextAreaElement> {
  render(
    <GlossaContext value={glossa}>
      <App settings={DEFAULT_SETTINGS} draft={EMPTY_DRAFT} models={null} keepShell={() => undefined} />
    </GlossaContext>,
  );
  return await screen.findByLabelText<HTMLTextAreaElement>(en.summarise.label);
}

const start = (): HTMLElement => document.querySelector<HTMLElement>('.summarise-bar .primary') ?? document.body;
const shown = (): string | null | undefined => document.querySelector('[data-testid=summary]')?.textContent;

it('is behind a door that is there with a summariser alone', async () => {
  const glossa = engine({}, [{ ...summariser, state: 'available' }]);
  render(
    <GlossaContext value={glossa}>
      <App settings={DEFAULT_SETTINGS} draft={EMPTY_DRAFT} models={null} keepShell={() => undefined} />
    </GlossaContext>,
  );
  await screen.findByLabelText(en.source.label);
  expect(screen.queryByRole('button', { name: en.doors.summarise })).toBeNull();
});

it('summarises what was written, says with which model, and keeps the text', async () => {
  const summarise = vi.fn(fakeGlossa().summarise);
  const field = await open(engine({ summarise }));
  expect(start().hasAttribute('disabled')).toBe(true);
  fireEvent.change(field, { target: { value: TEXT } });
  fireEvent.click(screen.getByRole('radio', { name: en.summarise.lengths.short }));
  fireEvent.click(start());
  await waitFor(() => expect(shown()).toBe(TEXT.slice(0, 16)));
  expect(summarise).toHaveBeenCalledWith(TEXT, expect.objectContaining({ length: 'short', model: 'own-t5' }));
  await waitFor(async () => expect((await readDraft())?.summary).toEqual({ text: TEXT, length: 'short' }));
  fireEvent.change(field, { target: { value: `${TEXT} It is.` } });
  expect(screen.getByText(en.summarise.old)).toBeTruthy();
});

it('says how many parts a long text was read in', async () => {
  const ran = { model: 'own-t5', provider: 'wasm', threads: 1, ms: 5 } as const;
  const field = await open(engine({ summarise: () => Promise.resolve({ text: 'Blue.', parts: 3, ran }) }));
  fireEvent.change(field, { target: { value: TEXT } });
  fireEvent.keyDown(field, { key: 'Enter', code: 'Enter', ctrlKey: true });
  expect(await screen.findByText(/read in 3 parts/)).toBeTruthy();
  expect(screen.getByTestId('summary-ran').textContent).toContain('A small T5');
});

it('keeps what there is when it is stopped, and tells what failed', async () => {
  const summarise = (_: string, { signal, onPartial }: SummariseOptions = {}): Promise<Summary> => {
    onPartial?.('The house');
    return new Promise((_resolve, reject) => signal?.addEventListener('abort', () => reject(abortedError())));
  };
  const field = await open(engine({ summarise }));
  fireEvent.change(field, { target: { value: TEXT } });
  fireEvent.click(start());
  fireEvent.click(await screen.findByRole('button', { name: en.stop }));
  expect(await screen.findByText(en.stopped)).toBeTruthy();
  expect(shown()).toBe('The house');
  cleanup();

  const failing = engine({ summarise: () => Promise.reject(new EngineError('out-of-memory', 'Too large.')) });
  fireEvent.change(await open(failing), { target: { value: TEXT } });
  fireEvent.click(start());
  expect((await screen.findByRole('alert')).textContent).toContain('Too large.');
});
