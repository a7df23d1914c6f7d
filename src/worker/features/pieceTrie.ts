/**
 * A trie over UTF-16 code units, as one open-addressing hash table of (node, unit) -> node: quick to build from tens of
 * thousands of pieces, one probe a step.
 */
export class PieceTrie {
  /** Pairs of (node << 16 | unit) split over two arrays, because a node may need more than 16 bits. */
  readonly #nodes: Int32Array;
  readonly #units: Uint16Array;
  readonly #targets: Int32Array;
  readonly #mask: number;
  /** Node -> id of the piece that ends there, or -1. */
  readonly ids: Int32Array;
  #nodeCount = 1;

  private constructor(totalUnits: number) {
    const capacity = 2 ** Math.ceil(Math.log2(Math.max(16, totalUnits * 2)));
    this.#nodes = new Int32Array(capacity).fill(-1);
    this.#units = new Uint16Array(capacity);
    this.#targets = new Int32Array(capacity);
    this.#mask = capacity - 1;
    this.ids = new Int32Array(totalUnits + 1).fill(-1);
  }

  /** @param pieces - texts, not empty, each with its id (not negative). */
  static of(pieces: readonly (readonly [text: string, id: number])[]): PieceTrie {
    const trie = new PieceTrie(pieces.reduce((sum, [text]) => sum + text.length, 0));
    for (const [text, id] of pieces) trie.#insert(text, id);
    return trie;
  }

  /** The root is node 0. Gives the child of `node` along `unit`, or -1. */
  step(node: number, unit: number): number {
    let slot = this.#slot(node, unit);
    for (;;) {
      const owner = this.#nodes[slot];
      if (owner === -1) return -1;
      if (owner === node && this.#units[slot] === unit) return this.#targets[slot] ?? -1;
      slot = (slot + 1) & this.#mask;
    }
  }

  /** UTF-16 length of the longest piece that `text` has at `at`; 0 for none. */
  longestPrefix(text: string, at: number): number {
    let node = 0;
    let longest = 0;
    for (let i = at; i < text.length; i++) {
      node = this.step(node, text.charCodeAt(i));
      if (node < 0) break;
      if ((this.ids[node] ?? -1) >= 0) longest = i + 1 - at;
    }
    return longest;
  }

  /** As `longestPrefix`, of the first `length` of these UTF-16 units. */
  longestMatch(units: Uint16Array, at: number, length: number): number {
    let node = 0;
    let longest = 0;
    for (let i = at; i < length; i++) {
      node = this.step(node, units[i] ?? 0);
      if (node < 0) break;
      if ((this.ids[node] ?? -1) >= 0) longest = i + 1 - at;
    }
    return longest;
  }

  /** The id of the piece that is this text, or -1. */
  find(text: string): number {
    let node = 0;
    for (let i = 0; i < text.length && node >= 0; i++) node = this.step(node, text.charCodeAt(i));
    return node < 0 ? -1 : (this.ids[node] ?? -1);
  }

  /** The id of the piece that these units are from one place to another, or -1. */
  findUnits(units: Uint16Array, from: number, to: number): number {
    let node = 0;
    for (let i = from; i < to && node >= 0; i++) node = this.step(node, units[i] ?? 0);
    return node < 0 ? -1 : (this.ids[node] ?? -1);
  }

  #slot(node: number, unit: number): number {
    const hash = Math.imul(node, 0x9e3779b1) ^ Math.imul(unit, 0x85ebca6b);
    return (hash ^ (hash >>> 15)) & this.#mask;
  }

  #insert(text: string, id: number): void {
    let node = 0;
    for (let i = 0; i < text.length; i++) {
      const unit = text.charCodeAt(i);
      const known = this.step(node, unit);
      if (known >= 0) {
        node = known;
        continue;
      }
      let slot = this.#slot(node, unit);
      while (this.#nodes[slot] !== -1) slot = (slot + 1) & this.#mask;
      this.#nodes[slot] = node;
      this.#units[slot] = unit;
      node = this.#targets[slot] = this.#nodeCount++;
    }
    this.ids[node] = id;
  }
}
