/** Gathers the small blocks that an audio worklet is given into chunks, mixed to one channel. */
export class Chunker {
  readonly #length: number;
  #chunk: Float32Array<ArrayBuffer>;
  #filled = 0;

  /** @param length samples of a chunk */
  constructor(length: number) {
    this.#length = length;
    this.#chunk = new Float32Array(length);
  }

  /** Takes a block, one array a channel; gives a chunk whenever one is full. */
  push(channels: readonly Float32Array[], give: (chunk: Float32Array<ArrayBuffer>) => void): void {
    const [first] = channels;
    if (!first) return;
    for (let n = 0; n < first.length; n++) {
      let sum = 0;
      for (const channel of channels) sum += channel[n]!;
      this.#chunk[this.#filled++] = sum / channels.length;
      if (this.#filled === this.#length) give(this.take());
    }
  }

  /** What there is of a chunk so far. May be empty. */
  take(): Float32Array<ArrayBuffer> {
    const chunk = this.#filled === this.#length ? this.#chunk : this.#chunk.slice(0, this.#filled);
    this.#chunk = new Float32Array(this.#length);
    this.#filled = 0;
    return chunk;
  }
}
