import { throwIfAborted } from '../../protocol/errors.ts';
import { beamSearch } from './beam.ts';
import { greedySearch, hasGreedy } from './greedy.ts';
import {
  firstJob,
  judge,
  searchSource,
  searchWidth,
  type Generated,
  type Job,
  type Review,
  type Source,
} from './jobs.ts';
import { isLooping } from './logits.ts';
import type { Lexicon, StepModel } from './model.ts';
import type { Found } from './search.ts';
import type { PieceKinds } from './steering.ts';

export interface GenerateOptions {
  /** 1 is greedy search. */
  beams: number;
  /** How many hypotheses to give for each source; beams are raised to it. */
  hypotheses: number;
  /** See BeamOptions. */
  lengthPenalty: number;
  /** Most source tokens of a batch, padding counted. */
  batchTokens: number;
  /** Most sources of a batch. Both are for greedy search: beams make a batch smaller, but by less, for they share what belongs to their source. */
  batchSources: number;
  allowed?: Lexicon;
  /** No n-gram of this length is said twice; absent or 0: any may be. */
  noRepeat?: number;
  /** Forced first ids of every output, no part of it. */
  prompt?: Int32Array;
  /** Needed where reviews ask for terms; called when they do. */
  kinds?: () => PieceKinds;
  signal: AbortSignal;
  /** What a source has so far; at most every 50 ms for each. */
  onPartial?(source: number, ids: Int32Array): void;
  /** Says what a result lacks. It is steered into a second one, which replaces the first if it lacks less. */
  review?(source: number, found: Generated): Review;
}

/** Most source tokens read but not yet given back: memory stays flat however long the input is. */
const LOOK_AHEAD_TOKENS = 8192;
const NOTHING_LACKING: Review = { lacking: 0, terms: [] };
const PARTIAL_EVERY_MS = 50;
/** An abort and partial text wait for one call at most. */
const GREEDY_CALL = { tokensPerCall: 16, callMs: 50 };
/** So many beams take as long as greedy search does. */
const CHEAP_BEAMS = 4;
/** An async source that gives nothing for so long does not hold up what it gave before. */
const PATIENCE_MS = 2;

/**
 * Turns sources into outputs, in order. Reads ahead a bounded way, batches sources of like length, and works on as many
 * batches at once as there are models. Checks itself: outputs that loop, lack a term or do not pass `review` are made anew.
 * @param models - equal models that can run at the same time
 * @throws EngineError `aborted`, and what the models throw
 */
export async function* generate<F, S>(
  models: readonly StepModel<F, S>[],
  sources: Iterable<Source<F>> | AsyncIterable<Source<F>>,
  options: GenerateOptions,
): AsyncGenerator<Generated, void, undefined> {
  const generation = new Generation(sources, options);
  // Not waited for at the end: a source may never answer.
  void generation.read();
  const workers = models.map((model) => generation.work(model));
  try {
    for (;;) {
      const result = await generation.next();
      if (result === null) return;
      yield result;
    }
  } finally {
    generation.stop();
    await Promise.allSettled(workers);
  }
}

/** Something to wait for, once. */
class Change {
  happen: () => void = () => undefined;
  readonly promise = new Promise<void>((resolve) => (this.happen = resolve));
}

class Generation<F, S> {
  readonly #sources: Iterable<Source<F>> | AsyncIterable<Source<F>>;
  readonly #options: GenerateOptions;
  readonly #stopped = new AbortController();
  readonly #signal: AbortSignal;
  readonly #results = new Map<number, Generated>();
  readonly #lengths = new Map<number, number>();
  #pending: Job<F>[] = [];
  #readCount = 0;
  #given = 0;
  #outstandingTokens = 0;
  #exhausted = false;
  /** The reader has all it may have for now, or its source keeps it waiting. */
  #filled = false;
  #failure: { error: unknown } | null = null;
  #changed = new Change();

  constructor(sources: Iterable<Source<F>> | AsyncIterable<Source<F>>, options: GenerateOptions) {
    this.#sources = sources;
    this.#options = options;
    this.#signal = AbortSignal.any([options.signal, this.#stopped.signal]);
    this.#signal.addEventListener('abort', () => this.#notify());
  }

  stop(): void {
    this.#stopped.abort();
  }

