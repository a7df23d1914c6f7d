import { database } from './database.ts';
import type { StoredLine, TranscriptLine, TranscriptRecord } from './transcriptTypes.ts';

/** All transcripts, newest first. */
export async function listTranscripts(): Promise<TranscriptRecord[]> {
  return (await (await database()).getAllFromIndex('transcripts', 'at')).reverse();
}

export async function keepTranscript(record: TranscriptRecord): Promise<void> {
  await (await database()).put('transcripts', record);
}

/** A transcript's lines in the order of their times. */
export async function readLines(transcript: string): Promise<TranscriptLine[]> {
  const stored = await (await database()).getAll('lines', ownKeys(transcript));
  return stored.map(({ transcript: _, ...line }) => line).sort((a, b) => a.startS - b.startS || a.endS - b.endS);
}

/** Writes the lines that are not among those kept `before`, and deletes those that are no more: a write costs what changed. */
export async function keepLines(
  transcript: string,
  before: readonly TranscriptLine[],
  after: readonly TranscriptLine[],
): Promise<void> {
  const unchanged = new Set(before);
  const ids = new Set(after.map(({ id }) => id));
  const changed = after.filter((line) => !unchanged.has(line));
  const gone = before.filter(({ id }) => !ids.has(id));
  if (changed.length === 0 && gone.length === 0) return;
  const tx = (await database()).transaction('lines', 'readwrite');
  await Promise.all([
    ...changed.map((line) => tx.store.put({ ...line, transcript } satisfies StoredLine)),
    ...gone.map(({ id }) => tx.store.delete([transcript, id])),
    tx.done,
  ]);
}

/** Adds the next piece of a recording as soon as there is one, so that a crash loses seconds at most. */
export async function keepRecording(transcript: string, number: number, chunk: Blob): Promise<void> {
  await (await database()).put('recordings', { transcript, number, chunk });
}

/** The recorded sound, or null where none was kept. */
export async function readRecording(transcript: string): Promise<Blob | null> {
  const chunks = await (await database()).getAll('recordings', ownKeys(transcript));
  const first = chunks[0]?.chunk;
  return first
    ? new Blob(
        chunks.map(({ chunk }) => chunk),
        { type: first.type },
      )
    : null;
}

/** Deletes transcripts with their lines and recordings. */
export async function deleteTranscripts(ids: readonly string[]): Promise<void> {
  const tx = (await database()).transaction(['transcripts', 'lines', 'recordings'], 'readwrite');
  await Promise.all([
    ...ids.flatMap((id) => [
      tx.objectStore('transcripts').delete(id),
      tx.objectStore('lines').delete(ownKeys(id)),
      tx.objectStore('recordings').delete(ownKeys(id)),
    ]),
    tx.done,
  ]);
}

/** The range of the keys that begin with a transcript's id: an array is greater than every string and number. */
const ownKeys = (transcript: string): IDBKeyRange => IDBKeyRange.bound([transcript], [transcript, []]);
