import type { Range, TranslatedSentence, Warning } from '../../protocol/types.ts';
import { prepareSentence, type PreparedSentence } from '../features/carry.ts';
import { cleanText, nothingToTranslate } from '../features/checks.ts';
import { splitSentences } from '../features/sentences.ts';
import { splitLong } from '../features/splitLong.ts';
import type { Tokeniser } from '../features/tokeniser.ts';

/** Longest source, in tokens: students are trained on sentences, and what is longer comes out shortened. */
const MAX_SOURCE_TOKENS = 128;

/** A sentence of a text, or a part of one that is too long. */
export interface SourceSentence {
  document: Document;
  /** Counts the sentences of its document. */
  index: number;
  /** In the whole text. */
  range: Range;
  text: string;
  prepared: PreparedSentence;
  /** Not followed by another part of the same sentence. */
  last: boolean;
}

/** What is said of a sentence besides where it stands. */
export type SentenceResult = Pick<TranslatedSentence, 'target' | 'score' | 'alignment' | 'alternatives' | 'warnings'>;

/** A text and its translation, put together in the order of its source; what lies between sentences is copied as it is. */
export class Document {
  readonly item: number;
  /** Of the same length as the original, unreadable characters replaced. */
  readonly text: string;
  readonly warnings: Warning[];
  /** Where the sentences are: found at once, so that the work to be done is known. */
  readonly ranges: Range[] = [];
  readonly #original: string;
  #target = '';
  #copied = 0;

  constructor(item: number, original: string, language: string) {
    this.item = item;
    this.#original = original;
    const { text, warnings } = cleanText(original);
    this.text = text;
    this.warnings = warnings;
    for (const { from, to, kind } of splitSentences(text, language)) {
      if (kind === 'sentence') this.ranges.push([from, to]);
    }
    if (this.ranges.length === 0 && text.trim() !== '') this.warnings.push(nothingToTranslate());
  }

  /**
   * The sentences, tokenised as they are read; those that are too long in parts.
   * @param mostTokens what the model can read at once
   */
  *read(tokeniser: Tokeniser, mostTokens = Infinity): Generator<SourceSentence, void, undefined> {
    const most = Math.min(mostTokens, MAX_SOURCE_TOKENS);
    let index = 0;
    for (const [from, to] of this.ranges) {
      const whole = this.text.slice(from, to);
      const prepared = prepareSentence(whole, tokeniser);
      if (prepared.ids.length <= most) {
        yield { document: this, index: index++, range: [from, to], text: whole, prepared, last: true };
        continue;
      }
      const parts = splitLong(whole, (part) => tokeniser.encode(part).ids.length, most);
      for (const [i, [start, end]] of parts.entries()) {
        const text = whole.slice(start, end);
        const range: Range = [from + start, from + end];
        const last = i === parts.length - 1;
        yield { document: this, index: index++, range, text, prepared: prepareSentence(text, tokeniser), last };
      }
    }
  }

  /** @param sourceRange - behind all that were written before */
  write(sourceRange: Range, result: SentenceResult): TranslatedSentence {
    const [from, to] = sourceRange;
    this.#target += this.#original.slice(this.#copied, from);
    this.#copied = to;
    const targetRange: Range = [this.#target.length, this.#target.length + result.target.length];
    this.#target += result.target;
    return { source: this.#original.slice(from, to), sourceRange, targetRange, ...result };
  }

  /** The target so far; the whole of it once all sentences are written. */
  get target(): string {
    const isWhole = this.#copied >= (this.ranges.at(-1)?.[1] ?? 0);
    return isWhole ? this.#target + this.#original.slice(this.#copied) : this.#target;
  }
}
