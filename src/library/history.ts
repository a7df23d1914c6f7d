import { database, type HistoryEntry } from './database.ts';

/** More than anybody scrolls through, and little enough to search in memory. */
const LIMIT = 1000;

/** Writes or replaces an entry; the oldest go when there are more than a thousand. */
export async function keepInHistory(entry: HistoryEntry): Promise<void> {
  const db = await database();
  const tx = db.transaction('history', 'readwrite');
  await tx.store.put(entry);
  let excess = (await tx.store.count()) - LIMIT;
  for (let cursor = await tx.store.index('at').openCursor(); cursor && excess > 0; cursor = await cursor.continue()) {
    await cursor.delete();
    excess--;
  }
  await tx.done;
}

/** All entries, newest first. */
export async function listHistory(): Promise<HistoryEntry[]> {
  return (await (await database()).getAllFromIndex('history', 'at')).reverse();
}

export async function deleteFromHistory(id: string): Promise<void> {
  await (await database()).delete('history', id);
}

export async function clearHistory(): Promise<void> {
  await (await database()).clear('history');
}

/** The entries that hold every word of the query in their source or target, whatever its case or accents. */
export function searchHistory(entries: HistoryEntry[], query: string): HistoryEntry[] {
  const words = fold(query).split(/\s+/).filter(Boolean);
  if (words.length === 0) return entries;
  return entries.filter((entry) => {
    const text = fold(`${entry.source}\n${entry.target}`);
    return words.every((word) => text.includes(word));
  });
}

function fold(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
