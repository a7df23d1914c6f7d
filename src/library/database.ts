import { type DBSchema, type IDBPDatabase, openDB } from 'idb';

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
  /** Single values: the draft and the settings. Read back with a check, because an older version may have written them. */
  values: { key: string; value: unknown };
}

let opening: Promise<IDBPDatabase<Schema>> | null = null;

/** The reader's library on this device. Opens once; a failed opening is not remembered, so that a later call can succeed. */
export function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('glossa', 1, {
    upgrade(db) {
      db.createObjectStore('history', { keyPath: 'id' }).createIndex('at', 'at');
      db.createObjectStore('glossary', { keyPath: 'id' });
      db.createObjectStore('values');
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
