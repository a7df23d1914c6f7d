import type { Range, TranslatedSentence } from '../../protocol/types.ts';
import { splitSentences } from '../features/sentences.ts';
import { splitLong } from '../features/splitLong.ts';
import type { Encoded, Tokeniser } from '../features/tokeniser.ts';

/** Longest source, in tokens: students are trained on sentences, and what is longer comes out shortened. */
const MAX_SOURCE_TOKENS = 128;

/** A sentence of one of the texts, or a part of one that is too long. */
export interface SourceSentence {
  item: number;
  /** Counts the sentences of the item. */
  index: number;
  /** In the whole text. */
  range: Range;
  text: string;
  encoded: Encoded;
}

/** Where the sentences of a text are: found at once, so that the work to be done is known; all else is done as it is read. */
export function sentenceRanges(text: string, language: string): Range[] {
  const ranges: Range[] = [];
  for (const { from, to, kind } of splitSentences(text, language)) if (kind === 'sentence') ranges.push([from, to]);
  return ranges;
}

/** The sentences of a text, tokenised one by one; those that are too long in parts. */
export function* sentencesOf(
  item: number,
  text: string,
  ranges: readonly Range[],
  tokeniser: Tokeniser,
): Generator<SourceSentence, void, undefined> {
  let index = 0;
  for (const [from, to] of ranges) {
    const whole = text.slice(from, to);
    const encoded = tokeniser.encode(whole);
    if (encoded.ids.length <= MAX_SOURCE_TOKENS) {
      yield { item, index: index++, range: [from, to], text: whole, encoded };
      continue;
    }
    for (const [start, end] of splitLong(whole, (part) => tokeniser.encode(part).ids.length, MAX_SOURCE_TOKENS)) {
      const part = whole.slice(start, end);
      const range: Range = [from + start, from + end];
      yield { item, index: index++, range, text: part, encoded: tokeniser.encode(part) };
    }
  }
}

/** Puts a translation together in the order of its source; what lies between sentences is copied as it is. */
export class TargetText {
  readonly sentences: TranslatedSentence[] = [];
  readonly #source: string;
  #text = '';
  #copied = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** @param sourceRange - behind all that were added before */
  add(
    sourceRange: Range,
    target: string,
    rest: Pick<TranslatedSentence, 'score' | 'alignment' | 'alternatives' | 'warnings'>,
  ): TranslatedSentence {
    const [from, to] = sourceRange;
    this.#text += this.#source.slice(this.#copied, from);
    this.#copied = to;
    const targetRange: Range = [this.#text.length, this.#text.length + target.length];
    this.#text += target;
    const sentence = { source: this.#source.slice(from, to), target, sourceRange, targetRange, ...rest };
    this.sentences.push(sentence);
    return sentence;
  }

  /** The whole text once all sentences are in. */
  finish(): string {
    return this.#text + this.#source.slice(this.#copied);
  }

  /** What there is of it when the work was stopped. */
  get soFar(): string {
    return this.#text;
  }
}
