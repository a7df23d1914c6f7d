import { isGzip, MOST_TIMES_LARGER } from '../../formats/archives/gunzip.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ManifestPart } from '../../protocol/manifest.ts';

/** The SHA-256 of some bytes, in lower-case hex. */
export async function sha256(bytes: Uint8Array<ArrayBuffer>): Promise<string> {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** A part whose bytes are not what its manifest says. */
export class CorruptPart extends EngineError {
  constructor(part: { file: string }, reason: string, cause?: unknown) {
    super('model-corrupt', `The model's file "${part.file}" is damaged: ${reason}.`, { cause });
  }
}

/**
 * A part as the engine uses it, from the bytes as they came: gzipped as shipped, or already decoded by a host that sends
 * `.gz` files with `Content-Encoding: gzip`, when only the unpacked form can be checked. Never makes more bytes than the
 * manifest promises.
 * @throws CorruptPart
 */
export async function unpackPart(part: ManifestPart, bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  if (!isGzip(bytes)) {
    await checkUnpacked(part, bytes);
    return bytes;
  }
  if (bytes.length !== part.packedBytes || (await sha256(bytes)) !== part.packedSha256) {
    throw new CorruptPart(part, 'its checksum is wrong');
  }
  const unpacked = await gunzip(part, bytes);
  await checkUnpacked(part, unpacked);
  return unpacked;
}

/** @throws CorruptPart when unpacked bytes are not those of the manifest */
export async function checkUnpacked(part: ManifestPart, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
  if (bytes.length !== part.unpackedBytes) {
    throw new CorruptPart(part, `it has ${bytes.length} bytes instead of ${part.unpackedBytes}`);
  }
  if ((await sha256(bytes)) !== part.unpackedSha256) throw new CorruptPart(part, 'its checksum is wrong');
}

async function gunzip(part: ManifestPart, packed: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  const reader = new Blob([packed]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  const most = packed.length * MOST_TIMES_LARGER;
  if (part.unpackedBytes > most) throw new CorruptPart(part, `it cannot unpack to ${part.unpackedBytes} bytes`);
  const unpacked = new Uint8Array(part.unpackedBytes);
  let length = 0;
  for (;;) {
    let piece: ReadableStreamReadResult<Uint8Array>;
    try {
      piece = await reader.read();
    } catch (cause) {
      throw new CorruptPart(part, 'it cannot be unpacked', cause);
    }
    if (piece.done) return unpacked.subarray(0, length);
    if (length + piece.value.length > unpacked.length) {
      void reader.cancel().catch(() => undefined);
      throw new CorruptPart(part, `it unpacks to more than ${part.unpackedBytes} bytes`);
    }
    unpacked.set(piece.value, length);
    length += piece.value.length;
  }
}
