import { EngineError } from '../protocol/errors.ts';

/**
 * Reads little-endian values from bytes nobody vouches for. Every read is checked against what is left before it happens, so a
 * hostile length can neither read outside the file nor make us allocate more than the file holds.
 * All failures are EngineError('model-corrupt').
 */
export class BinaryReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #what: string;
  #offset = 0;

  /** @param what names the file in messages: "The Marian model". */
  constructor(bytes: Uint8Array, what: string) {
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#what = what;
  }

  get offset(): number {
    return this.#offset;
  }

  get remaining(): number {
    return this.#bytes.length - this.#offset;
  }

  /** An error that names the file and the place; thrown by the caller. */
  corrupt(reason: string, at = this.#offset): EngineError {
    return new EngineError(
      'model-corrupt',
      `${this.#what} is damaged: ${reason} (at byte ${at}). Fetch the file again.`,
    );
  }

  u8(what: string): number {
    return this.#view.getUint8(this.#advance(1, what));
  }

  u16(what: string): number {
    return this.#view.getUint16(this.#advance(2, what), true);
  }

  u32(what: string): number {
    return this.#view.getUint32(this.#advance(4, what), true);
  }

  i32(what: string): number {
    return this.#view.getInt32(this.#advance(4, what), true);
  }

  f32(what: string): number {
    return this.#view.getFloat32(this.#advance(4, what), true);
  }

  /** A 64-bit unsigned value as it is, for signatures. */
  u64Bits(what: string): bigint {
    return this.#view.getBigUint64(this.#advance(8, what), true);
  }

  /** A 64-bit length or count, as a number; refused past 2^53. */
  u64(what: string): number {
    const at = this.#offset;
    const value = this.u64Bits(what);
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw this.corrupt(`${what} is ${value}`, at);
    return Number(value);
  }

  /** The next `length` bytes: a view, not a copy. */
  bytes(length: number, what: string): Uint8Array {
    const at = this.#advance(length, what);
    return this.#bytes.subarray(at, at + length);
  }

  /** The next `count` 32-bit floats, copied (the file does not align them). */
  float32s(count: number, what: string): Float32Array {
    return new Float32Array(this.#copy(count, 4, what));
  }

  /** The next `count` unsigned 32-bit values, copied. */
  uint32s(count: number, what: string): Uint32Array {
    return new Uint32Array(this.#copy(count, 4, what));
  }

  #copy(count: number, size: number, what: string): ArrayBuffer {
    const at = this.#advance(count * size, what);
    const copy = new ArrayBuffer(count * size);
    new Uint8Array(copy).set(this.#bytes.subarray(at, at + count * size));
    return copy;
  }

  #advance(length: number, what: string): number {
    if (!Number.isSafeInteger(length) || length < 0 || length > this.remaining) {
      throw this.corrupt(`${what} needs ${length} bytes, ${this.remaining} are left`);
    }
    const at = this.#offset;
    this.#offset += length;
    return at;
  }
}
