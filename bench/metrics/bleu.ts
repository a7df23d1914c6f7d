import { checkCorpus, countMatches, countNgrams } from './ngrams.ts';
import { tokenise13a } from './tokenise13a.ts';
import { trimEnd } from './whitespace.ts';

const MAX_ORDER = 4;

/**
 * Corpus BLEU, 0..100, equal to sacrebleu's default (`nrefs:N|case:mixed|eff:no|tok:13a|smooth:exp`).
 * `references` holds one or more sets, each with a line for every hypothesis. (Papineni et al. 2002; the smoothing is
 * mteval-v13a's, "method 3" of Chen and Cherry 2014.) Throws a RangeError when the lines do not pair up.
 */
export function corpusBleu(hypotheses: readonly string[], references: readonly (readonly string[])[]): number {
  checkCorpus(hypotheses, references);
  const matches = new Array<number>(MAX_ORDER).fill(0);
  const totals = new Array<number>(MAX_ORDER).fill(0);
  let hypothesisLength = 0;
  let referenceLength = 0;

  hypotheses.forEach((hypothesis, line) => {
    const tokens = tokenise13a(trimEnd(hypothesis));
    const referenceTokens = references.map((set) => tokenise13a(trimEnd(set[line] ?? '')));
    hypothesisLength += tokens.length;
    referenceLength += closestLength(
      tokens.length,
      referenceTokens.map((reference) => reference.length),
    );
    for (let order = 1; order <= MAX_ORDER; order++) {
      const wanted = mostOfEach(referenceTokens.map((reference) => countNgrams(reference, order, ' ')));
      const slot = order - 1;
      matches[slot] = (matches[slot] ?? 0) + countMatches(countNgrams(tokens, order, ' '), wanted);
      totals[slot] = (totals[slot] ?? 0) + Math.max(0, tokens.length - order + 1);
    }
  });

  return scoreOf(matches, totals, hypothesisLength, referenceLength);
}

/** BLEU from counts. Without a single match it is 0; an order without a match counts as half, a quarter, ... of one. */
function scoreOf(matches: number[], totals: number[], hypothesisLength: number, referenceLength: number): number {
  if (matches.every((count) => count === 0) || totals.some((total) => total === 0)) return 0;
  let smoothing = 1;
  let logPrecisions = 0;
  totals.forEach((total, slot) => {
    const count = matches[slot] ?? 0;
    if (count === 0) smoothing *= 2;
    logPrecisions += Math.log(count === 0 ? 100 / (smoothing * total) : (100 * count) / total);
  });
  const brevity = hypothesisLength < referenceLength ? Math.exp(1 - referenceLength / hypothesisLength) : 1;
  return brevity * Math.exp(logPrecisions / MAX_ORDER);
}

/** The length nearest to `length`; the shorter of two as near. */
function closestLength(length: number, candidates: number[]): number {
  return candidates.reduce((best, candidate) => {
    const closer = Math.abs(candidate - length) - Math.abs(best - length);
    return closer < 0 || (closer === 0 && candidate < best) ? candidate : best;
  });
}

/** For each n-gram the highest count that any of the references has. */
function mostOfEach(counts: Map<string, number>[]): Map<string, number> {
  const most = new Map<string, number>();
  for (const one of counts) for (const [key, count] of one) most.set(key, Math.max(count, most.get(key) ?? 0));
  return most;
}
