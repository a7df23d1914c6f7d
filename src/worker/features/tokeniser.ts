import type { SentencePieceModel } from '../../formats/sentencepiece.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Range } from '../../protocol/types.ts';
import { Normaliser, SPACE_SYMBOL, type Substitute } from './normaliser.ts';
import { PieceTrie } from './pieceTrie.ts';

export interface Encoded {
  /** Without end-of-sentence. */
  ids: Int32Array;
  /** UTF-16 range in the original text of each piece. */
  ranges: Range[];
}

export interface Decoded {
  text: string;
  /** UTF-16 range in `text` of each piece; empty for control pieces. */
  ranges: Range[];
}

export interface Tokeniser {
  readonly size: number;
  readonly unkId: number;
  /** -1 where the vocabulary has none. */
  readonly eosId: number;
  encode(text: string): Encoded;
  /** @throws EngineError `internal` for an id outside the vocabulary. */
  decode(ids: ArrayLike<number>): Decoded;
  /** The text of a piece as stored (U+2581 for a space). @throws EngineError `internal` outside the vocabulary. */
  piece(id: number): string;
  /** Whether every character of a normalised text has a piece of its own, so that none becomes unknown. */
  covers(text: string): boolean;
}

export interface TokeniserOptions {
  /** Spellings for characters that the vocabulary lacks (see `substituteFor`). Absent: exactly SentencePiece. */
  substitute?: Substitute;
}

/** unigram_model.cc, kUnkPenalty. */
const UNKNOWN_PENALTY = 10;

/**
 * A tokeniser that gives the very ids of the SentencePiece library for unigram models.
 * @throws EngineError `unsupported-model` for other kinds of model.
 */
export function createTokeniser(model: SentencePieceModel, options: TokeniserOptions = {}): Tokeniser {
  if (model.modelType !== 'unigram') {
    throw new EngineError(
      'unsupported-model',
      `The vocabulary is of type ${model.modelType}; only unigram is supported.`,
    );
  }
  return new UnigramTokeniser(model, options);
}

class UnigramTokeniser implements Tokeniser {
  readonly size: number;
  readonly unkId: number;
  readonly eosId: number;
  readonly #model: SentencePieceModel;
  readonly #normaliser: Normaliser;
  readonly #trie: PieceTrie;
  /** Score of each id inside the search. */
  readonly #scores: Float32Array;
  readonly #unknownScore: number;
  readonly #byteIds: Int32Array;

  constructor(model: SentencePieceModel, options: TokeniserOptions) {
    this.#model = model;
    this.size = model.pieces.length;
    this.unkId = model.unkId;
    this.eosId = model.eosId;
    const searched: [string, number][] = [];
    let min = Infinity;
    // FLT_MIN, which SentencePiece starts from.
    let max = 2 ** -126;
    this.#byteIds = new Int32Array(256).fill(model.unkId);
    model.pieces.forEach(({ text, score, type }, id) => {
      if (type === 'normal') {
        min = Math.min(min, score);
        max = Math.max(max, score);
      }
      if (type === 'normal' || type === 'user-defined') searched.push([text, id]);
      if (type === 'byte') this.#byteIds[Number.parseInt(text.slice(3, 5), 16)] = id;
    });
    this.#scores = Float32Array.from(model.pieces, ({ text, score, type }) =>
      // A user-defined symbol is scored so well that it always wins.
      type === 'user-defined' ? Math.fround(new TextEncoder().encode(text).length * max) - 0.1 : score,
    );
    this.#unknownScore = Math.fround(min - UNKNOWN_PENALTY);
    this.#trie = PieceTrie.of(searched);
    const { substitute } = options;
    this.#normaliser = new Normaliser(
      model,
      substitute && ((character) => (this.covers(character) ? undefined : this.#covered(substitute(character)))),
    );
  }