  /** The next result in order; null after the last. */
  async next(): Promise<Generated | null> {
    for (;;) {
      if (this.#failure) throw this.#failure.error;
      throwIfAborted(this.#options.signal);
      const result = this.#results.get(this.#given);
      if (result) {
        this.#results.delete(this.#given);
        this.#outstandingTokens -= this.#lengths.get(this.#given) ?? 0;
        this.#lengths.delete(this.#given);
        this.#given++;
        this.#notify();
        return result;
      }
      if (this.#exhausted && this.#given === this.#readCount) return null;
      await this.#changed.promise;
    }
  }

  /** Reads sources while there is room; ends with the last one. */
  async read(): Promise<void> {
    try {
      const sources = this.#sources;
      const iterator = Symbol.asyncIterator in sources ? sources[Symbol.asyncIterator]() : sources[Symbol.iterator]();
      for (;;) {
        while (this.#outstandingTokens >= LOOK_AHEAD_TOKENS && !this.#signal.aborted) {
          this.#filled = true;
          this.#notify();
          await this.#changed.promise;
        }
        if (this.#signal.aborted) {
          await iterator.return?.();
          return;
        }
        this.#filled = false;
        const next = iterator.next();
        const result = next instanceof Promise ? await this.#patiently(next) : next;
        if (result.done) break;
        this.#add(result.value);
      }
      this.#exhausted = true;
      this.#filled = true;
    } catch (error) {
      this.#failure ??= { error };
    }
    this.#notify();
  }

  /** One model's work: batch after batch until nothing is left to do. */
  async work(model: StepModel<F, S>): Promise<void> {
    try {
      while (!this.#signal.aborted && !(this.#exhausted && this.#given === this.#readCount)) {
        const jobs = this.#filled ? this.#takeBatch(model) : [];
        if (jobs.length === 0) {
          await this.#changed.promise;
          continue;
        }
        const found = await this.#run(model, jobs);
        jobs.forEach((job, i) => {
          const result = found[i];
          if (result) this.#settle(job, result);
        });
        this.#notify();
      }
    } catch (error) {
      this.#failure ??= { error };
      this.stop();
    }
  }

  #add(source: Source<F>): void {
    const index = this.#readCount++;
    this.#outstandingTokens += source.length;
    this.#lengths.set(index, source.length);
    this.#pending.push(firstJob(index, source));
  }

  async #patiently<T>(result: Promise<T>): Promise<T> {
    const timer = setTimeout(() => {
      this.#filled = true;
      this.#notify();
    }, PATIENCE_MS);
    try {
      return await result;
    } finally {
      clearTimeout(timer);
    }
  }

  #notify(): void {
    const changed = this.#changed;
    this.#changed = new Change();
    changed.happen();
  }

  /** Of the batches that the pending sources make, by length, the one with the oldest source: it holds up the others' results. */
  #takeBatch(model: StepModel<F, S>): Job<F>[] {
    const batches = this.#batches(model);
    const oldest = (batch: Job<F>[]): number => batch.reduce((least, { index }) => Math.min(least, index), Infinity);
    const [first, ...rest] = batches;
    if (!first) return [];
    const next = rest.reduce((best, batch) => (oldest(batch) < oldest(best) ? batch : best), first);
    const taken = new Set(next);
    this.#pending = this.#pending.filter((job) => !taken.has(job));
    return next;
  }

  /** All pending jobs, longest first, cut into batches of those that search alike. */
  #batches(model: StepModel<F, S>): Job<F>[][] {
    const { batchTokens, batchSources } = this.#options;
    this.#pending.sort((a, b) => b.source.length - a.source.length || a.index - b.index);
    const batches: Job<F>[][] = [];
    const filling = new Map<number, { batch: Job<F>[]; most: number }>();
    for (const job of this.#pending) {
      const width = searchWidth(job, model, this.#options);
      const open = filling.get(width);
      if (open && open.batch.length < open.most) {
        open.batch.push(job);
        continue;
      }
      const share = Math.max(1, width / CHEAP_BEAMS);
      const most = Math.max(1, Math.floor(Math.min(batchTokens / job.source.length, batchSources) / share));
      const batch = [job];
      batches.push(batch);
      filling.set(width, { batch, most });
    }
    return batches;
  }

  #run(model: StepModel<F, S>, jobs: Job<F>[]): Promise<Found[]> {
    const { allowed, prompt, lengthPenalty, hypotheses } = this.#options;
    const shown = jobs.map(() => -Infinity);
    const onPartial = (i: number, ids: () => Int32Array): void => {
      const now = performance.now();
      if (now - (shown[i] ?? 0) < PARTIAL_EVERY_MS) return;
      shown[i] = now;
      this.#options.onPartial?.(jobs[i]?.index ?? 0, ids());
    };
    const common = {
      signal: this.#signal,
      ...(allowed ? { allowed } : {}),
      ...(prompt ? { prompt } : {}),
      ...(this.#options.onPartial ? { onPartial } : {}),
    };
    const sources = jobs.map((job) => searchSource(job, model, this.#options));
    const [first] = jobs;
    const beams = first ? searchWidth(first, model, this.#options) : 1;
    if (beams === 0 && hasGreedy(model)) {
      const looping = (i: number, ids: Int32Array): boolean => isLooping(ids, jobs[i]?.source.ids ?? new Int32Array());
      return greedySearch(model, sources, { ...common, ...GREEDY_CALL, isLooping: looping });
    }
    return beamSearch(model, sources, { ...common, beams, hypotheses, lengthPenalty });
  }

  /** Keeps what a try found, or has the source tried again. */
  #settle(job: Job<F>, found: Found): void {
    const outcome = judge(job, found, (result) => this.#options.review?.(job.index, result) ?? NOTHING_LACKING);
    if ('again' in outcome) this.#pending.push(outcome.again);
    else this.#results.set(job.index, outcome.result);
  }
}
