/** The last samples of a stream. Positions count all samples that ever came. */
export class SampleBuffer {
  #samples: Float32Array;
  #start = 0;
  #length = 0;

  /** @param capacity - to begin with; it grows as it must */
  constructor(capacity: number) {
    this.#samples = new Float32Array(capacity);
  }

  /** The first sample that is still here. */
  get start(): number {
    return this.#start;
  }

  /** One past the last sample. */
  get end(): number {
    return this.#start + this.#length;
  }

  push(samples: Float32Array): void {
    const length = this.#length + samples.length;
    if (length > this.#samples.length) {
      const larger = new Float32Array(Math.max(length, 2 * this.#samples.length));
      larger.set(this.#samples.subarray(0, this.#length));
      this.#samples = larger;
    }
    this.#samples.set(samples, this.#length);
    this.#length = length;
  }

  /** A copy of the samples `[from, to)`; what is not here any more, or not yet, is left out. */
  slice(from: number, to: number): Float32Array {
    return this.#samples.slice(Math.max(0, from - this.#start), Math.min(this.#length, Math.max(0, to - this.#start)));
  }

  forget(before: number): void {
    const count = Math.min(this.#length, before - this.#start);
    if (count <= 0) return;
    this.#samples.copyWithin(0, count, this.#length);
    this.#start += count;
    this.#length -= count;
  }
}
