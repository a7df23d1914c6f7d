import type { SentencePieceModel } from '../../formats/sentencepiece.ts';
import { PieceTrie } from './pieceTrie.ts';
import type { Segmentation, Segmenter } from './segmenter.ts';

/** unigram_model.cc, kUnkPenalty. */
const UNKNOWN_PENALTY = 10;

/** Finds the likeliest pieces. */
export class UnigramSegmenter implements Segmenter {
  readonly #unkId: number;
  readonly #trie: PieceTrie;
  /** Score of each id inside the search. */
  readonly #scores: Float32Array;
  readonly #unknownScore: number;

  constructor(model: SentencePieceModel) {
    this.#unkId = model.unkId;
    const searched: [string, number][] = [];
    let min = Infinity;
    // FLT_MIN, which SentencePiece starts from.
    let max = 2 ** -126;
    model.pieces.forEach(({ text, score, type }, id) => {
      if (type === 'normal') {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      if (type === 'normal' || type === 'user-defined') searched.push([text, id]);
    });
    this.#scores = Float32Array.from(model.pieces, ({ text, score, type }) =>
      // A user-defined symbol is scored so well that it always wins.
      type === 'user-defined' ? Math.fround(new TextEncoder().encode(text).length * max) - 0.1 : score,
    );
    this.#unknownScore = Math.fround(min - UNKNOWN_PENALTY);
    this.#trie = PieceTrie.of(searched);
  }

  pieceOf(text: string): number {
    return this.#trie.find(text);
  }

  /**
   * The Viterbi search of unigram_model.cc, Model::EncodeOptimized, in its float32 arithmetic, which decides between
   * equal paths ("aaaa" as aaa+a or a+aaa): at a tie the path found first stays.
   */
  segment(units: Uint16Array, length: number): Segmentation {
    const trie = this.#trie;
    const pieceIds = trie.ids;
    const scores = this.#scores;
    const best = new Float32Array(length + 1);
    const starts = new Int32Array(length + 1).fill(-1);
    const ids = new Int32Array(length + 1);
    for (let start = 0; start < length;) {
      const till = best[start] ?? 0;
      const unit = units[start] ?? 0;
      const width = unit >= 0xd800 && unit < 0xdc00 && start + 1 < length ? 2 : 1;
      let hasSingle = false;
      let node = 0;
      for (let end = start + 1; end <= length; end++) {
        node = trie.step(node, units[end - 1] ?? 0);
        if (node < 0) break;
        const id = pieceIds[node] ?? -1;
        if (id < 0) continue;
        const candidate = Math.fround((scores[id] ?? 0) + till);
        if (starts[end] === -1 || candidate > (best[end] ?? 0)) {
          best[end] = candidate;
          starts[end] = start;
          ids[end] = id;
        }
        if (end - start === width) hasSingle = true;
      }
      if (!hasSingle) {
        const end = start + width;
        const candidate = Math.fround(this.#unknownScore + till);
        if (starts[end] === -1 || candidate > (best[end] ?? 0)) {
          best[end] = candidate;
          starts[end] = start;
          ids[end] = this.#unkId;
        }
      }
      start += width;
    }
    return { starts, ids };
  }
}
