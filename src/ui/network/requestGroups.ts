import type { SourceId } from '../../protocol/hosts.ts';
import {
  type AnsweredBy,
  type Purpose,
  purposeOf,
  type RequestRecord,
  withoutContent,
} from '../../protocol/network.ts';
import type { RequestSeen } from './useRequests.ts';

/** What the list shows. */
export type RequestFilter = 'all' | 'network' | 'device' | 'refused';

const SHOWN: Record<RequestFilter, readonly AnsweredBy[]> = {
  all: ['network', 'device', 'failed', 'refused'],
  network: ['network'],
  device: ['device'],
  refused: ['failed', 'refused'],
};

/** Requests that were for the same thing, newest first. */
export interface RequestGroup {
  purpose: Purpose;
  model: string | null;
  source: SourceId | null;
  records: RequestRecord[];
  /** What came over the network, as far as it is known. */
  bytes: number;
}

const ORDER: readonly Purpose[] = [
  'elsewhere',
  'source',
  'model',
  'models',
  'runtime',
  'example',
  'page',
  'shell',
  'other',
];

/**
 * The service worker's log and what of this page's own requests it did not see, oldest first.
 * @param base - where the app lies, with a slash at its end
 */
export function joinRequests(
  logged: readonly RequestRecord[],
  seen: readonly RequestSeen[],
  base: string,
): RequestRecord[] {
  const others = seen
    .filter((request) => !request.logged)
    .map(({ url, at, sameSite, bytes }): RequestRecord => {
      // Another site need not tell a page how much it sent.
      const unknown = !sameSite && bytes === 0;
      return {
        at,
        url: withoutContent(url),
        ...purposeOf(url, base),
        by: bytes > 0 || unknown ? 'network' : 'device',
        bytes: unknown ? null : bytes,
        client: 'page',
      };
    });
  return [...logged, ...others].sort((a, b) => a.at - b.at);
}

/** The requests by what they were for, what matters most first. */
export function groupRequests(records: readonly RequestRecord[], filter: RequestFilter): RequestGroup[] {
  const groups = new Map<string, RequestGroup>();
  for (const record of records) {
    if (!SHOWN[filter].includes(record.by)) continue;
    const { purpose, model = null, source = null } = record;
    const key = `${purpose}/${model ?? source ?? ''}`;
    const group = groups.get(key) ?? { purpose, model, source, records: [], bytes: 0 };
    group.records.unshift(record);
    group.bytes += networkBytes(record);
    groups.set(key, group);
  }
  const rank = ({ purpose }: RequestGroup): number => ORDER.indexOf(purpose);
  return [...groups.values()].sort((a, b) => rank(a) - rank(b) || (a.model ?? '').localeCompare(b.model ?? ''));
}

/** What came over the network for a request, as far as it is known. */
export const networkBytes = ({ by, bytes }: RequestRecord): number => (by === 'network' ? (bytes ?? 0) : 0);
