import { readRules } from '../library/network.ts';
import { DEFAULT_RULES, type NetworkRules } from '../protocol/network.ts';

/**
 * Whether a request may go to the network.
 * @param origin - the app's own
 */
export function mayLeave(url: string, origin: string, { lock, hosts }: NetworkRules): boolean {
  if (lock === 'none') return false;
  const asked = new URL(url).origin;
  return asked === origin || (lock === 'open' && hosts.includes(asked));
}

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
