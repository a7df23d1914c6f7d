import { addRequests } from '../library/network.ts';
import { type AnsweredBy, purposeOf, type RequestRecord, withoutContent } from '../protocol/network.ts';

/** Requests come in bursts: those of this long are written together. */
const TOGETHER_MS = 250;

/** An answered request as the log has it. `base` is where the app lies. */
export function describeRequest(
  url: string,
  base: string,
  client: RequestRecord['client'],
  by: AnsweredBy,
  response?: Response,
): RequestRecord {
  const length = response?.headers.get('Content-Length') ?? null;
  const answered = response?.redirected ? new URL(response.url).host : undefined;
  return {
    at: Date.now(),
    url: withoutContent(url),
    ...purposeOf(url, base),
    ...(answered !== undefined && answered !== new URL(url).host && { redirectedTo: answered }),
    by,
    bytes: length !== null && /^\d+$/.test(length) ? Number(length) : null,
    client,
  };
}

let waiting: RequestRecord[] = [];
let writing: Promise<void> | null = null;

/**
 * Keeps a record soon. Resolves when it is written: to be given to `waitUntil`, or the browser may end the service worker
 * before. A device that keeps nothing keeps no log either.
 */
export function logRequest(record: RequestRecord): Promise<void> {
  waiting.push(record);
  writing ??= new Promise((resolve) => setTimeout(resolve, TOGETHER_MS)).then(() => {
    const records = waiting;
    waiting = [];
    writing = null;
    return addRequests(records).catch(() => undefined);
  });
  return writing;
}
