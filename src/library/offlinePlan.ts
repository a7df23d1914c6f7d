import { database } from './database.ts';

/** What the reader wants to have without a network. */
export interface OfflinePlan {
  /** Ids. */
  models: string[];
  /** Whether it is still to be got: a page that is loaded again goes on. */
  wanted: boolean;
}

const isPlan = (value: unknown): value is OfflinePlan =>
  typeof value === 'object' &&
  value !== null &&
  'models' in value &&
  Array.isArray(value.models) &&
  value.models.every((id) => typeof id === 'string') &&
  'wanted' in value &&
  typeof value.wanted === 'boolean';

/** Null where nothing was chosen yet. */
export async function readOfflinePlan(): Promise<OfflinePlan | null> {
  const value: unknown = await (await database()).get('values', 'offlinePlan');
  return isPlan(value) ? value : null;
}

export async function keepOfflinePlan(plan: OfflinePlan): Promise<void> {
  await (await database()).put('values', plan, 'offlinePlan');
}
