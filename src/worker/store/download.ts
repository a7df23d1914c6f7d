import { isGzip } from '../../formats/archives/gunzip.ts';
import { abortedError, EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { ModelCache } from './cache.ts';
import { CorruptPart } from './unpack.ts';

/** How much of a download is kept at a time: what a closed tab loses at most. */
const PIECE_BYTES = 2 * 2 ** 20;

/** Where nobody says how long a file is: more than this no browser could work with. */
const MOST_BYTES = 4 * 2 ** 30;

/** A piece is kept with how long the whole is, where the server said so. */
const TOTAL = 'glossa-total';

/** A file that is to be fetched. */
export interface Wanted {
  /** As sentences call it. */
  file: string;
  /** The keys of its pieces in the cache begin with this. */
  pieces: string;
  /** Its length as it lies on the server; null: its answer says. */
  packedBytes: number | null;
  /** Whether it lies there gzipped: some hosts unpack such files on the way. */
  gzip: boolean;
  /** The length of what is in the gzip; null where nobody says. */
  unpackedBytes: number | null;
  /** Asks for it, with a range in the headers where some of it is here. Rejects with what the reader is to be told. */
  ask: (headers: Record<string, string>) => Promise<Response>;
  /** Looks at the first bytes that come, and throws where they are not those of such a file. */
  look?: (first: Bytes) => void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Pieces of a download, in order from its first byte. */
interface Begun {
  pieces: Bytes[];
  length: number;
  /** The length of the whole. */
  total: number | null;
  /** The server's name for this version of the file: the rest is only asked for if it is still the same. */
  tag: string | null;
}

/** A file that the server has begun to send, or that is here already. */
export interface Opened {
  /** Its length as it is sent; null where the server does not say. */
  totalBytes: number | null;
  /** What is here of it from an earlier try. */
  fetchedBytes: number;
  /** The rest of it; null: all is here. */
  response: Response | null;
  begun: Begun;
}

interface ReceiveOptions {
  signal: AbortSignal;
  /** The packed bytes that are here, those of an earlier try included. May fall when a server cannot resume. */
  onBytes: (bytes: number) => void;
}

/**
 * Fetches a file as the server sends it, going on where an earlier try was interrupted. The bytes are unchecked; what was
 * fetched stays in the cache until `forgetDownload`.
 * @throws EngineError aborted, download-failed, quota-exceeded, model-corrupt (longer than it should be), and what `ask` rejects with
 */
export async function download(wanted: Wanted, cache: ModelCache, options: ReceiveOptions): Promise<Bytes> {
  return receive(wanted, await openDownload(wanted, cache), cache, options);
}

/** Asks for what is not here of a file. Its body has to be received, or cancelled. Throws as `download` does. */
export async function openDownload(wanted: Wanted, cache: ModelCache): Promise<Opened> {
  const kept = await keptPieces(wanted, cache);
  const known = wanted.packedBytes ?? kept.total;
  if (known !== null && kept.length >= known) {
    return { totalBytes: known, fetchedBytes: kept.length, response: null, begun: kept };
  }
  const response = await request(wanted, kept, known);
  if (response.status === 206) {
    const total = known ?? kept.length + (lengthOf(response) ?? 0);
    return { totalBytes: total, fetchedBytes: kept.length, response, begun: { ...kept, total } };
  }
  await forgetDownload(wanted.pieces, cache);
  const total = wanted.packedBytes ?? lengthOf(response);
  return {
    totalBytes: total,
    fetchedBytes: 0,
    response,
    begun: { pieces: [], length: 0, total, tag: version(response) },
  };
}

/** Drops the pieces of a download: it is complete, or not worth going on with. */
export async function forgetDownload(pieces: string, cache: ModelCache): Promise<void> {
  const offsets = await cache.keys(pieces);
  await Promise.all(offsets.map((offset) => cache.delete(pieces + offset)));
}

/** How many bytes of a file an interrupted download has left behind. */
export async function begunBytes(pieces: string, cache: ModelCache): Promise<number> {
  let length = 0;
  for (let piece; (piece = await cache.storedLength(`${pieces}${length}`));) length += piece;
  return length;
}

async function keptPieces({ pieces }: Wanted, cache: ModelCache): Promise<Begun> {
  const begun: Begun = { pieces: [], length: 0, total: null, tag: null };
  for (let piece; (piece = await cache.read(`${pieces}${begun.length}`));) {
    if (piece.bytes.length === 0) break;
    begun.pieces.push(piece.bytes);
    begun.length += piece.bytes.length;
    begun.tag = piece.headers.get('etag');
    begun.total = Number(piece.headers.get(TOTAL)) || null;
  }
  return begun;
}

/** A weak tag must not be used to ask for a range; without any, the checksum tells a file that changed meanwhile. */
function version({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag?.startsWith('"') ? tag : headers.get('last-modified');
}

/** What is still to be sent, where the server says so. */
function lengthOf({ headers }: Response): number | null {
  const length = headers.get('content-length');
  return length !== null && /^\d{1,15}$/.test(length) ? Number(length) : null;
}

/** The response that holds the rest of a file (206) or the whole of it (200). */
async function request(wanted: Wanted, begun: Begun, total: number | null): Promise<Response> {
  const range = begun.length > 0 && { Range: `bytes=${begun.length}-`, ...(begun.tag && { 'If-Range': begun.tag }) };
  const response = await wanted.ask({ ...range });
  if (response.status === 200 || (response.status === 206 && isRest(response, begun, total))) return response;
  if (range) {
    void response.body?.cancel();
    return request(wanted, { pieces: [], length: 0, total: null, tag: null }, wanted.packedBytes);
  }
  throw new EngineError(
    'download-failed',
    `The model's file "${wanted.file}" could not be fetched: the server answered ${response.status}. Try again later.`,
  );
}

/** Whether a response goes on where the pieces end. Another site need not show which range it sends: then the length tells. */
function isRest(response: Response, begun: Begun, total: number | null): boolean {
  const tag = version(response);
  if (begun.tag !== null && tag !== null && tag !== begun.tag) return false;
  const range = response.headers.get('content-range');
  if (range !== null) return range.startsWith(`bytes ${begun.length}-`);
  return total !== null && lengthOf(response) === total - begun.length;
}

/** The error of a connection that ended on the way. */
export function interrupted(file: string, signal: AbortSignal, cause: unknown): EngineError {
  if (signal.aborted) return abortedError();
  const message = `The connection failed while the model's file "${file}" was fetched. What is here was kept: try again to go on.`;
  return new EngineError('download-failed', message, { cause });
}

/** Reads the response onto what is there. However it ends, what came is kept. Throws as `download` does. */
export async function receive(
  wanted: Wanted,
  { response, totalBytes, begun }: Opened,
  cache: ModelCache,
  { signal, onBytes }: ReceiveOptions,
): Promise<Bytes> {
  if (!response) return joined(begun.pieces);
  const { file, gzip, unpackedBytes } = wanted;
  const reader = response.body?.getReader();
  if (!reader) throw interrupted(file, signal, new Error('The response has no body.'));
  let unsaved: Bytes[] = [];
  let savedLength = begun.length;
  let packed = !gzip || begun.length > 0;
  const headers = {
    ...(begun.tag && { etag: begun.tag }),
    ...(totalBytes !== null && { [TOTAL]: String(totalBytes) }),
  };

  async function save(): Promise<void> {
    const piece = joined(unsaved);
    unsaved = [];
    if (!packed || piece.length === 0) return;
    await cache.put(`${wanted.pieces}${savedLength}`, piece, headers);
    savedLength += piece.length;
  }

  const sent = (): number => {
    if (packed || totalBytes === null || unpackedBytes === null) return begun.length;
    return Math.floor((begun.length / unpackedBytes) * totalBytes);
  };

  try {
    for (;;) {
      const { done, value } = await reader
        .read()
        .catch((cause: unknown) => Promise.reject(interrupted(file, signal, cause)));
      throwIfAborted(signal);
      if (done) break;
      if (begun.length === 0) wanted.look?.(value);
      if (gzip && begun.length === 0) packed = isGzip(value);
      begun.pieces.push(value);
      begun.length += value.length;
      unsaved.push(value);
      const most = (packed ? totalBytes : unpackedBytes) ?? MOST_BYTES;
      if (begun.length > most) throw new CorruptPart(wanted, `it is longer than ${most} bytes`);
      onBytes(sent());
      if (begun.length - savedLength >= PIECE_BYTES) await save();
    }
    if (packed && totalBytes !== null && begun.length < totalBytes)
      throw interrupted(file, signal, new Error('The response ended early.'));
  } catch (error) {
    await save().catch(() => undefined);
    void reader.cancel().catch(() => undefined);
    throw error;
  }
  return joined(begun.pieces);
}

function joined(pieces: Bytes[]): Bytes {
  const whole = new Uint8Array(pieces.reduce((length, piece) => length + piece.length, 0));
  let at = 0;
  for (const piece of pieces) {
    whole.set(piece, at);
    at += piece.length;
  }
  return whole;
}
