import { ModelCache } from './cache.ts';

/** What is remembered of a model besides its files: when it was last run, and when its files were last found sound. */
export type Mark = 'used' | 'verified';

/** A model that is run again and again is marked this often. */
const USE_INTERVAL_MS = 60_000;

const noted = new Map<string, number>();

/** Remembers that something happened to a model just now. A device without room for it does without. */
export async function mark(what: Mark, id: string, cache: ModelCache): Promise<void> {
  await cache.put(`${what}/${id}`, String(Date.now())).catch(() => undefined);
}

/** When it last happened, in milliseconds since 1970. */
export async function markedAt(what: Mark, id: string, cache: ModelCache): Promise<number | undefined> {
  const entry = await cache.read(`${what}/${id}`);
  const at = entry ? Number(new TextDecoder().decode(entry.bytes)) : 0;
  return at > 0 ? at : undefined;
}

export async function forgetMarks(id: string, cache: ModelCache): Promise<void> {
  await Promise.all((['used', 'verified'] as const).map((what) => cache.delete(`${what}/${id}`)));
}

export async function unmark(what: Mark, id: string, cache: ModelCache): Promise<void> {
  await cache.delete(`${what}/${id}`);
}

/** Remembers, about once a minute, that a model is being run. */
export async function noteUse(id: string): Promise<void> {
  const now = performance.now();
  const before = noted.get(id);
  if (before !== undefined && now - before < USE_INTERVAL_MS) return;
  noted.set(id, now);
  await mark('used', id, await ModelCache.open());
}
