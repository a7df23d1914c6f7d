import type { TranslateInput, TranslationFrame } from '../protocol/messages.ts';
import type { ModelInfo, Progress, Range, TranslatedSentence, WarningCode } from '../protocol/types.ts';
import { composeLinks } from './composeLinks.ts';
import type { Listeners } from './connection.ts';
import { PivotProgress } from './pivotProgress.ts';
import type { Pool } from './pool.ts';

/** What is to be translated, by whichever models. */
export type TranslationJob = Omit<TranslateInput, 'model' | 'originals'>;

/** Sentences given to the second model at a time, where so many wait: they are told when all of them are done. */
const MOST_AT_A_TIME = 48;
/** What of the first model's warnings is true of the whole way. What was lost, the second one's look at the original tells. */
const OF_FIRST: readonly WarningCode[] = ['repetition', 'nothing-to-translate', 'other-language'];

/** A sentence that the first model has finished. */
interface PivotSentence {
  item: number;
  index: number;
  sentence: TranslatedSentence;
  /** How many sentences of all the texts are done with this one, as far as the first model has said. */
  done: number;
}

/**
 * Translates by way of a third language. Each sentence goes into the second model as soon as the first has finished it; where
 * there is no room for both, the second begins when the first has done all. Other wordings are the second model's, of the
 * best pivot: those of other pivots would each cost a translation, and could not be ranked among them. A score is the sum of
 * both models', because both have to be right.
 * @throws EngineError what `Pool.run` does, of the model that fails first; the other one stops
 */
export async function translateThrough(
  pool: Pool,
  models: [first: ModelInfo, second: ModelInfo],
  via: string,
  job: TranslationJob,
  { signal, onProgress, onEvent, onFallback }: Listeners<'translate'>,
): Promise<TranslationFrame[]> {
  const [first, second] = models;
  const { provider, texts, from, to } = job;
  const started = performance.now();
  const together = pool.fits(models);
  const progress = new PivotProgress(models, onProgress);
  const end = new AbortController();
  const either = signal ? AbortSignal.any([signal, end.signal]) : end.signal;
  const assemblies = texts.map((text) => new Assembly(text));
  const waiting: PivotSentence[] = [];
  const seen = new Set<string>();
  let working: Promise<void> | null = null;
  let fail: (error: unknown) => void = () => undefined;
  const failure = new Promise<never>((_, reject) => (fail = reject));

  async function translateSecond(batch: PivotSentence[]): Promise<void> {
    const parts = batch.map((): TranslatedSentence[] => []);
    const soFar = batch.map((): string[] => []);
    const frames = await pool.run(
      second,
      provider,
      'translate',
      {
        ...job,
        model: second.id,
        from: via,
        texts: batch.map(({ sentence }) => sentence.target),
        originals: batch.map(({ sentence }) => ({ text: sentence.source, alignment: sentence.alignment })),
      },
      {
        signal: either,
        onFallback,
        onProgress: (heard) => progress.hear(second, heard),
        onEvent: (event) => {
          const entry = batch[event.item];
          const grown = soFar[event.item];
          if (!entry || !grown) return;
          grown[event.sentence] = event.type === 'partial' ? event.text : event.value.target;
          const part = parts[event.item];
          if (event.type === 'sentence' && part) part[event.sentence] = event.value;
          // A pivot sentence may be several to the second model: they are one to the reader, as in the source.
          else onEvent?.({ type: 'partial', item: entry.item, sentence: entry.index, text: grown.join(' ') });
        },
      },
    );
    batch.forEach(({ item, index, sentence, done }, i) => {
      const frame = frames[i];
      const assembly = assemblies[item];
      if (!frame || !assembly) return;
      const value = assembly.write(sentence, frame, parts[i] ?? []);
      onEvent?.({ type: 'sentence', item, sentence: index, value });
      progress.through(done);
    });
  }

  /** Until nothing waits. */
  function work(): Promise<void> {
    working ??= (async () => {
      while (waiting.length > 0) await translateSecond(waiting.splice(0, MOST_AT_A_TIME));
    })().finally(() => (working = null));
    return working;
  }

  const letGo = together ? models.map(({ id }) => pool.hold(id)) : [];
  try {
    const secondListeners = { signal: either, onProgress: (heard: Progress) => progress.hear(second, heard) };
    // It is loaded, or at least fetched, while the first is at work, or before.
    if (together) pool.warmUp(second, provider, secondListeners).catch(fail);
    else if (second.state !== 'installed') await pool.manage('installModel', { model: second.id }, secondListeners);
    let latest: PivotSentence | undefined;
    const firstRun = pool.run(
      first,
      provider,
      'translate',
      // Terms of the target language have no place in the pivot's.
      { ...job, model: first.id, to: via, alternatives: 0, glossary: [], partials: false },
      {
        signal: either,
        onFallback,
        onProgress: (heard) => {
          progress.hear(first, heard);
          if (heard.stage === 'decode' && latest) latest.done = heard.done;
        },
        onEvent: (event) => {
          if (event.type === 'partial') return;
          // A model that goes on elsewhere after a loss says again what it had said.
          const key = `${event.item} ${event.sentence}`;
          if (seen.has(key)) return;
          seen.add(key);
          latest = { item: event.item, index: event.sentence, sentence: event.value, done: 0 };
          waiting.push(latest);
          if (together) work().catch(fail);
        },
      },
    );
    const frames = await Promise.race([firstRun, failure]);
    await work();
    progress.through(latest?.done ?? 0);
    const ran = { model: `${first.id}+${second.id}`, ms: performance.now() - started };
    return frames.map((frame, i) => ({
      text: assemblies[i]?.text ?? frame.text,
      from,
      to,
      via,
      warnings: frame.warnings,
      ran: { ...frame.ran, ...ran },
    }));
  } finally {
    end.abort();
    for (const release of letGo) release();
  }
}

