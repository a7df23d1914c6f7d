/** The tensor types our graphs use, with their numbers in onnx.proto. */
export const ELEMENT_TYPES = { float32: 1, uint8: 2, int8: 3, int32: 6, int64: 7, bool: 9 } as const;

export type ElementType = keyof typeof ELEMENT_TYPES;

/** The types of weights, and what holds their values. */
export interface WeightValues {
  float32: Float32Array;
  int8: Int8Array;
}

export type WeightType = keyof WeightValues;

/** A weight's values: at hand, or written where they belong once the file is laid out. What is not written is zero. */
export type WeightContent<T extends WeightType> = WeightValues[T] | ((into: WeightValues[T]) => void);

/** Where a weight lies in the external-data file. */
export interface StoredWeight {
  type: WeightType;
  dims: readonly number[];
  offset: number;
  length: number;
}

const VALUES: {
  [T in WeightType]: {
    BYTES_PER_ELEMENT: number;
    new (file: ArrayBuffer, offset: number, length: number): WeightValues[T];
  };
} = {
  float32: Float32Array,
  int8: Int8Array,
};

/** A tensor's first byte is a multiple of this, so that a loader may use it where it lies. */
const ALIGNMENT = 64;

/**
 * The one external-data file that all graphs of a model point into. A name is stored once, however many graphs use it. The places of
 * weights are known when the graphs are written; the weights themselves are made afterwards, one at a time and into the file, so that
 * a model is never there twice.
 */
export class WeightStore {
  readonly #stored = new Map<string, StoredWeight>();
  readonly #writers: ((file: ArrayBuffer) => void)[] = [];
  #length = 0;

  /** Gives a weight its place, or finds that of the one of this name. */
  store<T extends WeightType>(
    type: T,
    name: string,
    dims: readonly number[],
    source: WeightContent<NoInfer<T>>,
  ): StoredWeight {
    const known = this.#stored.get(name);
    if (known) return known;
    const size = dims.reduce((product, dim) => product * dim, 1);
    if (typeof source !== 'function' && source.length !== size)
      throw new RangeError(`weight ${name} has ${source.length} values for shape ${dims.join('x')}`);
    const offset = Math.ceil(this.#length / ALIGNMENT) * ALIGNMENT;
    const stored: StoredWeight = { type, dims, offset, length: size * VALUES[type].BYTES_PER_ELEMENT };
    this.#stored.set(name, stored);
    this.#writers.push((file) => {
      const into = new VALUES[type](file, offset, size);
      if (typeof source === 'function') source(into);
      else into.set(source);
    });
    this.#length = offset + stored.length;
    return stored;
  }

  /** The whole file. Calling it again makes it anew. */
  toBytes(): Uint8Array<ArrayBuffer> {
    const file = new ArrayBuffer(this.#length);
    for (const write of this.#writers) write(file);
    return new Uint8Array(file);
  }
}
