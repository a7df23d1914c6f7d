import { abortedError, EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { ManifestPart } from '../../protocol/manifest.ts';
import type { ModelCache } from './cache.ts';
import { CorruptPart, isGzip } from './unpack.ts';

/** How much of a download is kept at a time: what a closed tab loses at most. */
const PIECE_BYTES = 2 * 2 ** 20;

interface DownloadOptions {
  signal: AbortSignal;
  /** The packed bytes that are here, those of an earlier try included. May fall when a server cannot resume. */
  onBytes: (bytes: number) => void;
}

type Bytes = Uint8Array<ArrayBuffer>;

/** Pieces of a download, in order from its first byte. */
interface Begun {
  pieces: Bytes[];
  length: number;
  /** The server's name for this version of the file: the rest is only asked for if it is still the same. */
  tag: string | null;
}

/**
 * Fetches a part as the server sends it, going on where an earlier try was interrupted. The bytes are unchecked; what was
 * fetched stays in the cache until `forgetDownload`.
 * @throws EngineError aborted, download-failed, quota-exceeded or model-corrupt (longer than the manifest says)
 */
export async function download(
  part: ManifestPart,
  url: URL,
  cache: ModelCache,
  options: DownloadOptions,
): Promise<Bytes> {
  let begun = await keptPieces(part, cache);
  if (begun.length < part.packedBytes) {
    const response = await request(part, url, begun, cache, options.signal);
    if (response.status !== 206) {
      await forgetDownload(part, cache);
      begun = { pieces: [], length: 0, tag: version(response) };
    }
    await receive(part, response, begun, cache, options);
  }
  return joined(begun.pieces);
}

/** Drops the pieces of a download: it is complete, or not worth going on with. */
export async function forgetDownload(part: ManifestPart, cache: ModelCache): Promise<void> {
  const offsets = await cache.keys(prefix(part));
  await Promise.all(offsets.map((offset) => cache.delete(prefix(part) + offset)));
}

/** How many bytes of a part an interrupted download has left behind. */
export async function begunBytes(part: ManifestPart, cache: ModelCache): Promise<number> {
  let length = 0;
  for (let piece; (piece = await cache.storedLength(`${prefix(part)}${length}`));) length += piece;
  return length;
}

function prefix(part: ManifestPart): string {
  return `partial/${part.packedSha256}/`;
}

async function keptPieces(part: ManifestPart, cache: ModelCache): Promise<Begun> {
  const begun: Begun = { pieces: [], length: 0, tag: null };
  for (let piece; (piece = await cache.read(`${prefix(part)}${begun.length}`));) {
    if (piece.bytes.length === 0) break;
    begun.pieces.push(piece.bytes);
    begun.length += piece.bytes.length;
    begun.tag = piece.headers.get('etag');
  }
  return begun;
}

/** A weak tag must not be used to ask for a range; without any, the checksum tells a file that changed meanwhile. */
function version({ headers }: Response): string | null {
  const tag = headers.get('etag');
  return tag?.startsWith('"') ? tag : headers.get('last-modified');
}

/** The response that holds the rest of a part (206) or the whole of it (200). */
async function request(
  part: ManifestPart,
  url: URL,
  begun: Begun,
  cache: ModelCache,
  signal: AbortSignal,
): Promise<Response> {
  const range = begun.length > 0 && { Range: `bytes=${begun.length}-`, ...(begun.tag && { 'If-Range': begun.tag }) };
  // The model has a cache of its own: no second copy in the browser's. Without one, the browser's spares another worker
  // the same download.
  const httpCache = cache.lasts ? 'no-store' : 'default';
  const response = await tryFetch(part, url, { headers: { ...range }, cache: httpCache, signal });
  const rest = response.headers.get('content-range')?.startsWith(`bytes ${begun.length}-`);
  if (response.status === 200 || (response.status === 206 && rest)) return response;
  if (range) return request(part, url, { pieces: [], length: 0, tag: null }, cache, signal);
  throw new EngineError(
    'download-failed',
    `The model's file "${part.file}" could not be fetched: the server answered ${response.status}. Try again later.`,
  );
}

async function tryFetch(part: ManifestPart, url: URL, init: RequestInit & { signal: AbortSignal }): Promise<Response> {
  try {
    return await fetch(url, init);
  } catch (cause) {
    throw interrupted(part, init.signal, cause);
  }
}

function interrupted(part: ManifestPart, signal: AbortSignal, cause: unknown): EngineError {
  if (signal.aborted) return abortedError();
  const message = `The connection failed while the model's file "${part.file}" was fetched. What is here was kept: try again to go on.`;
  return new EngineError('download-failed', message, { cause });
}

/** Reads the response onto what is there. However it ends, what came is kept. */
async function receive(
  part: ManifestPart,
  response: Response,
  begun: Begun,
  cache: ModelCache,
  { signal, onBytes }: DownloadOptions,
): Promise<void> {
  const reader = response.body?.getReader();
  if (!reader) throw interrupted(part, signal, new Error('The response has no body.'));
  let unsaved: Bytes[] = [];
  let savedLength = begun.length;
  let packed = begun.length > 0;

  async function save(): Promise<void> {
    const piece = joined(unsaved);
    unsaved = [];
    if (!packed || piece.length === 0) return;
    await cache.put(`${prefix(part)}${savedLength}`, piece, begun.tag ? { etag: begun.tag } : {});
    savedLength += piece.length;
  }

  try {
    for (;;) {
      const { done, value } = await reader
        .read()
        .catch((cause: unknown) => Promise.reject(interrupted(part, signal, cause)));
      throwIfAborted(signal);
      if (done) break;
      if (begun.length === 0) packed = isGzip(value);
      begun.pieces.push(value);
      begun.length += value.length;
      unsaved.push(value);
      const expected = packed ? part.packedBytes : part.unpackedBytes;
      if (begun.length > expected) throw new CorruptPart(part, `it is longer than ${expected} bytes`);
      onBytes(packed ? begun.length : Math.floor((begun.length / part.unpackedBytes) * part.packedBytes));
      if (begun.length - savedLength >= PIECE_BYTES) await save();
    }
    if (packed && begun.length < part.packedBytes)
      throw interrupted(part, signal, new Error('The response ended early.'));
  } catch (error) {
    await save().catch(() => undefined);
    void reader.cancel().catch(() => undefined);
    throw error;
  }
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
