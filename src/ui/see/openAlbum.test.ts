import 'fake-indexeddb/auto';
import { beforeAll, beforeEach, expect, it, vi } from 'vitest';
import { deleteLibrary, exportLibrary } from '../../library/everything.ts';
import { bringBackAlbum, deleteAlbums, listAlbums, readAlbum, readPictures } from '../../library/pictures.ts';
import type { AlbumRecord } from '../../library/pictureTypes.ts';
import { seen } from '../fakeGlossa.fixture.ts';
import { OpenAlbum } from './openAlbum.ts';

// Each test has an album of its own: what an earlier one still writes is not in its way.
let number = 0;
const record = (): AlbumRecord => ({
  id: String(++number),
  title: 'holiday',
  at: 1,
  count: 0,
  waiting: 0,
  to: null,
  preview: '',
  cover: null,
});

// Not every runtime of tests has one.
beforeAll(() => {
  vi.stubGlobal('navigator', {});
});
beforeEach(deleteLibrary);

function open(count: number): [OpenAlbum, string[]] {
  const album = new OpenAlbum(record(), (writing) => void writing.catch(() => undefined));
  const files = Array.from({ length: count }, (_, i) => ({
    file: new File([`picture ${i}`], `${i}.png`),
    path: `beach/${i}.png`,
  }));
  return [album, album.add(files).map(({ id }) => id)];
}
const texts = (album: OpenAlbum): string[] => album.snapshot().pictures.map(({ text }) => text);

it('undoes and redoes what the reader did, and nothing that the engine did meanwhile', () => {
  const [album, [a = '', b = '']] = open(2);
  album.edit(a, { decorative: true });
  album.update(a, { state: 'done', caption: seen(), text: 'A cat.' });
  album.remove(new Set([b]));
  expect(texts(album)).toEqual(['A cat.']);
  album.undo();
  album.undo();
  expect(album.snapshot().pictures).toMatchObject([
    { id: a, text: 'A cat.', decorative: false, state: 'done' },
    { id: b, state: 'waiting' },
  ]);
  expect(album.snapshot()).toMatchObject({ canUndo: false, canRedo: true });
  album.redo();
  album.redo();
  expect(album.snapshot().pictures).toMatchObject([{ id: a, decorative: true, text: 'A cat.' }]);
  album.edit(a, { text: 'A cat.' });
  expect(album.snapshot().canRedo).toBe(false);
});

it('is no edit when nothing was changed', () => {
  const [album, [a = '']] = open(1);
  album.edit(a, { text: '' });
  expect(album.snapshot().canUndo).toBe(false);
});

it('is in the library a moment after each change', async () => {
  const [album, [a = '']] = open(2);
  album.update(a, { state: 'done', text: 'A cat.', caption: seen() });
  await vi.waitFor(async () => {
    expect((await listAlbums()).find(({ id }) => id === album.id)).toMatchObject({
      count: 2,
      waiting: 1,
      preview: 'A cat.',
      cover: a,
    });
  });
  const [picture] = await readPictures(album.id);
  expect(picture).toMatchObject({ path: 'beach/0.png', text: 'A cat.' });
  expect(picture?.caption?.words[0]?.attention).toBeInstanceOf(Float32Array);
  const exported = (await exportLibrary()).albums.find(({ id }) => id === album.id);
  expect(exported).toMatchObject({ pictures: [{ text: 'A cat.', caption: seen().text }, { caption: null }] });
});

it('comes back from the library as it was, and deleted with all that belongs to it', async () => {
  const [album, [a = '', b = '']] = open(2);
  album.keepThumbnail(a, new Blob(['small']));
  album.keepThumbnail(b, new Blob(['small']));
  album.remove(new Set([b]));
  await album.keep();
  await vi.waitFor(async () => {
    const again = await OpenAlbum.open(album.snapshot().record, () => undefined);
    expect(again.snapshot().missing.size).toBe(0);
    expect(again.thumbnail(a)).not.toBeNull();
    // What was taken out is swept away when the album is opened again.
    expect(again.thumbnail(b)).toBeNull();
  });
  const kept = await readAlbum(album.snapshot().record);
  expect([...kept.thumbnails.keys()]).toEqual([a]);
  await deleteAlbums([album.id]);
  expect(await readAlbum(kept.record)).toMatchObject({ pictures: [], thumbnails: new Map(), originals: new Map() });
  await bringBackAlbum(kept);
  expect(await readAlbum(kept.record)).toMatchObject({ pictures: [{ id: a }] });
});
