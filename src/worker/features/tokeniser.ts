import type { Piece, SentencePieceModel } from '../../formats/sentencepiece.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { Range } from '../../protocol/types.ts';
import { BytePairSegmenter } from './bytePairSegmenter.ts';
import { Normaliser, SPACE_SYMBOL, type Substitute } from './normaliser.ts';
import type { Segmenter } from './segmenter.ts';
import { UnigramSegmenter } from './unigramSegmenter.ts';

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
  encode(text: string): Encoded;
  /** @throws EngineError `internal` for an id outside the vocabulary. */
  decode(ids: ArrayLike<number>): Decoded;
  /** The text of a piece as stored (U+2581 for a space). @throws EngineError `internal` outside the vocabulary. */
  piece(id: number): string;
  /** Whether every character of a normalised text has a piece of its own, so that none becomes unknown. */
  covers(text: string): boolean;
}

/** What a translator reads with, and what it writes with: the same where both languages share their pieces. */
export interface Tokenisers {
  source: Tokeniser;
  target: Tokeniser;
}

export interface TokeniserOptions {
  /** Spellings for characters that the vocabulary lacks (see `substituteFor`). Absent: exactly SentencePiece. */
  substitute?: Substitute;
  /** Tokens by their ids, among which pieces are looked up, and the one that stands for all others; absent: pieces have SentencePiece's ids. */
  tokens?: { list: readonly string[]; unkId: number };
}

/** Tokens that a model keeps beside the pieces and that are no text: `<pad>`, `__pt__`, `por_Latn`, `>>por<<`, `madeupword3`. */
const SPECIAL_TOKEN = /^(?:<.+>|__\w+__|[a-z]{3}_[A-Z][a-z]{3}|>>.+<<|madeupword\d+)$/;

/**
 * A tokeniser that gives the very pieces of the SentencePiece library.
 * @throws EngineError `unsupported-model` for kinds of model other than unigram and byte pairs.
 */
export function createTokeniser(model: SentencePieceModel, options: TokeniserOptions = {}): Tokeniser {
  if (model.modelType === 'unigram') return new SentencePieceTokeniser(model, new UnigramSegmenter(model), options);
  if (model.modelType === 'bpe') return new SentencePieceTokeniser(model, new BytePairSegmenter(model), options);
  throw new EngineError(
    'unsupported-model',
    `The vocabulary is of type ${model.modelType}; only unigram and bpe are supported.`,
  );
}

class SentencePieceTokeniser implements Tokeniser {
  readonly size: number;
  readonly unkId: number;
  readonly #model: SentencePieceModel;
  readonly #normaliser: Normaliser;
  readonly #segmenter: Segmenter;
  readonly #byteIds: Int32Array;
  /** By the ids that are given out. */
  readonly #pieces: readonly Pick<Piece, 'text' | 'type'>[];
  /** SentencePiece's id -> the one given out; null where they are the same. */
  readonly #outIds: Int32Array | null;

  constructor(model: SentencePieceModel, segmenter: Segmenter, { substitute, tokens }: TokeniserOptions) {
    this.#model = model;
    this.#segmenter = segmenter;
    this.#pieces = tokens ? listedPieces(model, tokens) : model.pieces;
    this.#outIds = tokens ? listedIds(model, tokens) : null;
    this.size = this.#pieces.length;
    this.unkId = tokens ? tokens.unkId : model.unkId;
    this.#byteIds = new Int32Array(256).fill(model.unkId);
    model.pieces.forEach(({ text, type }, id) => {
      if (type === 'byte') this.#byteIds[Number.parseInt(text.slice(3, 5), 16)] = id;
    });
    this.#normaliser = new Normaliser(
      model,
      substitute && ((character) => (this.covers(character) ? undefined : this.#covered(substitute(character)))),
    );
  }

  encode(text: string): Encoded {
    const { units, origins, length } = this.#normaliser.normalise(text);
    const { starts, ids } = this.#segmenter.segment(units, length);
    const { unkId } = this.#model;
    const found: number[] = [];
    const ranges: Range[] = [];
    // Backwards from piece to piece; runs of unknown pieces become one.
    for (let end = length; end > 0;) {
      const start = starts[end] ?? 0;
      const id = ids[end] ?? unkId;
      const from = origins[start] ?? 0;
      const to = origins[end] ?? from;
      if (id === unkId && this.#model.byteFallback)
        this.#pushBytes(units.subarray(start, end), from, to, found, ranges);
      else {
        const last = ranges.at(-1);
        if (last !== undefined && id === unkId && found.at(-1) === id) last[0] = from;
        else {
          found.push(id);
          ranges.push([from, to]);
        }
      }
      end = start;
    }
    const outIds = this.#outIds;
    found.reverse();
    return {
      ids: outIds ? Int32Array.from(found, (id) => outIds[id] ?? this.unkId) : Int32Array.from(found),
      ranges: ranges.reverse(),
    };
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
      const id = this.#segmenter.pieceOf(character);
      if (id < 0 || this.#outIds?.[id] === this.unkId) return false;
    }
    return true;
  }

  #covered(text: string | undefined): string | undefined {
    return text !== undefined && this.covers(text) ? text : undefined;
  }

  #pieceOf(id: number) {
    const piece = this.#pieces[id];
    if (piece === undefined)
      throw new EngineError('internal', `There is no piece ${id} in a vocabulary of ${this.size}.`);
    return piece;
  }

  /** Spells an unknown character backwards as bytes; its last byte carries the range. */
  #pushBytes(units: Uint16Array, from: number, to: number, ids: number[], ranges: Range[]): void {
    const bytes = new TextEncoder().encode(String.fromCharCode(...units));
    for (let i = bytes.length - 1; i >= 0; i--) {
      ids.push(this.#byteIds[bytes[i] ?? 0] ?? this.#model.unkId);
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

/** What each token of a list is to a SentencePiece model. A token that it has not is text unless it looks special. */
function listedPieces(
  model: SentencePieceModel,
  { list, unkId }: NonNullable<TokeniserOptions['tokens']>,
): Pick<Piece, 'text' | 'type'>[] {
  const pieces = new Map(model.pieces.map((piece) => [piece.text, piece]));
  return list.map((text, id) => {
    if (id === unkId) return { text, type: 'unknown' };
    const piece = pieces.get(text);
    if (piece && piece.type !== 'unknown') return piece;
    return { text, type: SPECIAL_TOKEN.test(text) ? 'control' : 'normal' };
  });
}

function listedIds(model: SentencePieceModel, { list, unkId }: NonNullable<TokeniserOptions['tokens']>): Int32Array {
  const ids = new Map(list.map((text, id) => [text, id]));
  return Int32Array.from(model.pieces, ({ text, type }) => (type === 'unknown' ? unkId : (ids.get(text) ?? unkId)));
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
