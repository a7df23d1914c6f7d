import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import type { AlbumRecord, KeptBlob, StoredPicture } from './pictureTypes.ts';
import type { RecordingChunk, StoredLine, TranscriptRecord } from './transcriptTypes.ts';

/** One finished translation, as the reader left it. `at` is milliseconds since 1970. */
export interface HistoryEntry {
  id: string;
  at: number;
  from: string;
  to: string;
  source: string;
  target: string;
}

/** A glossary entry: in translations from `from` to `to`, `source` becomes `target`. */
export interface Term {
  id: string;
  from: string;
  to: string;
  source: string;
  target: string;
}

interface Schema extends DBSchema {
  history: { key: string; value: HistoryEntry; indexes: { at: number } };
  glossary: { key: string; value: Term };
  transcripts: { key: string; value: TranscriptRecord; indexes: { at: number } };
  /** By transcript and line, so that a growing transcript writes what is new and not all of it again. */
  lines: { key: [transcript: string, line: string]; value: StoredLine };
  recordings: { key: [transcript: string, number: number]; value: RecordingChunk };
  albums: { key: string; value: AlbumRecord; indexes: { at: number } };
  /** By album and picture. Their bytes lie apart, so that a changed text writes no picture again. */
  pictures: { key: [album: string, picture: string]; value: StoredPicture };
  thumbnails: { key: [album: string, picture: string]; value: KeptBlob };
  originals: { key: [album: string, picture: string]; value: KeptBlob };
  /** Single values: the draft and the settings. Read back with a check, because an older version may have written them. */
  values: { key: string; value: unknown };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;
let isClosed = false;

/** The reader's library on this device. Opens once; a failed opening is not remembered, so that a later call can succeed. */
export function database(): Promise<IDBPDatabase<Schema>> {
  if (isClosed) return Promise.reject(new Error('The library was closed, because all of it is being deleted.'));
  opening ??= openDB<Schema>('glossa', 3, {
    upgrade(db, before) {
      if (before < 1) {
        db.createObjectStore('history', { keyPath: 'id' }).createIndex('at', 'at');
        db.createObjectStore('glossary', { keyPath: 'id' });
        db.createObjectStore('values');
      }
      if (before < 2) {
        db.createObjectStore('transcripts', { keyPath: 'id' }).createIndex('at', 'at');
        db.createObjectStore('lines', { keyPath: ['transcript', 'id'] });
        db.createObjectStore('recordings', { keyPath: ['transcript', 'number'] });
      }
      if (before < 3) {
        db.createObjectStore('albums', { keyPath: 'id' }).createIndex('at', 'at');
        for (const store of ['pictures', 'thumbnails', 'originals'] as const) {
          db.createObjectStore(store, { keyPath: ['album', 'id'] });
        }
      }
    },
    blocking(_before, _wanted, event) {
      // A newer Glossa in another tab wants to change the library: it must not wait until this page is closed.
      opening = null;
      if (event.target instanceof IDBDatabase) event.target.close();
    },
    terminated: () => {
      opening = null;
    },
  }).catch((error: unknown) => {
    opening = null;
    throw error;
  });
  return opening;
}

/** Closes the library; nothing opens it again before the page is loaded again. */
export async function closeForGood(): Promise<void> {
  isClosed = true;
  const open = await opening?.catch(() => null);
  opening = null;
  open?.close();
}
