import { BinaryReader } from './reader.ts';
import { release } from './release.ts';

/**
 * The `model.bin` that CTranslate2's converters write (its `python/ctranslate2/specs/model_spec.py`), version 6. Little endian:
 * `u32 version; string specification; u32 revision; u32 n`, n variables of `string name; u8 rank; u32 dims[rank]; u8 type; u32 bytes;
 * data`, then `u32 m` and m pairs of strings: another name, and the variable it stands for. A string is a `u16` length, which counts
 * the NUL at its end, and its bytes.
 */
export interface CTranslate2Model {
  /** What kind of model the variables are of: `WhisperSpec`, `TransformerSpec`. */
  specification: string;
  revision: number;
  /** By the path that the converter gives them: `encoder/layer_0/ffn/linear_0/weight`. Other names of a variable lead to it as well. */
  variables: Map<string, CTranslate2Variable>;
}

export interface CTranslate2Variable {
  type: VariableType;
  /** Row-major. A scalar has none. */
  shape: readonly number[];
  /** A view of the file. */
  bytes: Uint8Array;
}

export type VariableType = (typeof TYPES)[number];

const VERSION = 6;
/** By their number in the file. */
const TYPES = ['float32', 'int8', 'int16', 'int32', 'float16', 'bfloat16'] as const;
const SIZES = { float32: 4, int8: 1, int16: 2, int32: 4, float16: 2, bfloat16: 2 } as const;
/** Far more than any model has: a damaged count must not keep us reading. */
const MAX_VARIABLES = 1_000_000;
const MAX_RANK = 8;
/** Names are quoted in messages. */
const MAX_NAME_BYTES = 200;

/** @throws EngineError model-corrupt */
export function parseCTranslate2(file: Uint8Array): CTranslate2Model {
  const reader = new BinaryReader(file, 'The CTranslate2 model');
  const version = reader.u32('the version');
  if (version !== VERSION) throw reader.corrupt(`the version is ${version}, and only ${VERSION} can be read`, 0);
  const specification = readString(reader, 'the specification');
  const revision = reader.u32('the revision');
  const variables = new Map<string, CTranslate2Variable>();
  const count = readCount(reader, 'the number of variables');
  for (let i = 0; i < count; i++) {
    const name = readString(reader, `the name of variable ${i}`);
    if (variables.has(name)) throw reader.corrupt(`two variables are called ${name}`);
    variables.set(name, readVariable(reader, name));
  }
  const aliases = readCount(reader, 'the number of other names');
  for (let i = 0; i < aliases; i++) {
    const alias = readString(reader, `other name ${i}`);
    const name = readString(reader, `what ${alias} stands for`);
    const variable = variables.get(name);
    if (!variable) throw reader.corrupt(`${alias} stands for ${name}, which is not in the file`);
    variables.set(alias, variable);
  }
  if (reader.remaining > 0) throw reader.corrupt(`${reader.remaining} bytes follow its end`);
  return { specification, revision, variables };
}

/** What kind of model the first bytes of a file begin, or null where they are not CTranslate2's. */
export function readSpecification(head: Uint8Array): string | null {
  const reader = new BinaryReader(head, 'The CTranslate2 model');
  try {
    if (reader.u32('the version') !== VERSION) return null;
    const specification = readString(reader, 'the specification');
    return /^[A-Za-z]\w*$/.test(specification) ? specification : null;
  } catch {
    return null;
  }
}

function readVariable(reader: BinaryReader, name: string): CTranslate2Variable {
  const rank = reader.u8(`the rank of ${name}`);
  if (rank > MAX_RANK) throw reader.corrupt(`${name} has ${rank} dimensions`);
  const shape = Array.from({ length: rank }, () => reader.u32(`the shape of ${name}`));
  const number = reader.u8(`the type of ${name}`);
  const type = TYPES[number];
  if (!type) throw reader.corrupt(`${name} has the unknown type ${number}`);
  const length = reader.u32(`the size of ${name}`);
  const size = shape.reduce((product, dim) => product * dim, 1) * SIZES[type];
  if (length !== size) throw reader.corrupt(`${name} has ${length} bytes, its shape asks for ${size}`);
  return { type, shape, bytes: reader.bytes(length, name) };
}

function readCount(reader: BinaryReader, what: string): number {
  const count = reader.u32(what);
  if (count > MAX_VARIABLES) throw reader.corrupt(`${what} is ${count}`);
  return count;
}

function readString(reader: BinaryReader, what: string): string {
  const length = reader.u16(`the length of ${what}`);
  if (length > MAX_NAME_BYTES) throw reader.corrupt(`${what} has ${length} bytes`);
  const bytes = reader.bytes(length, what);
  const end = bytes.indexOf(0);
  return new TextDecoder().decode(end < 0 ? bytes : bytes.subarray(0, end));
}

/**
 * A variable's values as numbers.
 * @param scale of quantised weights: one for all, or one for each row. Values are divided by it.
 */
export function valuesOf({ type, shape, bytes }: CTranslate2Variable, scale?: Float32Array): Float32Array {
  const values = floatsOf({ type, bytes });
  if (!scale) return values;
  const width = scale.length === 1 ? values.length : values.length / (shape[0] ?? 1);
  for (let row = 0, at = 0; at < values.length; row++)
    for (const end = Math.min(values.length, at + width); at < end; at++)
      values[at] = values[at]! / (scale[row] ?? NaN);
  return values;
}

function floatsOf({ type, bytes }: Pick<CTranslate2Variable, 'type' | 'bytes'>): Float32Array {
  // A file does not align its values.
  const { buffer } = bytes.slice();
  switch (type) {
    case 'float32':
      return new Float32Array(buffer);
    case 'float16': {
      halves ??= Float32Array.from({ length: 2 ** 16 }, (_, bits) => fromHalf(bits));
      const values = new Float32Array(bytes.length / 2);
      const bits = new Uint16Array(buffer);
      for (let i = 0; i < values.length; i++) values[i] = halves[bits[i]!]!;
      release(bits);
      return values;
    }
    case 'bfloat16': {
      const bits = new Uint32Array(new Uint16Array(buffer));
      for (let i = 0; i < bits.length; i++) bits[i] = bits[i]! << 16;
      return new Float32Array(bits.buffer);
    }
    case 'int8':
      return new Float32Array(new Int8Array(buffer));
    case 'int16':
      return new Float32Array(new Int16Array(buffer));
    case 'int32':
      return new Float32Array(new Int32Array(buffer));
  }
}

/** What each of the 65,536 half-precision numbers is; made when the first one is read. */
let halves: Float32Array | undefined;

/** IEEE 754 binary16. */
function fromHalf(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 31;
  const fraction = bits & 1023;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction ? NaN : sign * Infinity;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}
