import { useSyncExternalStore } from 'react';
import { useGlossa } from '../useTask.ts';
import { type GettingReady, gettingReadyOf, type Readying } from './gettingReady.ts';
import { type Install, type Installs, installsOf } from './installs.ts';

/** What is being fetched, whoever began it, and the means to fetch and to pause. */
export function useInstalls(): { installs: Installs; shown: ReadonlyMap<string, Install> } {
  const installs = installsOf(useGlossa());
  return { installs, shown: useSyncExternalStore(installs.subscribe, installs.shown) };
}

/** How far getting ready for offline is, and the means to begin and to pause it. */
export function useGettingReady(): { getting: GettingReady; readying: Readying } {
  const getting = gettingReadyOf(useGlossa());
  return { getting, readying: useSyncExternalStore(getting.subscribe, getting.shown) };
}
