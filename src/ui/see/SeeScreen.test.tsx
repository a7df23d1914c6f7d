// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, configure, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Glossa } from '../../client/engine.ts';
import { startI18n } from '../../i18n/i18n.ts';
import en from '../../i18n/en.json' with { type: 'json' };
import { deleteLibrary } from '../../library/everything.ts';
import { listAlbums, readPictures } from '../../library/pictures.ts';
import { DEFAULT_SETTINGS } from '../../library/settings.ts';
import { abortedError } from '../../protocol/errors.ts';
import { App } from '../App.tsx';
import { EMPTY_DRAFT } from '../DeskContext.tsx';
import { captioner, fakeGlossa, seen } from '../fakeGlossa.fixture.ts';
import { GlossaContext } from '../useTask.ts';

beforeAll(async () => {
  // A list of many is drawn when there is time for it.
  configure({ asyncUtilTimeout: 5000 });
  // One picture after the other, whatever the machine has.
  vi.spyOn(navigator, 'hardwareConcurrency', 'get').mockReturnValue(1);
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await startI18n('en');
  // Loaded once here, and not within the time of the first test.
  await import('./SeeScreen.tsx');
});
beforeEach(async () => {
  await deleteLibrary();
  history.replaceState(null, '', '#see');
});
afterEach(async () => {
  cleanup();
  // The screen writes what it has not written yet as it goes.
  await new Promise((resolve) => setTimeout(resolve, 50));
});

async function open(glossa: Glossa = fakeGlossa()): Promise<void> {
  render(
    <GlossaContext value={glossa}>
      <App settings={DEFAULT_SETTINGS} draft={EMPTY_DRAFT} models={null} keepShell={() => undefined} />
    </GlossaContext>,
  );
  await screen.findByRole('heading', { name: en.see.title });
}

function drop(...names: string[]): void {
  const target = document.querySelector('.see-screen');
  if (!target) throw new Error('There is no see screen.');
  const files = names.map(
    (name) => new File([name], name, { type: name.endsWith('.txt') ? 'text/plain' : 'image/png' }),
  );
  fireEvent.drop(target, { dataTransfer: { types: ['Files'], files, items: [] } });
}
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });
const CAPTION = 'A brown cat sits on a table.';
const shownText = (): string | null | undefined => document.querySelector('.caption-words')?.textContent;

it('says how large the model is before it is fetched, and fetches it when there is a picture', async () => {
  const { models } = fakeGlossa();
  let state: 'available' | 'installed' = 'available';
  const install = vi.fn(async () => {
    state = 'installed';
    return captioner;
  });
  const list = async () => [{ ...captioner, state, storedBytes: state === 'installed' ? 13_000_000 : 0 }];
  await open(fakeGlossa({ models: { ...models, list, install } }));
  expect(await screen.findByText(/The model for this is 13 MB/)).toBeTruthy();
  expect(install).not.toHaveBeenCalled();
  drop('cat.png');
  await waitFor(() => expect(shownText()).toBe(CAPTION));
  expect(install).toHaveBeenCalledTimes(1);
});

it('shows a caption with its words, its tags and how sure it is; tells it once', async () => {
  await open();
  drop('unsure.png');
  await waitFor(() => expect(shownText()).toBe(CAPTION));
  expect(screen.getAllByText(en.alt.trust.unsure).length).toBeGreaterThan(0);
  expect(document.querySelector('.tag')?.textContent).toContain('cat');
  expect(screen.getByTestId('announcer').textContent).toContain(CAPTION);
  expect(screen.getByTestId('ran').textContent).toContain('96 ms');
  const words = [...document.querySelectorAll<HTMLElement>('.caption-word')];
  expect(words.map((word) => word.tabIndex)).toEqual([0, -1, -1, -1, -1, -1, -1]);
  act(() => words[0]?.focus());
  expect(screen.getByTestId('heat').dataset['on']).toBe('true');
  fireEvent.keyDown(words[0]!, { key: 'ArrowRight' });
  expect(document.activeElement?.textContent).toBe('brown');
  fireEvent.keyDown(words[1]!, { key: 'Escape' });
  expect(screen.getByTestId('heat').dataset['on']).toBe('false');
});

