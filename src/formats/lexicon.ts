import { EngineError } from '../protocol/errors.ts';
import { BinaryReader } from './reader.ts';

/** For each source id the output ids it suggests, and the first ids of the vocabulary, which are always allowed. */
export interface LexicalLists {
  /** Output ids 0..first-1 are allowed for every source. */
  first: number;
  /** offsets[i]..offsets[i + 1] is source id i's slice of `ids`; length = source vocabulary + 1. */
  offsets: Uint32Array;
  /** Output ids, ascending and unique within a slice. */
  ids: Uint32Array;
}

/** Marian's `lex.*.bin` (marian-dev/src/data/shortlist.h): the six u64 of its header start with this. */
const MARIAN_MAGIC = 0xf11a48d5013417f5n;
/** "GLX1" */
const MAGIC = 0x31584c47;
const EOS_ID = 0;
/** Stands in a delta's place for "add this much and read on". */
const ESCAPE = 0xffff;
const MAX_ID = 1_000_000;

/** Whether a file that begins so is Marian's binary shortlist. */
export function isMarianLexicon(head: Uint8Array): boolean {
  return head.length >= 8 && new BinaryReader(head, 'The lexical shortlist').u64Bits('the signature') === MARIAN_MAGIC;
}

/**
 * Reads Marian's binary shortlist: u64 magic, checksum, first, best, number of offsets, number of ids; u64 offsets; u32 ids.
 * @throws EngineError `model-corrupt`
 */
export function parseMarianLexicon(bytes: Uint8Array): LexicalLists {
  const reader = new BinaryReader(bytes, 'The lexical shortlist');
  if (reader.u64Bits('the signature') !== MARIAN_MAGIC)
    throw reader.corrupt('it does not start as a Marian shortlist does', 0);
  reader.u64Bits('the checksum');
  const first = readFirst(reader, reader.u64('the number of first ids'));
  reader.u64('the number of best ids');
  const offsetCount = reader.u64('the number of offsets');
  const idCount = reader.u64('the number of ids');
  if (offsetCount < 1 || offsetCount * 8 > reader.remaining) throw reader.corrupt(`it claims ${offsetCount} offsets`);
  const offsets = new Uint32Array(offsetCount);
  for (let i = 0; i < offsetCount; i++) {
    const offset = reader.u64('an offset');
    if (offset > idCount || offset < (offsets[i - 1] ?? 0)) throw reader.corrupt(`offset ${i} is ${offset}`);
    offsets[i] = offset;
  }
  const ids = reader.uint32s(idCount, 'the ids');
  if (offsets[0] !== 0 || offsets.at(-1) !== idCount) throw reader.corrupt('the offsets do not span the ids');
  if (ids.some((id) => id > MAX_ID)) throw reader.corrupt('an id is out of range');
  return sortAndDropFirst({ first, offsets, ids });
}

/**
 * Writes our form of the shortlist, made to compress: u32 "GLX1", u32 first, u32 sources, u32 deltas; u8 count of each source;
 * then the low bytes of all 16-bit deltas, then their high bytes. A slice's first delta counts from 0. Delta 0xFFFF adds 65535 without an id.
 * @throws EngineError `unsupported-model` (a source id has more suggestions than a count holds)
 */
export function writeLexicon(lists: LexicalLists): Uint8Array {
  const sources = lists.offsets.length - 1;
  const counts = new Uint8Array(sources);
  const deltas: number[] = [];
  for (let source = 0; source < sources; source++) {
    const slice = lists.ids.subarray(lists.offsets[source], lists.offsets[source + 1]);
    if (slice.length > 255)
      throw new EngineError(
        'unsupported-model',
        `The lexical shortlist suggests ${slice.length} words for one, and at most 255 can be kept. Choose another model.`,
      );
    counts[source] = slice.length;
    let last = 0;
    for (const id of slice) {
      let delta = id - last;
      for (; delta >= ESCAPE; delta -= ESCAPE) deltas.push(ESCAPE);
      deltas.push(delta);
      last = id;
    }
  }
  const bytes = new Uint8Array(16 + sources + 2 * deltas.length);
  new Uint32Array(bytes.buffer, 0, 4).set([MAGIC, lists.first, sources, deltas.length]);
  bytes.set(counts, 16);
  deltas.forEach((delta, i) => {
    bytes[16 + sources + i] = delta & 0xff;
    bytes[16 + sources + deltas.length + i] = delta >> 8;
  });
  return bytes;
}

