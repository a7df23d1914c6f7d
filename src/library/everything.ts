import { database, type HistoryEntry, type Term } from './database.ts';

export interface LibraryExport {
  format: 'glossa-library';
  version: 1;
  history: HistoryEntry[];
  glossary: Term[];
  draft: unknown;
  settings: unknown;
}

/** All the reader has on this device, as one plain object to save as JSON. Models are not in it. */
export async function exportLibrary(): Promise<LibraryExport> {
  const db = await database();
  const [history, glossary, draft, settings] = await Promise.all([
    db.getAll('history'),
    db.getAll('glossary'),
    db.get('values', 'draft'),
    db.get('values', 'settings'),
  ]);
  return { format: 'glossa-library', version: 1, history, glossary, draft: draft ?? null, settings: settings ?? null };
}

/** Deletes history, glossary, draft and settings. Models stay: they hold nothing of the reader's. */
export async function deleteLibrary(): Promise<void> {
  const tx = (await database()).transaction(['history', 'glossary', 'values'], 'readwrite');
  await Promise.all([
    tx.objectStore('history').clear(),
    tx.objectStore('glossary').clear(),
    tx.objectStore('values').clear(),
    tx.done,
  ]);
}
