import { useEffect, useState } from 'react';
import { changeRules, switchSource } from '../../client/networkRules.ts';
import { readRules } from '../../library/network.ts';
import type { SourceId } from '../../protocol/hosts.ts';
import { DEFAULT_RULES, type NetworkRules } from '../../protocol/network.ts';

export interface Rules {
  rules: NetworkRules;
  /** These resolve when the service worker keeps to it. */
  setLock: (lock: NetworkRules['lock']) => Promise<void>;
  setSource: (id: SourceId, on: boolean) => Promise<void>;
}

/** What may be asked of the network, and the means to change it. */
export function useRules(): Rules {
  const [rules, setRules] = useState(DEFAULT_RULES);
  useEffect(() => {
    readRules().then(setRules, () => undefined);
  }, []);
  return {
    rules,
    setLock: async (lock) => setRules(await changeRules({ lock })),
    setSource: async (id, on) => setRules(await switchSource(id, on)),
  };
}
