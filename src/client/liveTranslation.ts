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

interface Parts {
  pool: Pool;
  directory: ModelDirectory;
  translate: Translate;
}

interface Languages {
  /** null: each phrase's own, as it was detected. */
  from: string | null;
  to: string;
  provider: ProviderChoice;
}

interface Phrase {
  index: number;
  segment: Segment;
  /** The language of its text. */
  from: string;
  text: string | null;
}

/** So many phrases at most are one sentence: a speaker without full stops must not have everything translated over and over. */
const MOST_OPEN_PHRASES = 4;

/** Translates the phrases of a live session as they come, in their order, those of one sentence together. */
export class LiveTranslation {
  readonly #parts: Parts;
  readonly #languages: Languages;
  readonly #listeners: LiveTranslationListeners;
  /** The languages that a translator is loaded for, and what lets it go. */
  readonly #ready = new Map<string, () => void>();
  /** The phrases of the sentence that is being said. */
  #open: Phrase[] = [];
  #last: Promise<void> = Promise.resolve();

  constructor(parts: Parts, languages: Languages, listeners: LiveTranslationListeners) {
    this.#parts = parts;
    this.#languages = languages;
    this.#listeners = listeners;
    const { from } = languages;
    // The first phrase must not wait for its translator to be loaded.
    if (from !== null) this.#queue(() => this.#prepare(from));
  }

  add(index: number, segment: Segment): void {
    this.#queue(async () => {
      const { to, provider } = this.#languages;
      const from = this.#languages.from ?? segment.textLanguage ?? segment.language;
      if (this.#open[0] && this.#open[0].from !== from) this.#open = [];
      if (from === to) {
        this.#listeners.onText(index, segment.text.trim());
        return;
      }
      await this.#prepare(from);
      this.#open.push({ index, segment, from, text: null });
      const phrases = this.#open;
      if (phrases.length >= MOST_OPEN_PHRASES || endsSentence(segment.text)) this.#open = [];
      const { signal } = this.#listeners;
      const texts = await translateSegments(
        this.#parts.translate,
        phrases.map((phrase) => phrase.segment),
        { from, to, provider, signal },
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
    for (const letGo of this.#ready.values()) letGo();
  }

  /** Loads the translator from a language, once. */
  async #prepare(from: string): Promise<void> {
    if (this.#ready.has(from)) return;
    const { pool, directory } = this.#parts;
    const { to, provider } = this.#languages;
    const { signal } = this.#listeners;
    const route = await chooseRoute(directory, undefined, from, to, signal);
    // Between two phrases it is idle, and must not go then.
    this.#ready.set(from, holdRoute(pool, route));
    await warmUpRoute(pool, route, provider, { signal });
  }

  #queue(work: () => Promise<void>): void {
    this.#last = this.#last.then(work).catch((error: unknown) => {
      if (!this.#listeners.signal.aborted) this.#listeners.onError(toEngineError(error));
    });
  }
}
