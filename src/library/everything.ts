import { deleteDB } from 'idb';
import { closeForGood, database, type HistoryEntry, type Term } from './database.ts';
import { readDraft } from './draft.ts';
import { listAlbums, readPictures } from './pictures.ts';
import type { AlbumRecord, Picture } from './pictureTypes.ts';
import { listTranscripts, readLines } from './transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from './transcriptTypes.ts';

export interface LibraryExport {
  format: 'glossa-library';
  version: 1;
  history: HistoryEntry[];
  glossary: Term[];
  transcripts: (TranscriptRecord & { lines: TranscriptLine[] })[];
  albums: (AlbumRecord & { pictures: ExportedPicture[] })[];
  draft: unknown;
  settings: unknown;
}

/** A picture's texts, without what only a heat map is drawn of. */
type ExportedPicture = Omit<Picture, 'caption'> & { caption: string | null };

/** All the reader has on this device, as one plain object to save as JSON. Models, recorded sound and pictures are not in it. */
export async function exportLibrary(): Promise<LibraryExport> {
  const db = await database();
  const [history, glossary, records, albumRecords, draft, settings] = await Promise.all([
    db.getAll('history'),
    db.getAll('glossary'),
    listTranscripts(),
    listAlbums(),
    readDraft(),
    db.get('values', 'settings'),
  ]);
  const transcripts = await Promise.all(
    records.map(async (record) => ({ ...record, lines: await readLines(record.id) })),
  );
  const albums = await Promise.all(
    albumRecords.map(async (record) => ({
      ...record,
      pictures: (await readPictures(record.id)).map(({ caption, ...picture }) => ({
        ...picture,
        caption: caption?.text ?? null,
      })),
    })),
  );
  return {
    format: 'glossa-library',
    version: 1,
    history,
    glossary,
    transcripts,
    albums,
    draft,
    settings: settings ?? null,
  };
}

/** Whether the browser lets the page keep anything here: some private windows do not. */
export async function canKeepLibrary(): Promise<boolean> {
  return database().then(
    () => true,
    () => false,
  );
}

/**
 * Deletes every database whose name begins so. From then on this page keeps nothing: what it still wants to write while it
 * is being closed must not bring the library back.
 */
export async function deleteDatabases(prefix: string): Promise<void> {
  await closeForGood();
  const names = (await indexedDB.databases()).map(({ name }) => name ?? '');
  await Promise.all(names.filter((name) => name.startsWith(prefix)).map((name) => deleteDB(name)));
}

const STORES = [
  'history',
  'glossary',
  'transcripts',
  'lines',
  'recordings',
  'albums',
  'pictures',
  'thumbnails',
  'originals',
  'values',
] as const;

/** Deletes everything that the reader made or gave. Models stay: they hold nothing of the reader's. */
export async function deleteLibrary(): Promise<void> {
  const tx = (await database()).transaction(STORES, 'readwrite');
  await Promise.all([...STORES.map((store) => tx.objectStore(store).clear()), tx.done]);
}
