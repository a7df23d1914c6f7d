import type { Alternative, SummaryLength } from '../protocol/types.ts';
import { database } from './database.ts';

/** What is on the desk: kept at every change, so that a reload or a crash loses nothing typed. */
export interface Draft {
  source: string;
  /** BCP-47 tag or `auto`. */
  from: string;
  to: string;
  /** The wording chosen for a source sentence instead of the engine's own. */
  picks: Record<string, Alternative>;
  /** What is to be summarised; absent before anything was. */
  summary?: SummaryDraft;
}

export interface SummaryDraft {
  text: string;
  length: SummaryLength;
}

export const EMPTY_SUMMARY_DRAFT: SummaryDraft = { text: '', length: 'medium' };

interface KeptDraft {
  draft: Draft;
  /** Milliseconds since 1970. */
  at: number;
}

/** Every tab has a desk of its own; those of so many tabs are kept, the last changed ones. */
const MOST_DRAFTS = 8;
const PREFIX = 'draft/';
const allDrafts = (): IDBKeyRange => IDBKeyRange.bound(PREFIX, `${PREFIX}\uffff`);

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

const isKeptDraft = (value: unknown): value is KeptDraft =>
  typeof value === 'object' &&
  value !== null &&
  'at' in value &&
  typeof value.at === 'number' &&
  'draft' in value &&
  isDraft(value.draft);

/** This tab's draft, or, in a new one, that which was changed last; null where there is none or it cannot be read. */
export async function readDraft(): Promise<Draft | null> {
  const db = await database();
  const own = await db.get('values', PREFIX + tab());
  if (isKeptDraft(own)) return own.draft;
  const [latest] = (await db.getAll('values', allDrafts())).filter(isKeptDraft).sort((a, b) => b.at - a.at);
  return latest?.draft ?? null;
}

export async function keepDraft(draft: Draft): Promise<void> {
  const own = PREFIX + tab();
  const tx = (await database()).transaction('values', 'readwrite');
  const kept = tx.store.put({ draft, at: Date.now() } satisfies KeptDraft, own);
  // Without it the browser waits for the page before it commits, and a page that is being left does not answer.
  tx.commit();
  await Promise.all([kept, tx.done]);
  if (counted !== own) await forgetOldest();
  counted = own;
}

/** The tab that the number of drafts was looked at for. */
let counted = '';

async function forgetOldest(): Promise<void> {
  const tx = (await database()).transaction('values', 'readwrite');
  const [keys, values] = await Promise.all([tx.store.getAllKeys(allDrafts()), tx.store.getAll(allDrafts())]);
  const changed = keys.map((key, i) => {
    const value = values[i];
    return { key, at: isKeptDraft(value) ? value.at : 0 };
  });
  changed.sort((a, b) => b.at - a.at);
  for (const { key } of changed.slice(MOST_DRAFTS)) await tx.store.delete(key);
  await tx.done;
}

let memory: string | undefined;

/** Names this tab; the same after a reload. */
function tab(): string {
  try {
    let name = sessionStorage.getItem('glossa-tab');
    if (name === null) sessionStorage.setItem('glossa-tab', (name = crypto.randomUUID()));
    return name;
  } catch {
    // Without storage of its own a tab is new after a reload, and opens the last draft.
    return (memory ??= crypto.randomUUID());
  }
}
