import { createTarDecoder } from 'modern-tar';
import { EngineError } from '../../protocol/errors.ts';
import { ArchiveLimits, type ArchiveEntry } from './entry.ts';
import { damagedArchive } from './gunzip.ts';

/** What comes is handed to the browser in pieces of this size, which keeps large ones on disk. */
const PIECE_BYTES = 8 * 2 ** 20;
const NAME_AT = 257;

/** Whether what begins so is a tar archive (POSIX or GNU). */
export const isTar = (head: Uint8Array): boolean =>
  new TextDecoder('latin1').decode(head.subarray(NAME_AT, NAME_AT + 5)) === 'ustar';

/** As many bytes as `isTar` looks at. */
export const TAR_HEAD_BYTES = NAME_AT + 5;

/**
 * Reads a tar archive once, from its beginning to its end. Files are kept as Blobs: their bytes are not in memory until they are
 * asked for.
 * @param name - the archive's, for messages
 * @param packedBytes - what the archive takes as it came, which bounds what it may hold
 * @param wanted - the files to be kept
 * @throws EngineError model-corrupt, or unsupported-model where it holds far more than a model
 */
export async function readTar(
  stream: ReadableStream<Uint8Array<ArrayBuffer>>,
  { name, packedBytes, wanted }: { name: string; packedBytes: number; wanted: (path: string) => boolean },
): Promise<ArchiveEntry[]> {
  const limits = new ArchiveLimits(name, packedBytes);
  const found: ArchiveEntry[] = [];
  try {
    const entries = stream.pipeThrough(createTarDecoder({ strict: true })).getReader();
    for (;;) {
      const { done, value: entry } = await entries.read();
      if (done) return found;
      const { header, body } = entry;
      limits.add(header.name, header.size);
      if (header.type !== 'file' || !wanted(header.name)) await body.pipeTo(new WritableStream());
      else found.push(entryOf(header.name, await collected(body)));
    }
  } catch (cause) {
    if (cause instanceof EngineError) throw cause;
    throw damagedArchive(name, 'it cannot be unpacked', cause);
  }
}

function entryOf(path: string, blob: Blob): ArchiveEntry {
  return {
    path,
    sizeBytes: blob.size,
    bytes: async (most) => new Uint8Array(await blob.slice(0, most ?? blob.size).arrayBuffer()),
  };
}

async function collected(body: ReadableStream<Uint8Array>): Promise<Blob> {
  const pieces: Blob[] = [];
  let chunks: BlobPart[] = [];
  let length = 0;
  const reader = body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (!done) {
      chunks.push(new Uint8Array(value));
      length += value.length;
    }
    if (done || length >= PIECE_BYTES) {
      pieces.push(new Blob(chunks));
      [chunks, length] = [[], 0];
    }
    if (done) return new Blob(pieces);
  }
}