it('edits in place, in one step of undo, and leaves the text at Escape', async () => {
  await open();
  drop('cat.png');
  await waitFor(() => expect(shownText()).toBe(CAPTION));
  fireEvent.click(button(en.alt.edit));
  const field = (): HTMLElement => screen.getByRole('textbox', { name: en.alt.label });
  fireEvent.change(field(), { target: { value: 'A ginger' } });
  fireEvent.change(field(), { target: { value: 'A ginger cat.' } });
  fireEvent.keyDown(field(), { key: 'Enter' });
  expect(shownText()).toBe('A ginger cat.');
  await waitFor(async () => {
    const [album] = await listAlbums();
    expect((await readPictures(album?.id ?? ''))[0]).toMatchObject({ text: 'A ginger cat.', reviewed: true });
  });
  fireEvent.keyDown(document.body, { key: 'z', code: 'KeyZ', ctrlKey: true });
  expect(shownText()).toBe(CAPTION);
  fireEvent.click(button(en.redo));
  expect(shownText()).toBe('A ginger cat.');

  fireEvent.click(button(en.alt.edit));
  fireEvent.change(field(), { target: { value: 'x'.repeat(130) } });
  expect(screen.getAllByText('130 characters: more than 125').length).toBeGreaterThan(0);
  fireEvent.keyDown(field(), { key: 'Escape' });
  expect(shownText()).toBe('A ginger cat.');
});

it('translates the text, again after an edit, and keeps what the reader made of it', async () => {
  await open();
  drop('cat.png');
  fireEvent.click(await screen.findByRole('button', { name: 'Translate into Portuguese' }));
  const translated = (): string | null | undefined => document.querySelector('.translated-text')?.textContent;
  await waitFor(() => expect(translated()).toBe(CAPTION.toUpperCase()));
  fireEvent.click(screen.getByRole('button', { name: 'A cat on a table.' }));
  await waitFor(() => expect(translated()).toBe('A CAT ON A TABLE.'));
  fireEvent.click(button(en.alt.editTranslation));
  const field = screen.getByRole('textbox', { name: 'Portuguese' });
  fireEvent.change(field, { target: { value: 'Um gato.' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  fireEvent.click(screen.getByRole('button', { name: 'A close-up of a cat.' }));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(translated()).toBe('Um gato.');
});

it('lists many, marks what failed, goes on after Stop, and opens one from the list', async () => {
  let release = (): void => undefined;
  const caption = vi.fn<Glossa['caption']>((image, options) => {
    if (image instanceof File && image.name === 'slow.png') {
      return new Promise((resolve, reject) => {
        release = () => resolve(seen());
        options?.signal?.addEventListener('abort', () => reject(abortedError()));
      });
    }
    return fakeGlossa().caption(image, options);
  });
  await open(fakeGlossa({ caption }));
  drop('a.png', 'broken.png', 'notes.txt', 'slow.png', 'unsure.png');
  expect(await screen.findByText('1 file that is not a picture was left out.')).toBeTruthy();
  const rows = (): HTMLElement[] => within(screen.getByRole('grid')).getAllByRole('row');
  await waitFor(() => expect(rows()[1]?.textContent).toContain(en.alt.unreadable));
  await waitFor(() => expect(rows()[2]?.textContent).toContain(en.see.looking));
  fireEvent.click(button(en.stop));
  expect(await screen.findByText(/2 pictures are still to do/)).toBeTruthy();
  fireEvent.click(button(en.continue));
  await waitFor(() => expect(rows()[2]?.textContent).toContain(en.see.looking));
  act(() => release());
  await waitFor(() => expect(rows()[3]?.textContent).toContain(CAPTION));
  expect(screen.queryByRole('button', { name: en.stop })).toBeNull();

  fireEvent.click(screen.getByRole('radio', { name: /To review/ }));
  await waitFor(() => expect(rows()).toHaveLength(1));
  fireEvent.click(button('The text of unsure.png is right'));
  // It stays in sight until another choice is made.
  expect(rows()).toHaveLength(1);
  fireEvent.click(button('Open unsure.png'));
  expect(await screen.findByRole('heading', { name: 'unsure.png' })).toBeTruthy();
  expect(document.activeElement?.textContent).toBe('unsure.png');
  fireEvent.click(button(en.alt.back));
  fireEvent.click(button(en.albums.back));
  const entry = await screen.findByRole('button', { name: /^Pictures,.*4 pictures/ });
  expect(entry.textContent).toContain(CAPTION);
  fireEvent.click(button(/^Delete “Pictures,/));
  await waitFor(async () => expect(await listAlbums()).toEqual([]));
  fireEvent.click(await screen.findByRole('button', { name: en.undo }));
  await waitFor(async () => expect(await listAlbums()).toHaveLength(1));
});