/** A text and its translation, put together in the order of its source; what lies between sentences is copied as it is. */
class Assembly {
  readonly #source: string;
  #target = '';
  #copied = 0;

  constructor(source: string) {
    this.#source = source;
  }

  /** @param first - behind all that were written before */
  write(first: TranslatedSentence, second: TranslationFrame, parts: TranslatedSentence[]): TranslatedSentence {
    const [from, to] = first.sourceRange;
    this.#target += this.#source.slice(this.#copied, from);
    this.#copied = to;
    const start = this.#target.length;
    this.#target += second.text;
    return {
      source: first.source,
      sourceRange: first.sourceRange,
      targetRange: [start, this.#target.length],
      ...composed(first, second, parts),
    };
  }

  get text(): string {
    return this.#target + this.#source.slice(this.#copied);
  }
}

/** What both models say of a sentence, `parts` being what the second one took its pivot for. */
function composed(
  first: TranslatedSentence,
  { text: target, warnings }: TranslationFrame,
  parts: TranslatedSentence[],
): Omit<TranslatedSentence, 'source' | 'sourceRange' | 'targetRange'> {
  const links = parts.flatMap(({ alignment, sourceRange, targetRange }) =>
    alignment.map((link) => ({
      ...link,
      source: moved(link.source, sourceRange[0]),
      target: moved(link.target, targetRange[0]),
    })),
  );
  const [only, ...others] = parts;
  // The wordings of a part are none of the whole.
  const wordings = only?.target === target && others.length === 0 ? only.alternatives : [];
  const told = [
    ...warnings,
    ...first.warnings.filter(({ code }) => OF_FIRST.includes(code)),
    ...parts.flatMap((part) => part.warnings.filter(({ code }) => code === 'repetition')),
  ];
  return {
    target,
    score: first.score + mean(parts.map(({ score }) => score)),
    alignment: composeLinks(first.alignment, links),
    alternatives: wordings.map((wording) => ({
      text: wording.text,
      score: first.score + wording.score,
      alignment: composeLinks(first.alignment, wording.alignment),
    })),
    warnings: told.filter(
      ({ code }, i) => code !== 'repetition' || told.findIndex((other) => other.code === code) === i,
    ),
  };
}

const moved = ([from, to]: Range, by: number): Range => [from + by, to + by];
const mean = (values: number[]): number => values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);