  encode(text: string): Encoded {
    const { units, origins, length } = this.#normaliser.normalise(text);
    const { starts, ids } = this.#bestPath(units, length);
    const outIds: number[] = [];
    const ranges: Range[] = [];
    // Backwards along the best path; runs of unknown pieces become one.
    for (let end = length; end > 0;) {
      const start = starts[end] ?? 0;
      const id = ids[end] ?? this.unkId;
      const from = origins[start] ?? 0;
      const to = origins[end] ?? from;
      if (id === this.unkId && this.#model.byteFallback)
        this.#pushBytes(units.subarray(start, end), from, to, outIds, ranges);
      else {
        const last = ranges.at(-1);
        if (last !== undefined && id === this.unkId && outIds.at(-1) === id) last[0] = from;
        else {
          outIds.push(id);
          ranges.push([from, to]);
        }
      }
      end = start;
    }
    return { ids: Int32Array.from(outIds.reverse()), ranges: ranges.reverse() };
  }

  decode(ids: ArrayLike<number>): Decoded {
    const { addDummyPrefix, removeExtraWhitespaces } = this.#model.normalizer;
    const ranges: Range[] = [];
    let text = '';
    let stripped = false;
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? -1;
      const { type, text: stored } = this.#pieceOf(id);
      if (type === 'byte') {
        i = this.#decodeBytes(ids, i, ranges, (surface) => (text += surface).length);
        continue;
      }
      let surface = type === 'control' ? '' : stored.replaceAll(SPACE_SYMBOL, ' ');
      if (type === 'unknown') surface = this.#model.unkSurface;
      else if (text === '' && !stripped && (addDummyPrefix || removeExtraWhitespaces) && surface.startsWith(' ')) {
        // The prefix that encoding added; with extra spaces removed, every leading space.
        surface = surface.slice(1);
        stripped = !removeExtraWhitespaces;
      }
      ranges.push([text.length, text.length + surface.length]);
      text += surface;
    }
    return { text, ranges };
  }

  piece(id: number): string {
    return this.#pieceOf(id).text;
  }

  covers(text: string): boolean {
    for (const character of text) {
      let node = 0;
      for (let i = 0; i < character.length && node >= 0; i++) node = this.#trie.step(node, character.charCodeAt(i));
      if (node < 0 || (this.#trie.ids[node] ?? -1) < 0) return false;
    }
    return true;
  }

  #covered(text: string | undefined): string | undefined {
    return text !== undefined && this.covers(text) ? text : undefined;
  }

  #pieceOf(id: number) {
    const piece = this.#model.pieces[id];
    if (piece === undefined)
      throw new EngineError('internal', `There is no piece ${id} in a vocabulary of ${this.size}.`);
    return piece;
  }

  /**
   * The Viterbi search of unigram_model.cc, Model::EncodeOptimized, in its float32 arithmetic, which decides between
   * equal paths ("aaaa" as aaa+a or a+aaa): at a tie the path found first stays.
   */
  #bestPath(units: Uint16Array, length: number): { starts: Int32Array; ids: Int32Array } {
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
          ids[end] = this.unkId;
        }
      }
      start += width;
    }
    return { starts, ids };
  }

  /** Spells an unknown character backwards as bytes; its last byte carries the range. */
  #pushBytes(units: Uint16Array, from: number, to: number, ids: number[], ranges: Range[]): void {
    const bytes = new TextEncoder().encode(String.fromCharCode(...units));
    for (let i = bytes.length - 1; i >= 0; i--) {
      ids.push(this.#byteIds[bytes[i] ?? 0] ?? this.unkId);
      ranges.push([from, i === bytes.length - 1 ? to : from]);
    }
  }

  /** Decodes the run of byte pieces at `at`, character by character; gives the index of its last piece. */
  #decodeBytes(ids: ArrayLike<number>, at: number, ranges: Range[], append: (surface: string) => number): number {
    const bytes: number[] = [];
    for (let i = at; i < ids.length; i++) {
      const { type, text } = this.#pieceOf(ids[i] ?? -1);
      if (type !== 'byte') break;
      bytes.push(Number.parseInt(text.slice(3, 5), 16));
    }
    for (let i = 0; i < bytes.length;) {
      const width = characterBytes(bytes, i);
      const surface = width === 0 ? '\ufffd' : new TextDecoder().decode(Uint8Array.from(bytes.slice(i, i + width)));
      const to = append(surface);
      for (let j = 1; j < width; j++) ranges.push([to - surface.length, to - surface.length]);
      ranges.push([to - surface.length, to]);
      i += Math.max(1, width);
    }
    return at + bytes.length - 1;
  }
}

/** How many bytes the valid UTF-8 character at `at` has; 0 where there is none. */
function characterBytes(bytes: number[], at: number): number {
  const lead = bytes[at] ?? 0;
  const width =
    lead < 0x80
      ? 1
      : lead >= 0xc2 && lead < 0xe0
        ? 2
        : lead >= 0xe0 && lead < 0xf0
          ? 3
          : lead >= 0xf0 && lead < 0xf5
            ? 4
            : 0;
  if (width === 0 || at + width > bytes.length) return 0;
  try {
    const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(
      Uint8Array.from(bytes.slice(at, at + width)),
    );
    return text.length > 0 ? width : 0;
  } catch {
    return 0;
  }
}
