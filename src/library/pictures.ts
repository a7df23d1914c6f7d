import { storageRoom } from '../protocol/storageRoom.ts';
import { database } from './database.ts';
import type { AlbumRecord, KeptBlob, Picture, StoredPicture } from './pictureTypes.ts';

/** No more than this of the pictures themselves is kept for one album, and no more than this share of what is free. */
const MOST_BYTES = 2 * 2 ** 30;
const SHARE_OF_FREE = 1 / 4;

/** All albums, newest first. */
export async function listAlbums(): Promise<AlbumRecord[]> {
  return (await (await database()).getAllFromIndex('albums', 'at')).reverse();
}

export async function keepAlbum(record: AlbumRecord): Promise<void> {
  await (await database()).put('albums', record);
}

/** An album's pictures in their order. */
export async function readPictures(album: string): Promise<Picture[]> {
  const stored = await (await database()).getAll('pictures', ownKeys(album));
  return stored.map(({ album: _, ...picture }) => picture).sort((a, b) => a.number - b.number);
}

/** Writes the pictures that are not among those kept `before`, and deletes those that are no more. */
export async function keepPictures(
  album: string,
  before: readonly Picture[],
  after: readonly Picture[],
): Promise<void> {
  const unchanged = new Set(before);
  const ids = new Set(after.map(({ id }) => id));
  const changed = after.filter((picture) => !unchanged.has(picture));
  const gone = before.filter(({ id }) => !ids.has(id));
  if (changed.length === 0 && gone.length === 0) return;
  const tx = (await database()).transaction('pictures', 'readwrite');
  await Promise.all([
    ...changed.map((picture) => tx.store.put({ ...picture, album } satisfies StoredPicture)),
    ...gone.map(({ id }) => tx.store.delete([album, id])),
    tx.done,
  ]);
}

export async function keepThumbnail(album: string, id: string, blob: Blob): Promise<void> {
  await (await database()).put('thumbnails', { album, id, blob });
}

export async function readThumbnail(album: string, id: string): Promise<Blob | null> {
  return (await (await database()).get('thumbnails', [album, id]))?.blob ?? null;
}

/** By picture. */
export async function readThumbnails(album: string): Promise<Map<string, Blob>> {
  return byId(await (await database()).getAll('thumbnails', ownKeys(album)));
}

/**
 * Keeps the files themselves, in their order, as far as there is room: those left out have to be given again after a reload.
 * One that cannot be read, or one too many for the browser, ends it without an error: nothing is lost that the page has.
 */
export async function keepOriginals(album: string, files: readonly { id: string; file: Blob }[]): Promise<void> {
  const db = await database();
  let left = await roomForOriginals();
  for (const { id, file } of files) {
    if (file.size > left) continue;
    left -= file.size;
    try {
      await db.put('originals', { album, id, blob: file });
    } catch {
      return;
    }
  }
}

async function roomForOriginals(): Promise<number> {
  const room = await storageRoom();
  return room ? Math.min(MOST_BYTES, room.freeBytes * SHARE_OF_FREE) : MOST_BYTES;
}

export async function readOriginal(album: string, id: string): Promise<Blob | null> {
  return (await (await database()).get('originals', [album, id]))?.blob ?? null;
}

/** The pictures whose files are kept. */
export async function listOriginals(album: string): Promise<Set<string>> {
  const keys = await (await database()).getAllKeys('originals', ownKeys(album));
  return new Set(keys.map(([, id]) => id));
}

/** Everything that is kept of an album, to bring it back after it was deleted. */
export interface KeptAlbum {
  record: AlbumRecord;
  pictures: Picture[];
  thumbnails: Map<string, Blob>;
  originals: Map<string, Blob>;
}

export async function readAlbum(record: AlbumRecord): Promise<KeptAlbum> {
  const { id } = record;
  const [pictures, thumbnails, originals] = await Promise.all([
    readPictures(id),
    readThumbnails(id),
    database().then(async (db) => byId(await db.getAll('originals', ownKeys(id)))),
  ]);
  return { record, pictures, thumbnails, originals };
}

export async function bringBackAlbum({ record, pictures, thumbnails, originals }: KeptAlbum): Promise<void> {
  await keepPictures(record.id, [], pictures);
  for (const [id, blob] of thumbnails) await keepThumbnail(record.id, id, blob);
  await keepOriginals(
    record.id,
    [...originals].map(([id, file]) => ({ id, file })),
  );
  await keepAlbum(record);
}

/** Deletes what is kept of pictures that are no longer in their album. */
export async function sweepAlbum(album: string, pictures: readonly Picture[]): Promise<void> {
  const ids = new Set(pictures.map(({ id }) => id));
  const tx = (await database()).transaction(['thumbnails', 'originals'], 'readwrite');
  const sweep = async (name: 'thumbnails' | 'originals'): Promise<void> => {
    const store = tx.objectStore(name);
    const keys = await store.getAllKeys(ownKeys(album));
    await Promise.all(keys.filter(([, id]) => !ids.has(id)).map((key) => store.delete(key)));
  };
  await Promise.all([sweep('thumbnails'), sweep('originals'), tx.done]);
}

/** Deletes albums with all that is kept of their pictures. */
export async function deleteAlbums(ids: readonly string[]): Promise<void> {
  const tx = (await database()).transaction(['albums', 'pictures', 'thumbnails', 'originals'], 'readwrite');
  await Promise.all([
    ...ids.flatMap((id) => [
      tx.objectStore('albums').delete(id),
      ...(['pictures', 'thumbnails', 'originals'] as const).map((store) => tx.objectStore(store).delete(ownKeys(id))),
    ]),
    tx.done,
  ]);
}

const byId = (kept: KeptBlob[]): Map<string, Blob> => new Map(kept.map(({ id, blob }) => [id, blob]));

/** The range of the keys that begin with an album's id: an array is greater than every string. */
const ownKeys = (album: string): IDBKeyRange => IDBKeyRange.bound([album], [album, []]);
