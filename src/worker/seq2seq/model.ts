/**
 * The decoder contract (after CTranslate2's `layers/decoder.h`). Search knows nothing of the architecture behind it:
 * SSRU cells, growing key/value caches and LSTM states are all just `S`. Cross-attention memory is never copied per beam.
 */

/** Which output ids a source sentence allows: a lexical shortlist. */
export interface Lexicon {
  /** Sorted, unique output ids allowed for these source ids (always includes end-of-sentence). */
  allowed(sourceIds: Int32Array): Int32Array;
}

export interface StartOptions {
  /** Hypotheses kept per source; rows of every step are source-major: row = source * beams + beam. */
  beams: number;
  /** Forced first ids, the same for every row; empty for most translators. */
  prompt: Int32Array;
  /** Row-independent restriction of the output vocabulary; absent: the whole vocabulary. */
  allowed?: Lexicon;
  /** Ids that must stay possible for a source on top of its shortlist, one array a source (glossary terms). */
  extraIds?: Int32Array[];
  signal: AbortSignal;
}

export interface StepOutput {
  /** [rows, width], log-probabilities over `vocab` (or the whole vocabulary). */
  logProbs: Float32Array;
  width: number;
  /** With a shortlist on: for each source, column -> output id. Columns past an array's end hold -Infinity. */
  vocab?: Int32Array[];
  /** [rows, sourceLength] cross-attention of the alignment head for the token about to be chosen; padded with 0. */
  attention?: Float32Array;
  sourceLength?: number;
}

export interface GreedyOutput {
  /** One array a live row: the new ids, up to and including end-of-sentence. */
  ids: Int32Array[];
  /** One array a live row: the log-probability of each of those ids. */
  logProbs: Float32Array[];
  /** One array a live row: [ids.length, sourceLength of that row's own source], or absent without an alignment head. */
  attention?: Float32Array[];
}

export interface StepModel<F, S> {
  /** Longest output, in tokens, that the model can make. */
  readonly maxTokens: number;
  readonly eosId: number;
  /** Runs the encoder over a batch of sources and prefills the prompt. */
  start(sources: F[], options: StartOptions): Promise<S>;
  /** Feeds the ids chosen last (one a row; ignored at the first step after the prompt) and scores the next token. */
  step(ids: Int32Array, state: S, signal: AbortSignal): Promise<StepOutput>;
  /** Up to `tokens` greedy tokens for every live row in one call. Only with beams = 1. Rows that ended must be dropped with `select`. */
  greedy?(state: S, tokens: number, signal: AbortSignal): Promise<GreedyOutput>;
  /** Reorders beams and drops finished sources: `rows[i]` is the old row that becomes row i. Whole sources are dropped at once. */
  select(state: S, rows: Int32Array): Promise<void> | void;
  dispose(state: S): void;
}
