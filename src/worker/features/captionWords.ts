import { EngineError } from '../../protocol/errors.ts';
import type { CaptionWord } from '../../protocol/types.ts';
import { plural } from './plural.ts';

/** A number, or "group of", with at most two adjectives after it: what follows stands in the plural. */
const COUNTED =
  /\b(two|three|four|five|six|several|many|(group|herd|flock|pair|bunch|row) of)( (?!of|and|in|on|with|a|the|is|are)\w+){0,2}$/;
const COUNTED_TOKENS = 4;
/** What "a" becomes "an" before. */
const VOWEL = /^((?!one\b)[aeio]|umb)/;

/** The tokens of a captioner: words, and names of several words ("red panda"). */
export class CaptionWords {
  readonly size: number;
  readonly #tokens: readonly string[];
  readonly #ids: ReadonlyMap<string, number>;
  readonly #countable: ReadonlySet<string>;

  /** @param countable names that have a plural */
  constructor(tokens: readonly string[], countable: Iterable<string> = []) {
    this.size = tokens.length;
    this.#tokens = tokens;
    this.#ids = new Map(tokens.map((token, id) => [token, id]));
    this.#countable = new Set(countable);
  }

  /** -1 where it is no token. */
  idOf(token: string): number {
    return this.#ids.get(token) ?? -1;
  }

  /** A caption with its small words right: "three zebras", "an elephant". */
  text(ids: Int32Array): string {
    return this.#say(ids).join(' ').replaceAll(" '", "'");
  }

  /**
   * The words of a caption, which joined are its text; those of one token share what belongs to it.
   * @param logProbs [ids], of each token
   * @param attention [ids, cells], where the model looked when it said it
   */
  words(ids: Int32Array, logProbs: Float32Array, attention: Float32Array): CaptionWord[] {
    const cells = attention.length / Math.max(1, ids.length);
    const words: CaptionWord[] = [];
    this.#say(ids).forEach((said, i) => {
      const probability = Math.exp(logProbs[i] ?? -Infinity);
      for (const text of said.split(' ')) {
        const before = words.at(-1);
        if (before && text.startsWith("'")) before.text += text;
        else words.push({ text, probability, attention: attention.slice(i * cells, (i + 1) * cells) });
      }
    });
    return words;
  }

  #say(ids: Int32Array): string[] {
    const tokens = Array.from(ids, (id) => this.#tokens[id] ?? '');
    tokens.forEach((token, i) => {
      const before = tokens.slice(Math.max(0, i - COUNTED_TOKENS), i).join(' ');
      if (this.#countable.has(token) && COUNTED.test(before)) tokens[i] = plural(token);
    });
    return tokens.map((token, i) => (token === 'a' && VOWEL.test(tokens[i + 1] ?? '') ? 'an' : token));
  }
}

/**
 * A vocabulary of a token a line.
 * @param size how many the model knows
 * @throws EngineError model-corrupt
 */
export function parseCaptionWords(file: Uint8Array, size: number, countable: Iterable<string>): CaptionWords {
  const tokens = new TextDecoder().decode(file).replace(/\n$/, '').split('\n');
  if (tokens.length === size) return new CaptionWords(tokens, countable);
  const message = `The vocabulary is damaged: it has ${tokens.length} tokens, not ${size}. Fetch the model again.`;
  throw new EngineError('model-corrupt', message);
}
