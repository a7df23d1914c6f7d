import { keepRules, readRules } from '../library/network.ts';
import type { SourceId } from '../protocol/hosts.ts';
import type { NetworkRules, PageMessage } from '../protocol/network.ts';

/** Whether this page's requests go by the service worker: the lock is its work. */
export const isGuarded = (): boolean => 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;

/** Changes what may be asked of the network; resolves when the service worker keeps to it. Rejects where the device keeps nothing. */
export async function changeRules(patch: Partial<NetworkRules>): Promise<NetworkRules> {
  const rules = { ...(await readRules()), ...patch };
  await keepRules(rules);
  await haveRulesRead();
  return rules;
}

/** Lets a source be asked, or no more. */
export async function switchSource(id: SourceId, on: boolean): Promise<NetworkRules> {
  const others = (await readRules()).sources.filter((source) => source !== id);
  return changeRules({ sources: on ? [...others, id] : others });
}

async function haveRulesRead(): Promise<void> {
  if (!isGuarded()) return;
  const { port1, port2 } = new MessageChannel();
  const read = new Promise((resolve) => (port1.onmessage = resolve));
  navigator.serviceWorker.controller?.postMessage('rules-changed' satisfies PageMessage, [port2]);
  await read;
}
