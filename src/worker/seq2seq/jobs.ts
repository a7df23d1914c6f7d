import { hasGreedy } from './greedy.ts';
import { isLooping, noRepeatNgram } from './logits.ts';
import type { StepModel } from './model.ts';
import type { Found, Hypothesis, SearchSource } from './search.ts';
import { Steering, type PieceKinds, type Term } from './steering.ts';

/** Something to be translated, transcribed or described. */
export interface Source<F> {
  features: F;
  /** In tokens: what batches are sorted and cut by. */
  length: number;
  /** Its tokens, where it has any: a source that repeats itself may be translated so. */
  ids?: Int32Array;
}

export interface Generated {
  /** Best first, never empty. */
  hypotheses: Hypothesis[];
  /** The output went round in circles and was made anew with repetition forbidden. */
  repeated: boolean;
}

/** What is wrong with a result. */
export interface Review {
  /** How many things it lacks. */
  lacking: number;
  /** What a second try must hold: what is lacking, and what must not be lost in its stead. */
  terms: readonly Term[];
}

/** One try at one source. */
export interface Job<F> {
  index: number;
  source: Source<F>;
  /** What the review of an earlier try asks for. */
  terms: readonly Term[];
  /** The second try for terms that the attention never led to. */
  anywhere: boolean;
  /** Repetition is forbidden, because the try before went round in circles. */
  guarded: boolean;
  repeated: boolean;
  /** What an earlier try found, kept should this one be no better. */
  earlier: Generated | null;
}

/** Hypotheses that hold a term stand beside those that do not yet: so many for the first term, and more for each other one. */
const STEERED_BEAMS = { first: 8, each: 3, most: 18 };
const REPEATED_NGRAM = 3;

/**
 * Longest output for a source, both in tokens with end-of-sentence: 2.5 times as long (the `max-length-factor` that
 * Firefox's models are configured with), and some more, because a name or a number of one piece may become many.
 */
export function maxOutputTokens(sourceLength: number): number {
  return Math.ceil(2.5 * sourceLength) + 8;
}

export function firstJob<F>(index: number, source: Source<F>): Job<F> {
  return { index, source, terms: [], anywhere: false, guarded: false, repeated: false, earlier: null };
}

/** Hypotheses that a job's search keeps; 0 for greedy search in the model's own loop. */
export function searchWidth<F, S>(
  { terms, guarded }: Job<F>,
  model: StepModel<F, S>,
  wanted: { beams: number; hypotheses: number },
): number {
  const beams = Math.max(wanted.beams, wanted.hypotheses);
  const { first, each, most } = STEERED_BEAMS;
  if (terms.length > 0) return Math.max(beams, Math.min(most, first + each * (terms.length - 1)));
  return beams === 1 && !guarded && hasGreedy(model) ? 0 : beams;
}

/** What a job's search is told. */
export function searchSource<F, S>(
  { source, terms, guarded, anywhere }: Job<F>,
  model: StepModel<F, S>,
  { kinds, prompt, noRepeat = 0 }: { kinds?: () => PieceKinds; prompt?: Int32Array; noRepeat?: number },
): SearchSource<F> {
  const ngram = guarded ? Math.min(noRepeat || REPEATED_NGRAM, REPEATED_NGRAM) : noRepeat;
  const longestForms = terms.reduce((sum, { forms }) => sum + Math.max(...forms.map((form) => form.length)), 0);
  return {
    features: source.features,
    length: source.length,
    maxTokens: Math.min(model.maxTokens - (prompt?.length ?? 0), maxOutputTokens(source.length) + longestForms),
    ...(ngram > 0 ? { processors: [noRepeatNgram(ngram)] } : {}),
    ...(terms.length > 0 && kinds
      ? { steering: new Steering({ terms, kinds: kinds(), eosId: model.eosId, anywhere }), extraIds: idsOf(terms) }
      : {}),
  };
}

/** Decides whether what a job found is the result, or which job is to be done next. */
export function judge<F>(
  job: Job<F>,
  { hypotheses, looped }: Found,
  review: (result: Generated) => Review,
): { result: Generated } | { again: Job<F> } {
  const [best] = hypotheses;
  if (!best) throw new Error('A search found nothing.');
  const loops = looped || isLooping(best.ids, job.source.ids ?? new Int32Array());
  if (!job.guarded && (loops || best.ids.length === 0)) return { again: { ...job, guarded: true, repeated: loops } };

  const { earlier, terms } = job;
  const found: Generated = { hypotheses, repeated: job.repeated };
  if (!earlier) {
    const { lacking, terms: wanted } = review(found);
    if (lacking === 0 || wanted.length === 0) return { result: found };
    return { again: { ...firstJob(job.index, job.source), terms: wanted, earlier: found } };
  }
  if (best.placements.length < terms.length && !job.anywhere) {
    return { again: { ...firstJob(job.index, job.source), terms, anywhere: true, earlier } };
  }
  const isBetter = !loops && review(found).lacking < review(earlier).lacking;
  return { result: isBetter ? found : earlier };
}

function idsOf(terms: readonly Term[]): Int32Array {
  return Int32Array.from(
    new Set(terms.flatMap(({ forms, initialForms = [] }) => [...forms, ...initialForms].flatMap((form) => [...form]))),
  );
}
