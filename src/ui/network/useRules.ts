import { useCallback, useEffect, useState } from 'react';
import { keepRules, readRules } from '../../library/network.ts';
import { DEFAULT_RULES, type NetworkRules, type PageMessage } from '../../protocol/network.ts';

/** What the service worker lets through, and a way to change it: resolves when the service worker keeps to it. */
export function useRules(): { rules: NetworkRules; change: (patch: Partial<NetworkRules>) => Promise<void> } {
  const [rules, setRules] = useState(DEFAULT_RULES);
  useEffect(() => {
    readRules().then(setRules, () => undefined);
  }, []);
  const change = useCallback(
    async (patch: Partial<NetworkRules>) => {
      const next = { ...rules, ...patch };
      await keepRules(next);
      await haveRulesRead();
      setRules(next);
    },
    [rules],
  );
  return { rules, change };
}

/** Whether this page's requests go by the service worker: the lock is its work. */
export const isGuarded = (): boolean => 'serviceWorker' in navigator && navigator.serviceWorker.controller !== null;

async function haveRulesRead(): Promise<void> {
  if (!isGuarded()) return;
  const { port1, port2 } = new MessageChannel();
  const read = new Promise((resolve) => (port1.onmessage = resolve));
  navigator.serviceWorker.controller?.postMessage('rules-changed' satisfies PageMessage, [port2]);
  await read;
}
