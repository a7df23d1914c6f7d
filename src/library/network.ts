import { type DBSchema, type IDBPDatabase, openDB } from 'idb';
import { SOURCE_IDS } from '../protocol/hosts.ts';
import { DEFAULT_RULES, type NetworkRules, type RequestRecord } from '../protocol/network.ts';

/** What the oldest requests came to that the log no longer holds. */
export interface Forgotten {
  count: number;
  bytes: number;
}

interface Schema extends DBSchema {
  requests: { key: number; value: RequestRecord };
  values: { key: string; value: unknown };
}

/** So many are kept; when there are more, the oldest go, several at once, and are only counted. */
export const MOST_REQUESTS = 3000;
const CLEARED_AT_ONCE = 300;

let opening: Promise<IDBPDatabase<Schema>> | null = null;

/** Apart from the reader's library: the service worker writes here, and must never hold up a change of the library's form. */
function database(): Promise<IDBPDatabase<Schema>> {
  opening ??= openDB<Schema>('glossa-network', 1, {
    upgrade(db) {
      db.createObjectStore('requests', { autoIncrement: true });
      db.createObjectStore('values');
    },
    blocking(_before, _wanted, event) {
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

/** Adds to the log; the oldest go where it grows too long. */
export async function addRequests(records: readonly RequestRecord[]): Promise<void> {
  const tx = (await database()).transaction(['requests', 'values'], 'readwrite');
  const requests = tx.objectStore('requests');
  for (const record of records) void requests.add(record);
  const surplus = (await requests.count()) - MOST_REQUESTS;
  if (surplus > 0) {
    const values = tx.objectStore('values');
    const { count, bytes } = toForgotten(await values.get('forgotten'));
    const forgotten = { count, bytes };
    let cursor = await requests.openCursor();
    for (let left = surplus + CLEARED_AT_ONCE; cursor && left > 0; left--) {
      forgotten.count++;
      forgotten.bytes += cursor.value.by === 'network' ? (cursor.value.bytes ?? 0) : 0;
      await cursor.delete();
      cursor = await cursor.continue();
    }
    await values.put(forgotten, 'forgotten');
  }
  await tx.done;
}

/** The log, oldest first, and what it no longer holds. */
export async function readRequests(): Promise<{ records: RequestRecord[]; forgotten: Forgotten }> {
  const tx = (await database()).transaction(['requests', 'values']);
  const [records, forgotten] = await Promise.all([
    tx.objectStore('requests').getAll(),
    tx.objectStore('values').get('forgotten'),
  ]);
  return { records, forgotten: toForgotten(forgotten) };
}

export async function clearRequests(): Promise<void> {
  const tx = (await database()).transaction(['requests', 'values'], 'readwrite');
  await Promise.all([tx.objectStore('requests').clear(), tx.objectStore('values').delete('forgotten'), tx.done]);
}

/** The reader's rules; whatever is missing or unknown has its default. */
export async function readRules(): Promise<NetworkRules> {
  const kept: unknown = await (await database()).get('values', 'rules');
  const { lock, sources } = fields(kept);
  return {
    lock: (['open', 'site', 'none'] as const).find((choice) => choice === lock) ?? DEFAULT_RULES.lock,
    sources: Array.isArray(sources) ? SOURCE_IDS.filter((id) => sources.includes(id)) : DEFAULT_RULES.sources,
  };
}

export async function keepRules(rules: NetworkRules): Promise<void> {
  await (await database()).put('values', rules, 'rules');
}

function toForgotten(value: unknown): Forgotten {
  const { count, bytes } = fields(value);
  return { count: typeof count === 'number' ? count : 0, bytes: typeof bytes === 'number' ? bytes : 0 };
}

const fields = (value: unknown): Record<string, unknown> =>
  typeof value === 'object' && value !== null ? { ...value } : {};
