import { useSyncExternalStore } from 'react';

export interface RequestSeen {
  url: string;
  /** Milliseconds since 1970. */
  at: number;
  sameSite: boolean;
  /** What came over the network; 0 where the browser's cache answered. */
  bytes: number;
  /** Whether it went by the service worker, which then has it in its log. */
  logged: boolean;
}

/** Every request this page has made since it was opened, as the browser's own record (Resource Timing) has them. */
let seen: RequestSeen[] = [];
const listeners = new Set<() => void>();

function add(entries: PerformanceEntryList): void {
  const fresh = entries.flatMap((entry): RequestSeen[] => {
    if (!(entry instanceof PerformanceResourceTiming) && !(entry instanceof PerformanceNavigationTiming)) return [];
    const url = new URL(entry.name, location.href);
    // blob: and data: are made of what the page already has.
    if (!/^(https?|wss?):$/.test(url.protocol)) return [];
    return [
      {
        url: url.href,
        at: performance.timeOrigin + entry.startTime,
        sameSite: url.host === location.host,
        bytes: entry.transferSize,
        logged: entry.workerStart > 0,
      },
    ];
  });
  if (fresh.length === 0) return;
  seen = [...seen, ...fresh];
  for (const listener of listeners) listener();
}

if (typeof PerformanceObserver !== 'undefined') {
  const observer = new PerformanceObserver((list) => add(list.getEntries()));
  for (const type of ['navigation', 'resource']) observer.observe({ type, buffered: true });
}

const subscribe = (listener: () => void): (() => void) => {
  listeners.add(listener);
  return () => listeners.delete(listener);
};

export const useRequests = (): RequestSeen[] => useSyncExternalStore(subscribe, () => seen);