/**
 * Reads our form of the shortlist (see `writeLexicon`).
 * @param shared whether one vocabulary serves both languages
 * @throws EngineError `model-corrupt`
 */
export function parseLexicon(bytes: Uint8Array, shared = true): LexicalShortlist {
  const reader = new BinaryReader(bytes, 'The lexical shortlist');
  if (reader.u32('the signature') !== MAGIC) throw reader.corrupt('it does not start as a shortlist does', 0);
  const first = readFirst(reader, reader.u32('the number of first ids'));
  const sources = reader.u32('the number of sources');
  const deltaCount = reader.u32('the number of deltas');
  const counts = reader.bytes(sources, 'the counts');
  const low = reader.bytes(deltaCount, 'the low bytes');
  const high = reader.bytes(deltaCount, 'the high bytes');
  const total = counts.reduce((sum, count) => sum + count, 0);
  if (total > deltaCount) throw reader.corrupt(`${total} ids cannot come from ${deltaCount} deltas`);

  const offsets = new Uint32Array(sources + 1);
  const ids = new Uint32Array(total);
  let next = 0;
  let at = 0;
  for (let source = 0; source < sources; source++) {
    const end = next + (counts[source] ?? 0);
    let id = 0;
    while (next < end) {
      if (at === deltaCount) throw reader.corrupt(`the deltas end within source id ${source}`);
      const delta = (low[at] ?? 0) | ((high[at] ?? 0) << 8);
      at++;
      id += delta;
      if (id > MAX_ID) throw reader.corrupt(`an id of source id ${source} is out of range`);
      if (delta !== ESCAPE) ids[next++] = id;
    }
    offsets[source + 1] = end;
  }
  if (at !== deltaCount) throw reader.corrupt(`${deltaCount - at} deltas are left over`);
  return new LexicalShortlist({ first, offsets, ids }, shared);
}

/** Which output ids a source sentence allows. Keeps one bitmap between calls, so it is not for concurrent use (a worker is not). */
export class LexicalShortlist {
  readonly #lists: LexicalLists;
  readonly #shared: boolean;
  /** One bit an output id. */
  readonly #marks: Uint32Array;

  /** @param shared whether one vocabulary serves both languages */
  constructor(lists: LexicalLists, shared = true) {
    this.#lists = lists;
    this.#shared = shared;
    const largest = lists.ids.reduce((most, id) => Math.max(most, id), Math.max(lists.first, lists.offsets.length) - 1);
    this.#marks = new Uint32Array((largest >> 5) + 1);
  }

  /**
   * Sorted, unique output ids for these source ids: the first ids, end-of-sentence, what each source id suggests, and the source ids
   * themselves (where one vocabulary serves both languages names can be copied; Marian does the same). Ids outside the vocabulary are ignored.
   */
  allowed(sourceIds: Int32Array): Int32Array {
    const { first, offsets, ids } = this.#lists;
    const marks = this.#marks.fill(0);
    let count = 0;
    const mark = (id: number): void => {
      const word = marks[id >> 5] ?? 0;
      const bit = 1 << (id & 31);
      if ((word & bit) !== 0) return;
      marks[id >> 5] = word | bit;
      count++;
    };
    mark(EOS_ID);
    for (let id = 0; id < first; id++) mark(id);
    for (const source of sourceIds) {
      if (source < 0 || source + 1 >= offsets.length) continue;
      if (this.#shared) mark(source);
      for (let i = offsets[source] ?? 0, end = offsets[source + 1] ?? 0; i < end; i++) mark(ids[i] ?? 0);
    }
    const allowed = new Int32Array(count);
    let next = 0;
    marks.forEach((word, i) => {
      for (let rest = word; rest !== 0; rest &= rest - 1) allowed[next++] = i * 32 + 31 - Math.clz32(rest & -rest);
    });
    return allowed;
  }
}

function readFirst(reader: BinaryReader, first: number): number {
  if (first > 65535) throw reader.corrupt(`it always allows ${first} ids`);
  return first;
}

function sortAndDropFirst({ first, offsets, ids }: LexicalLists): LexicalLists {
  const kept = new Uint32Array(ids.length);
  const keptOffsets = new Uint32Array(offsets.length);
  let next = 0;
  for (let source = 0; source + 1 < offsets.length; source++) {
    const slice = ids.slice(offsets[source], offsets[source + 1]).sort();
    let last = -1;
    for (const id of slice) {
      if (id >= first && id !== last) kept[next++] = id;
      last = id;
    }
    keptOffsets[source + 1] = next;
  }
  return { first, offsets: keptOffsets, ids: kept.slice(0, next) };
}
