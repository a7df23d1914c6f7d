import { database, type HistoryEntry, type Term } from './database.ts';
import { listTranscripts, readLines } from './transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from './transcriptTypes.ts';

export interface LibraryExport {
  format: 'glossa-library';
  version: 1;
  history: HistoryEntry[];
  glossary: Term[];
  transcripts: (TranscriptRecord & { lines: TranscriptLine[] })[];
  draft: unknown;
  settings: unknown;
}

/** All the reader has on this device, as one plain object to save as JSON. Models are not in it, nor is recorded sound. */
export async function exportLibrary(): Promise<LibraryExport> {
  const db = await database();
  const [history, glossary, records, draft, settings] = await Promise.all([
    db.getAll('history'),
    db.getAll('glossary'),
    listTranscripts(),
    db.get('values', 'draft'),
    db.get('values', 'settings'),
  ]);
  const transcripts = await Promise.all(
    records.map(async (record) => ({ ...record, lines: await readLines(record.id) })),
  );
  return {
    format: 'glossa-library',
    version: 1,
    history,
    glossary,
    transcripts,
    draft: draft ?? null,
    settings: settings ?? null,
  };
}

/** Deletes history, glossary, transcripts, recordings, draft and settings. Models stay: they hold nothing of the reader's. */
export async function deleteLibrary(): Promise<void> {
  const stores = ['history', 'glossary', 'transcripts', 'lines', 'recordings', 'values'] as const;
  const tx = (await database()).transaction(stores, 'readwrite');
  await Promise.all([...stores.map((store) => tx.objectStore(store).clear()), tx.done]);
}
