/** The tensor types our graphs use, with their numbers in onnx.proto. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

export type WeightData = Float32Array | Int8Array;

/** Where a weight lies in the external-data file. */
export interface StoredWeight {
  type: 'float32' | 'int8';
  dims: readonly number[];
  offset: number;
  length: number;
}

/** A tensor's first byte is a multiple of this, so that a loader may use it where it lies. */
const ALIGNMENT = 64;

/** The one external-data file that all graphs of a model point into. A name is stored once, however many graphs use it. */
export class WeightStore {
  readonly #stored = new Map<string, StoredWeight>();
  readonly #data: { offset: number; bytes: Uint8Array }[] = [];
  #length = 0;

  /** Stores a weight, or finds the one of that name. `make` is only called the first time. */
  store(name: string, dims: readonly number[], make: () => WeightData): StoredWeight {
    const known = this.#stored.get(name);
    if (known) return known;
    const data = make();
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (data.length !== size)
      throw new RangeError(`weight ${name} has ${data.length} values for shape ${dims.join('x')}`);
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const offset = Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT;
    const stored: StoredWeight = {
      type: data instanceof Int8Array ? 'int8' : 'float32',
      dims,
      offset,
      length: bytes.length,
    };
    this.#stored.set(name, stored);
    this.#data.push({ offset, bytes });
    this.#length = offset + bytes.length;
    return stored;
  }

  /** The whole file. */
  toBytes(): Uint8Array {
    const file = new Uint8Array(this.#length);
    for (const { offset, bytes } of this.#data) file.set(bytes, offset);
    return file;
  }
}
