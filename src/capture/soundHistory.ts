/** The last sound of a capture, so that it can be heard again. Positions count all samples that ever came. */
export class SoundHistory {
  readonly #capacity: number;
  readonly #chunks: Float32Array[] = [];
  #length = 0;
  #end = 0;

  /** @param capacity samples that are kept at least */
  constructor(capacity: number) {
    this.#capacity = capacity;
  }

  push(chunk: Float32Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
    this.#end += chunk.length;
    for (
      let [oldest] = this.#chunks;
      oldest && this.#length - oldest.length >= this.#capacity;
      [oldest] = this.#chunks
    ) {
      this.#chunks.shift();
      this.#length -= oldest.length;
    }
  }

  /** What came from a position on, as far as it is still here, and where that begins. */
  since(position: number): { from: number; chunks: Float32Array[] } {
    const start = this.#end - this.#length;
    const from = Math.min(Math.max(position, start), this.#end);
    let at = start;
    const chunks = this.#chunks.map((chunk) => {
      const skipped = Math.min(chunk.length, Math.max(0, from - at));
      at += chunk.length;
      return chunk.subarray(skipped);
    });
    return { from, chunks: chunks.filter(({ length }) => length > 0) };
  }
}
