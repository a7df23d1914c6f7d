import type { LogitsProcessor } from './logits.ts';
import type { Lexicon, StartOptions } from './model.ts';
import type { Placement, Steerer } from './steering.ts';

/** One source of a search batch. */
export interface SearchSource<F> {
  features: F;
  /** In tokens; how long the output will be, roughly. Absent: nothing is known. */
  length?: number;
  /** Longest output in tokens, end-of-sentence counted; what has not ended by then is cut off. */
  maxTokens: number;
  /** Rewrite the log-probabilities of each hypothesis before it is extended. Beam search only. */
  processors?: LogitsProcessor[];
  /** Terms that the output must hold. Beam search only. */
  steering?: Steerer;
  /** Ids that must stay possible on top of the shortlist. */
  extraIds?: Int32Array;
}

export interface Hypothesis {
  /** Without end-of-sentence. */
  ids: Int32Array;
  /** Mean log-probability per token, end-of-sentence included where the hypothesis reached it. */
  score: number;
  /** [ids.length], the log-probability of each. */
  logProbs: Float32Array;
  /** [ids.length, sourceLength]: what each token attended to; absent without an alignment head. */
  attention?: Float32Array;
  sourceLength: number;
  /** False where the length limit cut it off. */
  ended: boolean;
  /** Where steered terms stand in `ids`. */
  placements: Placement[];
}

/** What a search found for one source: best first, never empty. */
export interface Found {
  hypotheses: Hypothesis[];
  /** Greedy search gave up on this source because its output went round in circles. */
  looped: boolean;
}

export interface SearchOptions<S = unknown> {
  signal: AbortSignal;
  allowed?: Lexicon;
  /** Forced first ids, the same for every source; they are no part of what is found. */
  prompt?: Int32Array;
  /** Shown the model's state before the first token, when the encoder has run. */
  onStart?(state: S): void;
  /** Called after every run with the ids that a source has so far. */
  onPartial?(source: number, ids: () => Int32Array): void;
}

/** What a model is told at the start of a batch. */
export function startOptions<F>(sources: SearchSource<F>[], beams: number, options: SearchOptions): StartOptions {
  return {
    beams,
    prompt: options.prompt ?? new Int32Array(0),
    ...(options.allowed ? { allowed: options.allowed } : {}),
    ...(sources.some((source) => source.extraIds !== undefined)
      ? { extraIds: sources.map((source) => source.extraIds ?? new Int32Array(0)) }
      : {}),
    signal: options.signal,
  };
}

/** Rows of equal width, one after the other. */
export function concatenate(rows: Float32Array[], width: number): Float32Array {
  const all = new Float32Array(rows.length * width);
  rows.forEach((row, i) => {
    all.set(row, i * width);
  });
  return all;
}
