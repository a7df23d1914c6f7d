import { checkCorpus, countMatches, countNgrams } from './ngrams.ts';
import { splitWords } from './whitespace.ts';

const CHARACTER_ORDER = 6;
/** Recall weighs twice as much as precision: the 2 of chrF2. */
const BETA = 2;

/** Counts of one order: n-grams of the hypothesis, of the reference, and those they share. */
interface OrderCounts {
  hypothesis: number;
  reference: number;
  matches: number;
}

/**
 * Corpus chrF2, 0..100, equal to sacrebleu's default (`nrefs:N|case:mixed|eff:yes|nc:6|nw:0|space:no`).
 * `references` holds one or more sets, each with a line for every hypothesis; a line is scored against the one of its
 * references that suits it best. (Popović 2015.) Throws a RangeError when the lines do not pair up.
 */
export function corpusChrf(hypotheses: readonly string[], references: readonly (readonly string[])[]): number {
  checkCorpus(hypotheses, references);
  const sums = Array.from({ length: CHARACTER_ORDER }, (): OrderCounts => ({
    hypothesis: 0,
    reference: 0,
    matches: 0,
  }));
  hypotheses.forEach((hypothesis, line) => {
    const candidates = references.map((set) => countOrders(hypothesis, set[line] ?? ''));
    const best = candidates.reduce((one, other) => (fScore(other) > fScore(one) ? other : one));
    sums.forEach((sum, slot) => {
      sum.hypothesis += best[slot]?.hypothesis ?? 0;
      sum.reference += best[slot]?.reference ?? 0;
      sum.matches += best[slot]?.matches ?? 0;
    });
  });
  return fScore(sums);
}

/** The counts of every order. A hypothesis's n-grams do not count where its reference is too short to have any. */
function countOrders(hypothesis: string, reference: string): OrderCounts[] {
  const ours = charactersOf(hypothesis);
  const theirs = charactersOf(reference);
  return Array.from({ length: CHARACTER_ORDER }, (_, slot): OrderCounts => {
    const order = slot + 1;
    const referenceTotal = Math.max(0, theirs.length - order + 1);
    return {
      hypothesis: referenceTotal > 0 ? Math.max(0, ours.length - order + 1) : 0,
      reference: referenceTotal,
      matches: countMatches(countNgrams(ours, order, ''), countNgrams(theirs, order, '')),
    };
  });
}

/** Code points without white space. */
function charactersOf(line: string): string[] {
  return Array.from(splitWords(line).join(''));
}

/** F-beta of the mean precision and the mean recall over the orders that both sides are long enough for. */
function fScore(counts: OrderCounts[]): number {
  const used = counts.filter(({ hypothesis, reference }) => hypothesis > 0 && reference > 0);
  if (used.length === 0) return 0;
  const precision = used.reduce((sum, { matches, hypothesis }) => sum + matches / hypothesis, 0) / used.length;
  const recall = used.reduce((sum, { matches, reference }) => sum + matches / reference, 0) / used.length;
  if (precision + recall === 0) return 0;
  return (100 * (1 + BETA ** 2) * precision * recall) / (BETA ** 2 * precision + recall);
}
