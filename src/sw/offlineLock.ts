import { readRules } from '../library/network.ts';
import { DEFAULT_RULES, type NetworkRules } from '../protocol/network.ts';

let known: Promise<NetworkRules> | null = null;

/** The reader's rules, read once. Where the device keeps nothing, the reader can have set none. */
export function currentRules(): Promise<NetworkRules> {
  known ??= readRules().catch(() => DEFAULT_RULES);
  return known;
}

/** Has them read again: the reader has changed them. */
export async function rereadRules(): Promise<void> {
  known = null;
  await currentRules();
}
