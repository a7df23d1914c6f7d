import { concatenate } from '../src/formats/marian.fixture.ts';
import type { Random } from './random.ts';

/** No mutated file is longer. Repeats reach it, so that work which grows faster than the file is seen. */
const LONGEST_BYTES = 64 * 1024;

/** What lengths, counts and offsets are overwritten with. */
const HOSTILE = [0n, 1n, 0x7fn, 0x80n, 0xffn, 0x100n, 0x7fffn, 0xffffn, 0x10000n, 0xffffffn, 0x7fffffffn]
  .concat([0x80000000n, 0xfffffffen, 0xffffffffn, 0x100000000n, 2n ** 53n - 1n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n])
  .concat([10_000n, 100_000n, 1_000_000n, 1_000_001n, 2n ** 40n]);

type Mutation = (random: Random, file: Uint8Array, others: Others) => Uint8Array;

interface Others {
  /** Files to take pieces from. */
  seeds: readonly Uint8Array[];
  words: readonly Uint8Array[];
}

const MUTATIONS: readonly Mutation[] = [
  flipBits,
  flipBits,
  overwriteByte,
  overwriteByte,
  blowUpNumber,
  blowUpNumber,
  nudgeNumber,
  truncate,
  removeChunk,
  duplicateChunk,
  repeatChunk,
  swapChunks,
  splice,
  insertWord,
  insertWord,
  overwriteWord,
];

/** One to four changes of a file, one after the other. The file itself is left as it is. */
export function mutate(random: Random, file: Uint8Array, others: Others): Uint8Array<ArrayBuffer> {
  let mutated: Uint8Array = file.slice();
  for (let changes = random.small(1, 4); changes > 0; changes--) {
    mutated = random.pick(MUTATIONS)(random, mutated, others);
  }
  return mutated.slice(0, LONGEST_BYTES);
}

function flipBits(random: Random, file: Uint8Array): Uint8Array {
  for (let flips = random.small(1, 8); flips > 0 && file.length > 0; flips--) {
    const at = random.below(file.length);
    file[at] = file[at]! ^ (1 << random.below(8));
  }
  return file;
}

function overwriteByte(random: Random, file: Uint8Array): Uint8Array {
  if (file.length > 0) file[place(random, file)] = random.below(256);
  return file;
}

/** Writes a number of 1, 2, 4 or 8 bytes, of either byte order, that a careless reader believes. */
function blowUpNumber(random: Random, file: Uint8Array): Uint8Array {
  return writeNumber(random, file, random.pick([1, 2, 4, 4, 8, 8]), random.chance(0.8), () => random.pick(HOSTILE));
}

/** A number that is a little too large or too small. */
function nudgeNumber(random: Random, file: Uint8Array): Uint8Array {
  const by = BigInt(random.pick([-8, -4, -1, 1, 4, 8]));
  return writeNumber(random, file, random.pick([1, 2, 4, 8]), random.chance(0.8), (value) => value + by);
}

function writeNumber(
  random: Random,
  file: Uint8Array,
  size: number,
  littleEndian: boolean,
  change: (value: bigint) => bigint,
): Uint8Array {
  if (file.length < size) return file;
  // Most formats align their numbers.
  const free = Math.min(place(random, file), file.length - size);
  const at = random.chance(0.5) ? free - (free % size) : free;
  const order = Array.from({ length: size }, (_, i) => at + (littleEndian ? size - 1 - i : i));
  const value = change(order.reduce((sum, i) => (sum << 8n) | BigInt(file[i]!), 0n));
  order.forEach((i, digit) => (file[i] = Number((value >> BigInt(8 * (size - 1 - digit))) & 0xffn)));
  return file;
}

function truncate(random: Random, file: Uint8Array): Uint8Array {
  return file.subarray(0, random.below(file.length + 1));
}

function removeChunk(random: Random, file: Uint8Array): Uint8Array {
  const [from, to] = chunk(random, file);
  return concatenate([file.subarray(0, from), file.subarray(to)]);
}

function duplicateChunk(random: Random, file: Uint8Array): Uint8Array {
  const [from, to] = chunk(random, file);
  return concatenate([file.subarray(0, to), file.subarray(from)]);
}

function repeatChunk(random: Random, file: Uint8Array): Uint8Array {
  const [from, to] = chunk(random, file);
  if (to === from) return file;
  const most = Math.floor(LONGEST_BYTES / (to - from));
  const times = random.small(2, random.chance(0.02) ? most : Math.min(most, 200));
  const repeated = new Uint8Array((to - from) * times);
  for (let at = 0; at < repeated.length; at += to - from) repeated.set(file.subarray(from, to), at);
  return concatenate([file.subarray(0, from), repeated, file.subarray(to)]);
}

function swapChunks(random: Random, file: Uint8Array): Uint8Array {
  const [from, to] = chunk(random, file);
  const end = to + random.below(file.length - to + 1);
  return concatenate([file.subarray(0, from), file.subarray(to, end), file.subarray(from, to), file.subarray(end)]);
}

function splice(random: Random, file: Uint8Array, { seeds }: Others): Uint8Array {
  const donor = random.pick(seeds);
  const [from, to] = chunk(random, donor);
  const [at, end] = chunk(random, file);
  return concatenate([file.subarray(0, at), donor.subarray(from, to), file.subarray(end)]);
}

function insertWord(random: Random, file: Uint8Array, { words }: Others): Uint8Array {
  if (words.length === 0) return flipBits(random, file);
  const at = random.below(file.length + 1);
  return concatenate([file.subarray(0, at), random.pick(words), file.subarray(at)]);
}

function overwriteWord(random: Random, file: Uint8Array, { words }: Others): Uint8Array {
  if (words.length === 0) return blowUpNumber(random, file);
  const word = random.pick(words);
  const at = random.below(file.length + 1);
  return concatenate([file.subarray(0, at), word, file.subarray(at + word.length)]);
}

/** Somewhere in a file; every other time in its first bytes, where headers are. */
function place(random: Random, file: Uint8Array): number {
  return random.below(random.chance(0.5) ? Math.min(file.length, 128) : file.length);
}

/** A piece of a file, short ones as often as long ones. */
function chunk(random: Random, file: Uint8Array): [from: number, to: number] {
  const from = random.below(file.length + 1);
  return [from, Math.min(file.length, from + random.small(1, Math.max(1, file.length)))];
}
