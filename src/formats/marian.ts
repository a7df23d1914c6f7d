import { EngineError } from '../protocol/errors.ts';
import { parseMarianConfig, type MarianConfig } from './marian-config.ts';
import { BinaryReader } from './reader.ts';

/** A weight as Marian stores it. `shape` is the logical one; an int8 matrix is stored transposed (its columns one after another), except embeddings. */
export type MarianTensor =
  | { type: 'float32'; shape: number[]; data: Float32Array }
  /** value = data / multiplier */
  | { type: 'int8'; shape: number[]; data: Int8Array; multiplier: number };

export interface MarianModel {
  config: MarianConfig;
  tensors: Map<string, MarianTensor>;
}

interface Header {
  nameLength: number;
  type: number;
  rank: number;
  dataLength: number;
}

const VERSION = 1;
const HEADER_BYTES = 32;
const MAX_RANK = 8;
/** Far more than any model has. */
const MAX_TENSORS = 1_000_000n;
/** Names are quoted in messages. */
const MAX_NAME_BYTES = 200;
const CONFIG = 'special:model.yml';

/** marian-dev/src/common/types.h: a class in the high bits, the size in bytes in the low ones. */
const TYPE_INT8 = 0x101;
const TYPE_FLOAT32 = 0x404;
const TYPE_INTGEMM8 = 0x4101;

/**
 * Reads a Marian binary (`model.*.bin`), as written by marian-dev's `io::binary`:
 * u64 version, u64 n; n headers of u64 name length, type, rank, data length; names; shapes (i32); u64 padding and that many bytes; data.
 * The int8 tensors are views into `bytes`.
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function parseMarian(bytes: Uint8Array): MarianModel {
  const reader = new BinaryReader(bytes, 'The Marian model');
  const version = reader.u64('the version');
  if (version !== VERSION)
    throw reader.corrupt(`its version is ${version}, not ${VERSION}: this may not be a Marian model`, 0);
  const headers = readHeaders(reader);
  const names = headers.map((header, i) => readName(reader, header, i));
  const shapes = headers.map((header, i) => readShape(reader, header, names[i] ?? ''));
  reader.bytes(reader.u64('the padding length'), 'the padding');

  const tensors = new Map<string, MarianTensor>();
  let config: MarianConfig | undefined;
  headers.forEach((header, i) => {
    const name = names[i] ?? '';
    const shape = shapes[i] ?? [];
    if (tensors.has(name)) throw reader.corrupt(`two tensors are called ${name}`);
    const block = new BinaryReader(
      reader.bytes(header.dataLength, `the data of ${name}`),
      `Tensor ${name} of the Marian model`,
    );
    if (header.type === TYPE_INT8) {
      if (name === CONFIG) config = parseMarianConfig(decodeText(block.bytes(block.remaining, 'the configuration')));
    } else {
      tensors.set(name, readTensor(block, header.type, name, shape));
    }
  });
  if (!config)
    throw new EngineError(
      'unsupported-model',
      'This Marian model has no special:model.yml inside, so its architecture is unknown.',
    );
  return { config, tensors };
}

/** Whether a file that begins so is a Marian binary. */
export function isMarian(head: Uint8Array): boolean {
  if (head.length < 2 * BigUint64Array.BYTES_PER_ELEMENT) return false;
  const reader = new BinaryReader(head, 'The Marian model');
  if (reader.u64Bits('the version') !== BigInt(VERSION)) return false;
  const tensors = reader.u64Bits('the number of tensors');
  return tensors > 0n && tensors < MAX_TENSORS;
}

function readHeaders(reader: BinaryReader): Header[] {
  const count = reader.u64('the number of tensors');
  if (count * HEADER_BYTES > reader.remaining) throw reader.corrupt(`it claims ${count} tensors`);
  return Array.from({ length: count }, () => ({
    nameLength: reader.u64('a name length'),
    type: reader.u64('a type'),
    rank: reader.u64('a rank'),
    dataLength: reader.u64('a data length'),
  }));
}

function readName(reader: BinaryReader, header: Header, index: number): string {
  if (header.nameLength > MAX_NAME_BYTES)
    throw reader.corrupt(`the name of tensor ${index} has ${header.nameLength} bytes`);
  const raw = reader.bytes(header.nameLength, `the name of tensor ${index}`);
  if (raw.at(-1) !== 0) throw reader.corrupt(`the name of tensor ${index} does not end`);
  return decodeText(raw.subarray(0, -1));
}

function readShape(reader: BinaryReader, header: Header, name: string): number[] {
  if (header.rank > MAX_RANK) throw reader.corrupt(`tensor ${name} claims ${header.rank} dimensions`);
  return Array.from({ length: header.rank }, () => {
    const size = reader.i32(`the shape of ${name}`);
    if (size < 1) throw reader.corrupt(`a dimension of ${name} is ${size}`);
    return size;
  });
}

function readTensor(block: BinaryReader, type: number, name: string, shape: number[]): MarianTensor {
  const size = shape.reduce((product, dimension) => product * dimension, 1);
  switch (type) {
    case TYPE_FLOAT32: {
      const data = block.float32s(size, 'the values');
      if (!data.every(Number.isFinite)) throw block.corrupt('a value is not a finite number');
      return { type: 'float32', shape, data };
    }
    case TYPE_INTGEMM8: {
      const raw = block.bytes(size, 'the values');
      const multiplier = block.f32('the multiplier');
      if (!(Number.isFinite(multiplier) && multiplier > 0)) throw block.corrupt(`the multiplier is ${multiplier}`);
      return { type: 'int8', shape, data: new Int8Array(raw.buffer, raw.byteOffset, raw.length), multiplier };
    }
    default:
      throw new EngineError(
        'unsupported-model',
        `Tensor ${name} of this Marian model has type 0x${type.toString(16)}; only float32 and portable intgemm8 weights can be read.`,
      );
  }
}

function decodeText(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
