import { useCallback, useEffect, useMemo, useState } from 'react';
import { clearRequests, type Forgotten, readRequests } from '../../library/network.ts';
import type { RequestRecord } from '../../protocol/network.ts';
import { joinRequests } from './requestGroups.ts';
import { useRequests } from './useRequests.ts';

/** The service worker writes a little after a request; requests of workers tell the page nothing. */
const LOOK_MS = 1500;

export interface RequestLog {
  /** Oldest first. */
  records: RequestRecord[];
  forgotten: Forgotten;
  /** Rejects where the device keeps nothing. */
  clear: () => Promise<void>;
}

/** Every request that is known of: the service worker's log, and what the page saw besides it. Grows while it is looked at. */
export function useRequestLog(): RequestLog {
  const seen = useRequests();
  const [log, setLog] = useState<Awaited<ReturnType<typeof readRequests>>>({
    records: [],
    forgotten: { count: 0, bytes: 0 },
  });
  const [clearedAt, setClearedAt] = useState(0);
  const read = useCallback(
    () =>
      readRequests().then(
        (next) => setLog((before) => (isSame(before.records, next.records) ? before : next)),
        () => undefined,
      ),
    [],
  );
  useEffect(() => {
    void read();
    const timer = setInterval(() => void read(), LOOK_MS);
    return () => clearInterval(timer);
  }, [read]);
  const records = useMemo(
    () =>
      joinRequests(
        log.records,
        seen.filter(({ at }) => at > clearedAt),
        new URL('./', document.baseURI).href,
      ),
    [log, seen, clearedAt],
  );
  const clear = useCallback(async () => {
    await clearRequests();
    setClearedAt(Date.now());
    await read();
  }, [read]);
  return { records, forgotten: log.forgotten, clear };
}

const isSame = (a: readonly RequestRecord[], b: readonly RequestRecord[]): boolean =>
  a.length === b.length && a.at(-1)?.at === b.at(-1)?.at && a[0]?.at === b[0]?.at;
