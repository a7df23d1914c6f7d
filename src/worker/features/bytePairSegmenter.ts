import type { SentencePieceModel } from '../../formats/sentencepiece.ts';
import { PieceTrie } from './pieceTrie.ts';
import type { Segmentation, Segmenter } from './segmenter.ts';

const NONE = -1;

/** Two symbols side by side that make a piece. */
interface Pair {
  /** Where the left symbol starts, the right one starts, and the right one ended when the pair was found. */
  left: number;
  right: number;
  end: number;
  score: number;
}

/**
 * Merges characters to pieces, the pair whose piece scores best first (bpe_model.cc, Model::SampleEncode without dropout).
 * User-defined symbols are never merged; pieces that are not to be used are merged and taken apart again.
 */
export class BytePairSegmenter implements Segmenter {
  readonly #unkId: number;
  readonly #trie: PieceTrie;
  readonly #scores: Float32Array;
  readonly #unused: Set<number>;
  readonly #userDefined: PieceTrie | null;

  constructor({ unkId, pieces }: SentencePieceModel) {
    this.#unkId = unkId;
    const merged: [string, number][] = [];
    const userDefined: [string, number][] = [];
    const unused = new Set<number>();
    pieces.forEach(({ text, type }, id) => {
      if (type === 'normal' || type === 'user-defined' || type === 'unused') merged.push([text, id]);
      if (type === 'user-defined') userDefined.push([text, id]);
      if (type === 'unused') unused.add(id);
    });
    this.#trie = PieceTrie.of(merged);
    this.#scores = Float32Array.from(pieces, ({ score }) => score);
    this.#unused = unused;
    this.#userDefined = userDefined.length > 0 ? PieceTrie.of(userDefined) : null;
  }

  pieceOf(text: string): number {
    return this.#trie.find(text);
  }

  segment(units: Uint16Array, length: number): Segmentation {
    /** By where a symbol starts: where it ends (0 once it is swallowed), where its neighbours start. */
    const ends = new Int32Array(length);
    const before = new Int32Array(length).fill(NONE);
    const after = new Int32Array(length).fill(NONE);
    const frozen = new Uint8Array(length);
    for (let start = 0, last = NONE; start < length; last = start, start = ends[start] ?? length) {
      const symbol = this.#userDefined?.longestMatch(units, start, length) ?? 0;
      frozen[start] = symbol > 0 ? 1 : 0;
      ends[start] = start + (symbol || characterUnits(units, start, length));
      before[start] = last;
      if (last !== NONE) after[last] = start;
    }

    const agenda = new Agenda();
    /** Of a piece that is not to be used, how long its left part was when it was last met. */
    const takenApart = new Map<string, number>();
    const propose = (left: number, right: number): void => {
      if (left === NONE || right === NONE || frozen[left] === 1 || frozen[right] === 1) return;
      const end = ends[right] ?? 0;
      const id = this.#trie.findUnits(units, left, end);
      if (id < 0) return;
      agenda.push({ left, right, end, score: this.#scores[id] ?? 0 });
      if (this.#unused.has(id)) takenApart.set(textOf(units, left, end), right - left);
    };
    for (let right = after[0] ?? NONE; right !== NONE; right = after[right] ?? NONE)
      propose(before[right] ?? NONE, right);
    for (let pair = agenda.pop(); pair; pair = agenda.pop()) {
      const { left, right, end } = pair;
      // One of the two was merged with another since.
      if (ends[left] !== right || ends[right] !== end) continue;
      ends[left] = end;
      ends[right] = 0;
      const next = after[right] ?? NONE;
      after[left] = next;
      if (next !== NONE) before[next] = left;
      propose(before[left] ?? NONE, left);
      propose(left, next);
    }

    const starts = new Int32Array(length + 1).fill(NONE);
    const ids = new Int32Array(length + 1);
    const emit = (start: number, end: number): void => {
      const id = this.#trie.findUnits(units, start, end);
      const leftLength = this.#unused.has(id) ? takenApart.get(textOf(units, start, end)) : undefined;
      if (leftLength === undefined) {
        starts[end] = start;
        ids[end] = id < 0 ? this.#unkId : id;
      } else {
        emit(start, start + leftLength);
        emit(start + leftLength, end);
      }
    };
    for (let start = 0; start < length; start = ends[start] ?? length) emit(start, ends[start] ?? length);
    return { starts, ids };
  }
}

/** A surrogate pair is one character. */
function characterUnits(units: Uint16Array, at: number, length: number): number {
  const unit = units[at] ?? 0;
  return unit >= 0xd800 && unit < 0xdc00 && at + 1 < length ? 2 : 1;
}

const textOf = (units: Uint16Array, from: number, to: number): string =>
  String.fromCharCode(...units.subarray(from, to));

/** The pairs to be merged, as a binary heap: the best score first, of equal ones the one furthest to the left. */
class Agenda {
  readonly #heap: Pair[] = [];

  push(pair: Pair): void {
    const heap = this.#heap;
    let at = heap.push(pair) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      const above = heap[parent]!;
      if (!isFirst(pair, above)) break;
      heap[at] = above;
      at = parent;
    }
    heap[at] = pair;
  }

  pop(): Pair | undefined {
    const heap = this.#heap;
    const [top] = heap;
    const last = heap.pop();
    if (last === undefined || heap.length === 0) return top;
    let at = 0;
    for (let child = 1; child < heap.length; child = 2 * at + 1) {
      if (child + 1 < heap.length && isFirst(heap[child + 1]!, heap[child]!)) child++;
      if (!isFirst(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return top;
  }
}

function isFirst(a: Pair, b: Pair): boolean {
  return a.score > b.score || (a.score === b.score && a.left < b.left);
}
