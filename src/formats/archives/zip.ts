import { EngineError } from '../../protocol/errors.ts';
import { BinaryReader } from '../reader.ts';
import { ArchiveLimits, type ArchiveEntry } from './entry.ts';
import { checkedLength, damagedArchive, gunzipped, readStream } from './gunzip.ts';

/*
 * https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT: a zip archive is read from its end, where a record says where its
 * directory lies; the directory says where each file lies. The platform unpacks the files.
 */

const END_SIGNATURE = 0x06054b50;
const END_BYTES = 22;
const MOST_COMMENT_BYTES = 0xffff;
const ENTRY_SIGNATURE = 0x02014b50;
const ENTRY_BYTES = 46;
const FILE_SIGNATURE = 0x04034b50;
const FILE_BYTES = 30;

const ENCRYPTED = 1;
const STORED = 0;
const DEFLATED = 8;
/** In place of a count or a length that a record of the zip64 form holds. */
const IN_ZIP64_16 = 0xffff;
const IN_ZIP64_32 = 0xffffffff;

/** Whether what begins so is a zip archive. */
export const isZip = (head: Uint8Array): boolean =>
  head[0] === 0x50 && head[1] === 0x4b && (head[2] === 3 || head[2] === 5);

/**
 * The files of a zip archive. Its directory is read; each file is unpacked when its bytes are asked for.
 * @param name - the archive's, for messages
 * @throws EngineError model-corrupt, or unsupported-model: encrypted, in the zip64 form, far more than a model
 */
export async function readZip(name: string, archive: Blob): Promise<ArchiveEntry[]> {
  const end = await findEnd(name, archive);
  const reader = new BinaryReader(end.bytes, name);
  reader.bytes(8, 'the numbers of disks');
  reader.u16('the number of files');
  const count = reader.u16('the number of files');
  const directoryBytes = reader.u32('the length of the directory');
  const directoryAt = reader.u32('the place of the directory');
  if (count === IN_ZIP64_16 || directoryBytes === IN_ZIP64_32 || directoryAt === IN_ZIP64_32) throw isZip64(name);
  if (directoryAt + directoryBytes > end.at) throw damagedArchive(name, 'its directory is not where it says');
  const directory = archive.slice(directoryAt, directoryAt + directoryBytes);
  return readDirectory(name, archive, new Uint8Array(await directory.arrayBuffer()), count);
}

/** The record at the end of the archive; a comment may follow it. */
async function findEnd(name: string, archive: Blob): Promise<{ at: number; bytes: Uint8Array }> {
  const from = Math.max(0, archive.size - END_BYTES - MOST_COMMENT_BYTES);
  const tail = new Uint8Array(await archive.slice(from).arrayBuffer());
  const view = new DataView(tail.buffer);
  for (let at = tail.length - END_BYTES; at >= 0; at--) {
    if (view.getUint32(at, true) === END_SIGNATURE && at + END_BYTES + view.getUint16(at + 20, true) === tail.length)
      return { at: from + at, bytes: tail.subarray(at) };
  }
  throw damagedArchive(name, 'its end is missing');
}

function readDirectory(name: string, archive: Blob, directory: Uint8Array, count: number): ArchiveEntry[] {
  const limits = new ArchiveLimits(name, archive.size);
  const reader = new BinaryReader(directory, name);
  if (count * ENTRY_BYTES > directory.length) throw damagedArchive(name, `it claims ${count} files`);
  return Array.from({ length: count }, () => readEntry(reader)).flatMap((entry): ArchiveEntry[] => {
    const { path, sizeBytes, packedBytes, at } = entry;
    limits.add(path, sizeBytes);
    if (path.endsWith('/')) return [];
    if ([sizeBytes, packedBytes, at].includes(IN_ZIP64_32)) throw isZip64(name);
    return [{ path, sizeBytes, bytes: (most) => unpack(name, archive, entry, most) }];
  });
}

interface DirectoryEntry {
  path: string;
  flags: number;
  method: number;
  crc32: number;
  packedBytes: number;
  sizeBytes: number;
  at: number;
}

function readEntry(reader: BinaryReader): DirectoryEntry {
  if (reader.u32('the signature of a file') !== ENTRY_SIGNATURE) throw reader.corrupt('its directory is not one');
  reader.bytes(4, 'the versions');
  const flags = reader.u16('the flags');
  const method = reader.u16('the method');
  reader.bytes(4, 'the time');
  const crc32 = reader.u32('the checksum');
  const packedBytes = reader.u32('the packed length');
  const sizeBytes = reader.u32('the length');
  const nameBytes = reader.u16('the length of the name');
  const restBytes = reader.u16('the length of the extra field') + reader.u16('the length of the comment');
  reader.bytes(8, 'the attributes');
  const at = reader.u32('the place of the file');
  const path = new TextDecoder().decode(reader.bytes(nameBytes, 'the name'));
  reader.bytes(restBytes, 'the extra field and the comment');
  return { path, flags, method, crc32, packedBytes, sizeBytes, at };
}

/** Throws EngineError model-corrupt or unsupported-model. */
async function unpack(
  name: string,
  archive: Blob,
  entry: DirectoryEntry,
  most?: number,
): Promise<Uint8Array<ArrayBuffer>> {
  const { path, flags, method, crc32, packedBytes, sizeBytes, at } = entry;
  const refused = (what: string): EngineError =>
    new EngineError(
      'unsupported-model',
      `${path.slice(0, 80)} in ${name.slice(0, 80)} is ${what}. Unpack the archive yourself and choose the model’s files.`,
    );
  if (flags & ENCRYPTED) throw refused('encrypted');
  if (method !== STORED && method !== DEFLATED) throw refused(`packed in a way that cannot be read (${method})`);
  const head = new BinaryReader(new Uint8Array(await archive.slice(at, at + FILE_BYTES).arrayBuffer()), name);
  if (head.u32('the signature of a file') !== FILE_SIGNATURE)
    throw head.corrupt(`${path.slice(0, 80)} is not where it should be`);
  head.bytes(22, 'what the directory says as well');
  const from = at + FILE_BYTES + head.u16('the length of the name') + head.u16('the length of the extra field');
  const packed = archive.slice(from, from + packedBytes);
  if (packed.size !== packedBytes) throw damagedArchive(name, 'it ends too early');
  const stream = method === STORED ? packed.stream() : gunzipped(asGzip(packed, crc32, sizeBytes));
  checkedLength(path, sizeBytes, packedBytes);
  return readStream(stream, { name: path, sizeBytes, most });
}

/** The same bytes as gzip: so the platform compares the checksum, too. https://www.rfc-editor.org/rfc/rfc1952 */
function asGzip(deflated: Blob, crc32: number, sizeBytes: number): Blob {
  return new Blob([
    Uint8Array.of(0x1f, 0x8b, DEFLATED, 0, 0, 0, 0, 0, 0, 255),
    deflated,
    Uint32Array.of(crc32, sizeBytes),
  ]);
}

function isZip64(name: string): EngineError {
  return new EngineError(
    'unsupported-model',
    `${name.slice(0, 80)} is a zip archive of the large form (zip64), which cannot be read. Unpack it yourself and choose the model’s files.`,
  );
}
