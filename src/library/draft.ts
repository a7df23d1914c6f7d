import type { Alternative } from '../protocol/types.ts';
import { database } from './database.ts';

/** What is on the desk: kept at every change, so that a reload or a crash loses nothing typed. */
export interface Draft {
  source: string;
  /** BCP-47 tag or `auto`. */
  from: string;
  to: string;
  /** The wording chosen for a source sentence instead of the engine's own. */
  picks: Record<string, Alternative>;
}

const isDraft = (value: unknown): value is Draft =>
  typeof value === 'object' &&
  value !== null &&
  'source' in value &&
  typeof value.source === 'string' &&
  'from' in value &&
  typeof value.from === 'string' &&
  'to' in value &&
  typeof value.to === 'string' &&
  'picks' in value &&
  typeof value.picks === 'object' &&
  value.picks !== null;

/** The last draft, or null where there is none or it cannot be read. */
export async function readDraft(): Promise<Draft | null> {
  const value = await (await database()).get('values', 'draft');
  return isDraft(value) ? value : null;
}

export async function keepDraft(draft: Draft): Promise<void> {
  const tx = (await database()).transaction('values', 'readwrite');
  const kept = tx.store.put(draft, 'draft');
  // Without it the browser waits for the page before it commits, and a page that is being left does not answer.
  tx.commit();
  await Promise.all([kept, tx.done]);
}
