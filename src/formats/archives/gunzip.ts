import { EngineError } from '../../protocol/errors.ts';

/** Of the end of a gzip file: the length of what it holds. */
const LENGTH_BYTES = 4;
/** What DEFLATE can make of a byte: 258 bytes are at least two bits (https://zlib.net/zlib_tech.html). */
export const MOST_TIMES_LARGER = 1032;

export const isGzip = (head: Uint8Array): boolean => head[0] === 0x1f && head[1] === 0x8b;

/** What gzip holds, as it is unpacked. The stream breaks where its checksum or length is wrong. */
export function gunzipped(packed: Blob): ReadableStream<Uint8Array<ArrayBuffer>> {
  return packed.stream().pipeThrough(new DecompressionStream('gzip'));
}

/** How many bytes a gzip file says it holds. @throws EngineError model-corrupt */
export async function gunzippedBytes(name: string, packed: Blob): Promise<number> {
  const end = new DataView(await packed.slice(-LENGTH_BYTES).arrayBuffer());
  if (end.byteLength < LENGTH_BYTES) throw damagedArchive(name, 'it ends too early');
  return checkedLength(name, end.getUint32(0, true), packed.size);
}

/** A length that so many packed bytes can unpack to. @throws EngineError model-corrupt */
export function checkedLength(name: string, bytes: number, packedBytes: number): number {
  if (bytes <= packedBytes * MOST_TIMES_LARGER) return bytes;
  throw damagedArchive(name, `it claims to hold ${bytes} bytes, which cannot be`);
}

/**
 * Reads a stream of a known length.
 * @param name - the file's, for messages
 * @param sizeBytes - of all it gives
 * @param most - read no more than so many
 * @throws EngineError model-corrupt where the stream breaks, or gives more or less
 */
export async function readStream(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { name, sizeBytes, most = sizeBytes }: { name: string; sizeBytes: number; most?: number | undefined },
): Promise<Uint8Array<ArrayBuffer>> {
  const bytes = new Uint8Array(Math.min(sizeBytes, most));
  const reader = stream.getReader();
  let length = 0;
  // All of it is read to its end, where the checksum is compared.
  while (length < bytes.length || most >= sizeBytes) {
    const { done, value } = await reader.read().catch((cause: unknown) => {
      throw damagedArchive(name, 'it cannot be unpacked', cause);
    });
    if (done) {
      if (length < bytes.length) throw damagedArchive(name, `it holds ${length} bytes instead of ${sizeBytes}`);
      return bytes;
    }
    if (length + value.length > sizeBytes) {
      void reader.cancel().catch(() => undefined);
      throw damagedArchive(name, `it holds more than ${sizeBytes} bytes`);
    }
    bytes.set(value.subarray(0, bytes.length - length), length);
    length += Math.min(value.length, bytes.length - length);
  }
  void reader.cancel().catch(() => undefined);
  return bytes;
}

/** The first bytes of a stream; none where it breaks before. */
export async function readStart(stream: ReadableStream<Uint8Array<ArrayBuffer>>, most: number): Promise<Uint8Array> {
  const start = new Uint8Array(most);
  const reader = stream.getReader();
  let length = 0;
  try {
    while (length < most) {
      const { done, value } = await reader.read();
      if (done) break;
      start.set(value.subarray(0, most - length), length);
      length += Math.min(value.length, most - length);
    }
    void reader.cancel().catch(() => undefined);
    return start.subarray(0, length);
  } catch {
    return new Uint8Array();
  }
}

/** The error for an archive, or a file in it, whose bytes are not what they were. */
export function damagedArchive(name: string, reason: string, cause?: unknown): EngineError {
  const sentence = `${name.slice(0, 80)} is damaged: ${reason.slice(0, 120)}. Fetch it again.`;
  return new EngineError('model-corrupt', sentence, { cause });
}
