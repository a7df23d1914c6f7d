import { EngineError, type ErrorCode } from '../protocol/errors.ts';
import type { TranslateEvent, TranslationFrame } from '../protocol/messages.ts';
import type { TranslatedSentence, Translation } from '../protocol/types.ts';
import { checkCount, checkGlossary, checkLanguage, checkProvider, checkSignal, checkTexts } from './checkOptions.ts';
import { noModelError, ownTag } from './chooseModel.ts';
import type { Listeners } from './connection.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { RunOptions } from './options.ts';
import type { TranslationJob } from './pivot.ts';
import type { Pool } from './pool.ts';
import { type Route, routes } from './route.ts';

/** A sentence that is finished. `index` counts those of its item; sentences may end out of order. */
export interface FinishedSentence {
  item: number;
  index: number;
  sentence: TranslatedSentence;
}

export interface TranslateOptions extends RunOptions {
  /** BCP-47 tag (`pt` answers for `pt-BR`) or `auto`. */
  from: string;
  to: string;
  /** 1 (greedy, the default) to 8. */
  beams?: number;
  /** How many other hypotheses to give for each sentence, 0 (the default) to 8. */
  alternatives?: number;
  glossary?: [source: string, target: string][];
  /** `text` is the whole sentence so far. */
  onPartial?: (partial: { item: number; sentence: number; text: string }) => void;
  /** What a call that fails or is stopped had finished is in the error's `partial`, as a FinishedSentence[]. */
  onSentence?: (done: FinishedSentence) => void;
}

export interface Translate {
  (input: string, options: TranslateOptions): Promise<Translation>;
  (input: string[], options: TranslateOptions): Promise<Translation[]>;
}

/** Enough text for its language to be detected. */
export const DETECTION_SAMPLE_LENGTH = 2000;

/** How to translate between two languages; a `from` of null is any. Throws as `ModelDirectory.choose` does. */
export function chooseRoute(
  directory: ModelDirectory,
  id: unknown,
  from: string | null,
  to: string,
  signal?: AbortSignal,
): Promise<Route> {
  return directory.choose(
    'translation',
    id,
    (models) => routes(models, from, to),
    (models) => noModelError(models, from, to),
    signal,
  );
}

/** `Glossa.translate`. */
export function createTranslate(pool: Pool, directory: ModelDirectory): Translate {
  /** The way for texts in an unknown language: a guess that is not sure gives way to a language that can be translated. */
  async function detectAndChoose(
    texts: string[],
    id: unknown,
    to: string,
    signal?: AbortSignal,
  ): Promise<[Route, string]> {
    const text = texts.join('\n').slice(0, DETECTION_SAMPLE_LENGTH);
    const { language, reliable } = await pool.manage('detectLanguage', { text }, { signal });
    if (language !== null && (reliable || routes(await directory.known(signal), language, to).length > 0)) {
      const route = await chooseRoute(directory, id, language, to, signal);
      return [route, ownTag(route.models[0].from, language)];
    }
    const route = await chooseRoute(directory, id, null, to, signal);
    return [route, route.models[0].from[0] ?? 'und'];
  }

  function translate(input: string, options: TranslateOptions): Promise<Translation>;
  function translate(input: string[], options: TranslateOptions): Promise<Translation[]>;
  async function translate(input: string | string[], options: TranslateOptions): Promise<Translation | Translation[]> {
    checkTexts(input);
    checkSignal(options.signal);
    const { signal, onProgress, onPartial, onSentence } = options;
    const texts = typeof input === 'string' ? [input] : input;
    const to = checkLanguage(options.to, 'to');
    const asked = options.from === 'auto' ? null : checkLanguage(options.from, 'from');
    const provider = checkProvider(options.provider);
    const beams = checkCount(options.beams, 'beams', [1, 8], 1);
    const alternatives = checkCount(options.alternatives, 'alternatives', [0, 8], 0);
    const glossary = checkGlossary(options.glossary);
    if (texts.length === 0) return [];

    const [route, from] =
      asked === null
        ? await detectAndChoose(texts, options.model, to, signal)
        : await chooseRoute(directory, options.model, asked, to, signal).then((chosen): [Route, string] => [
            chosen,
            asked,
          ]);

    const finished: FinishedSentence[] = [];
    function onEvent(event: TranslateEvent): void {
      if (event.type === 'partial') {
        onPartial?.({ item: event.item, sentence: event.sentence, text: event.text });
      } else {
        const done = { item: event.item, index: event.sentence, sentence: event.value };
        finished.push(done);
        onSentence?.(done);
      }
    }
    let fellBack: ErrorCode | undefined;
    const onFallback = ({ code }: EngineError): undefined => void (fellBack = code);
    const job = { provider, texts, from, to, beams, alternatives, glossary, partials: onPartial !== undefined };
    try {
      const frames = await runRoute(pool, route, job, { signal, onProgress, onEvent, onFallback });
      const translations = frames.map((frame): Translation => ({
        ...frame,
        ran: { ...frame.ran, ...(fellBack && { fellBack }) },
        sentences: [],
      }));
      for (const { item, index, sentence } of finished) {
        const translation = translations[item];
        if (translation) translation.sentences[index] = sentence;
      }
      const [first] = translations;
      if (typeof input !== 'string') return translations;
      if (!first) throw new EngineError('internal', 'The worker gave no translation.');
      return first;
    } catch (error) {
      if (!(error instanceof EngineError) || finished.length === 0) throw error;
      throw new EngineError(error.code, error.message, { partial: finished, cause: error });
    }
  }

  return translate;
}

async function runRoute(
  pool: Pool,
  { models, via }: Route,
  job: TranslationJob,
  listeners: Listeners<'translate'>,
): Promise<TranslationFrame[]> {
  const [first, second] = models;
  if (second && via !== undefined) {
    const { translateThrough } = await import('./pivot.ts');
    return translateThrough(pool, [first, second], via, job, listeners);
  }
  return pool.run(first, job.provider, 'translate', { ...job, model: first.id }, listeners);
}
