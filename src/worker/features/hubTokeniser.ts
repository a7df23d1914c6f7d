import { parseHubTokenizer, type HubTokenizer } from '../../formats/hubTokenizer.ts';
import { EngineError } from '../../protocol/errors.ts';
import { printableBytes } from './bytePair.ts';
import { SPACE_SYMBOL } from './normaliser.ts';
import { pieceRanges } from './pieceRanges.ts';
import type { Decoded, Encoded, Tokeniser } from './tokeniser.ts';

/** `<0x0A>`, a byte for which SentencePiece has no piece. */
const BYTE_PIECE = /^<0x([0-9A-F]{2})>$/;

const NO_ID = -1;
const MOST_IDS = 1_000_000;
const UNKNOWN = ['<unk>', '[UNK]'];

/**
 * The tokeniser of a model of the Hub: the library of the Hub finds the pieces, and where they stand is found by comparing them with
 * the text.
 * @param file `tokenizer.json`
 * @param config `tokenizer_config.json`, if there is one
 * @throws EngineError model-corrupt or unsupported-model
 */
export function createHubTokeniser(file: Uint8Array, config: Uint8Array | undefined): Tokeniser {
  return new HubTokeniser(parseHubTokenizer(file, config));
}

class HubTokeniser implements Tokeniser {
  readonly size: number;
  readonly unkId: number;
  readonly #tokenizer: HubTokenizer;
  /** Tokens by their ids; null for those that are no text. */
  readonly #pieces: (string | null)[] = [];
  /** Of byte-level vocabularies: which byte each printable character stands for. */
  readonly #bytes: Map<string, number> | null;
  readonly #covered = new Map<string, boolean>();

  constructor(tokenizer: HubTokenizer) {
    this.#tokenizer = tokenizer;
    for (const [token, id] of tokenizer.tokens) this.#pieces[id] = token;
    this.size = this.#pieces.length;
    for (const id of tokenizer.specialIds) this.#pieces[id] = null;
    this.unkId = UNKNOWN.map((token) => tokenizer.tokens.get(token)).find((id) => id !== undefined) ?? NO_ID;
    // Its space: as all characters but printable ones, it is written as one from U+0100 on.
    this.#bytes = tokenizer.tokens.has('Ġ') ? printableBytes() : null;
  }

  encode(text: string): Encoded {
    if (text === '') return { ids: new Int32Array(), ranges: [] };
    const { ids, tokens } = this.#tokenizer.encode(text, false);
    return { ids: Int32Array.from(ids), ranges: pieceRanges(this.#surfaces(tokens), text) };
  }

  decode(ids: ArrayLike<number>): Decoded {
    const all = Array.from(ids);
    const tokens = all.map((id) => this.#token(id));
    const said = all.filter((_, i) => tokens[i] !== null);
    if (said.length === 0) return { text: '', ranges: all.map(() => [0, 0]) };
    const text = this.#tokenizer.decode(said);
    return { text, ranges: pieceRanges(this.#surfaces(tokens), text) };
  }

  piece(id: number): string {
    const [surface = ''] = this.#surfaces([this.#token(id)]);
    return surface.replaceAll(' ', SPACE_SYMBOL);
  }

  covers(text: string): boolean {
    if (this.#bytes || this.unkId === NO_ID) return true;
    return Array.from(text).every((character) => {
      const known = this.#covered.get(character);
      if (known !== undefined) return known;
      const { ids } = this.#tokenizer.encode(character, false);
      const covered = !ids.includes(this.unkId);
      this.#covered.set(character, covered);
      return covered;
    });
  }

  /** Null for what is no text. */
  #token(id: number): string | null {
    const token = this.#pieces[id];
    if (token !== undefined) return token;
    // Vocabularies are often rounded up: an output may have more places than tokens.
    if (Number.isInteger(id) && id >= 0 && id < MOST_IDS) return null;
    throw new EngineError('internal', `There is no piece ${id} in a vocabulary of ${this.size}.`);
  }

  /** What each of some tokens in a row stands for; a character of several bytes stands at the last of them. */
  #surfaces(tokens: readonly (string | null)[]): string[] {
    const decoder = new TextDecoder();
    let begun = -1;
    const surfaces = tokens.map((token, i) => {
      if (token === null) return '';
      const bytes = this.#bytesOf(token);
      if (!bytes) return token.replaceAll(SPACE_SYMBOL, ' ');
      begun = i;
      return decoder.decode(bytes, { stream: true });
    });
    // A character that lacks bytes.
    if (begun >= 0) surfaces[begun] = (surfaces[begun] ?? '') + decoder.decode();
    return surfaces;
  }

  #bytesOf(token: string): Uint8Array | null {
    const table = this.#bytes;
    if (table) return Uint8Array.from(token, (character) => table.get(character) ?? 0);
    const byte = BYTE_PIECE.exec(token)?.[1];
    return byte === undefined ? null : Uint8Array.of(Number.parseInt(byte, 16));
  }
}
