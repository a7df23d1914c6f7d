import { toEngineError, type EngineError } from '../protocol/errors.ts';
import type { ProviderChoice } from '../protocol/messages.ts';
import type { Segment } from '../protocol/types.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { Pool } from './pool.ts';
import { holdRoute, warmUpRoute } from './route.ts';
import { chooseRoute, type Translate } from './translate.ts';
import { endsSentence, translateSegments } from './translateSegments.ts';

interface LiveTranslationListeners {
  signal: AbortSignal;
  onText: (index: number, text: string) => void;
  onError: (error: EngineError) => void;
}

interface Phrase {
  index: number;
  segment: Segment;
  text: string | null;
}

/** So many phrases at most are one sentence: a speaker without full stops must not have everything translated over and over. */
const MOST_OPEN_PHRASES = 4;

/** Translates the phrases of a live session as they come, in their order, those of one sentence together. */
export class LiveTranslation {
  readonly #translate: Translate;
  readonly #languages: { from: string; to: string; provider: ProviderChoice };
  readonly #listeners: LiveTranslationListeners;
  /** The phrases of the sentence that is being said. */
  #open: Phrase[] = [];
  #last: Promise<void> = Promise.resolve();
  #letGo: () => void = () => undefined;

  constructor(
    { pool, directory, translate }: { pool: Pool; directory: ModelDirectory; translate: Translate },
    languages: { from: string; to: string; provider: ProviderChoice },
    listeners: LiveTranslationListeners,
  ) {
    this.#translate = translate;
    this.#languages = languages;
    this.#listeners = listeners;
    const { signal } = listeners;
    // The first phrase must not wait for its translator to be loaded.
    this.#queue(async () => {
      const route = await chooseRoute(directory, undefined, languages.from, languages.to, signal);
      // Between two phrases it is idle, and must not go then.
      this.#letGo = holdRoute(pool, route);
      await warmUpRoute(pool, route, languages.provider, { signal });
    });
  }

  add(index: number, segment: Segment): void {
    this.#queue(async () => {
      this.#open.push({ index, segment, text: null });
      const phrases = this.#open;
      if (phrases.length >= MOST_OPEN_PHRASES || endsSentence(segment.text)) this.#open = [];
      const { signal } = this.#listeners;
      const texts = await translateSegments(
        this.#translate,
        phrases.map((phrase) => phrase.segment),
        { ...this.#languages, signal },
      );
      phrases.forEach((phrase, i) => {
        const text = texts[i] ?? '';
        if (text === phrase.text) return;
        phrase.text = text;
        this.#listeners.onText(phrase.index, text);
      });
    });
  }

  /** Resolves when all that was added has been translated. */
  settled(): Promise<void> {
    return this.#last;
  }

  /** No more phrases will come. */
  close(): void {
    this.#letGo();
  }

  #queue(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => {
      if (!this.#listeners.signal.aborted) this.#listeners.onError(toEngineError(error));
    });
  }
}
