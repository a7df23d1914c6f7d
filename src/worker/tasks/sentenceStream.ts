import { withAround, type Around } from '../features/specialTokens.ts';
import type { Source } from '../seq2seq/jobs.ts';
import type { Document, SourceSentence } from './document.ts';
import type { WantedTerm } from './glossary.ts';
import type { Translator } from './resident.ts';
import { opened, type OpenSentence } from './sentence.ts';

/**
 * The sentences of several documents on their way through the generator: what it reads, and what comes back in the same
 * order together with the sentences between that it never saw because they are kept as they are.
 */
export class SentenceStream {
  readonly #documents: readonly Document[];
  readonly #termsOf: (sentence: SourceSentence) => WantedTerm[];
  readonly #translator: Translator;
  readonly #around: Around;
  /** Read and not yet given back, in order. */
  readonly #queue: OpenSentence[] = [];
  /** Those of them that the generator has, by its count. */
  readonly #generating = new Map<number, OpenSentence>();
  #count = 0;

  /** @param termsOf - what the translation of a sentence must hold */
  constructor(
    documents: readonly Document[],
    termsOf: (sentence: SourceSentence) => WantedTerm[],
    translator: Translator,
    around: Around,
  ) {
    this.#documents = documents;
    this.#termsOf = termsOf;
    this.#translator = translator;
    this.#around = around;
  }

  /** Prepared as they are read. */
  *sources(): Generator<Source<Int32Array>, void, undefined> {
    const { tokenisers, manifest } = this.#translator;
    const { before, after } = this.#around;
    const { architecture } = manifest;
    const places = architecture.type === 'hub-translator' ? architecture.sourcePositions : architecture.positions;
    const room = places - before.length - after.length;
    for (const document of this.#documents) {
      for (const sentence of document.read(tokenisers.source, room)) {
        const open = opened(sentence, this.#termsOf, tokenisers.source);
        this.#queue.push(open);
        if (open.kept) continue;
        this.#generating.set(this.#count++, open);
        open.prepared = withAround(open.prepared, this.#around);
        const { ids } = open.prepared;
        yield { features: ids, ids, length: ids.length };
      }
    }
  }

  /** A sentence that the generator has, by its count. */
  get(number: number): OpenSentence {
    const sentence = this.#generating.get(number);
    if (!sentence) throw new Error(`There is no sentence ${number} under way.`);
    return sentence;
  }

  /** Gives back the sentences up to the one that the generator counts as `number`; all that are left without it. */
  *upTo(number: number | null): Generator<OpenSentence, void, undefined> {
    const last = number === null ? null : this.get(number);
    if (number !== null) this.#generating.delete(number);
    for (let next = this.#queue.shift(); next; next = next === last ? undefined : this.#queue.shift()) yield next;
  }
}
