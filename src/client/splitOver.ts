import type { Link } from '../protocol/types.ts';

/** How much a piece that is too long or too short for its time counts against words that come with the wrong piece. */
const TIME_WEIGHT = 0.5;
/** A break after a comma reads better: it may be so much worse otherwise. */
const PUNCTUATION_WEIGHT = 0.05;

/**
 * Cuts the translation of a sentence into as many pieces as its source stands in, between words: so that few links of the
 * alignment cross a cut, and the pieces have about the shares of the text that their sources have of the time.
 * @param alignment - links between ranges of the sentence and of its translation
 * @param starts - where in the source every piece but the first begins, ascending
 * @param seconds - how long each piece is shown, one more than `starts`
 */
export function splitOver(target: string, alignment: Link[], starts: number[], seconds: number[]): string[] {
  const breaks = wordStarts(target);
  const total = seconds.reduce((sum, value) => sum + value, 0);
  let passed = 0;
  const costs = starts.map((start, i) => {
    passed += seconds[i] ?? 0;
    const share = total > 0 ? passed / total : (i + 1) / seconds.length;
    return breaks.map((at) => {
      const time = Math.abs(at / target.length - share) * TIME_WEIGHT;
      return (
        crossing(alignment, start, at) + time - (/[,;:.!?]\s*$/u.test(target.slice(0, at)) ? PUNCTUATION_WEIGHT : 0)
      );
    });
  });
  const ends = [...cheapest(costs, breaks.length).map((column) => breaks[column] ?? target.length), target.length];
  return ends.map((end, i) => target.slice(ends[i - 1] ?? 0, end).trim());
}

/** Where words begin, but the first. Languages without spaces have words, too. */
function wordStarts(text: string): number[] {
  const segmenter = new Intl.Segmenter(undefined, { granularity: 'word' });
  const spaced = /\S\s+\S/u.test(text);
  return [...segmenter.segment(text)]
    .filter(({ index }) => index > 0 && (spaced ? /\s$/u.test(text.slice(0, index)) : true))
    .filter(({ segment, isWordLike }) => isWordLike === true || (spaced && segment.trim() !== ''))
    .map(({ index }) => index);
}

/** The share of the alignment that says: this word belongs to the other side of the cut. */
function crossing(alignment: Link[], start: number, at: number): number {
  let all = 0;
  let crossed = 0;
  for (const { source, target, weight } of alignment) {
    all += weight;
    if (source[0] < start !== target[0] < at) crossed += weight;
  }
  return all > 0 ? crossed / all : 0;
}

/** The columns, one a row and ascending, with the least sum; a row without a column left gets one past the end. */
function cheapest(costs: number[][], columns: number): number[] {
  if (columns < costs.length) return costs.map((_, row) => row);
  // best[row][column]: the least sum of the rows up to this one, the last of them at this column.
  const best: number[][] = [];
  const from: number[][] = [];
  costs.forEach((row, i) => {
    let least = i === 0 ? 0 : Infinity;
    let at = -1;
    const sums: number[] = [];
    const froms: number[] = [];
    for (let column = 0; column < columns; column++) {
      const before = best[i - 1]?.[column - 1] ?? Infinity;
      if (i > 0 && before < least) [least, at] = [before, column - 1];
      sums.push(least + (row[column] ?? 0));
      froms.push(at);
    }
    best.push(sums);
    from.push(froms);
  });
  const chosen: number[] = [];
  let column = best.at(-1)?.reduce((least, value, i, row) => (value < (row[least] ?? Infinity) ? i : least), 0) ?? 0;
  for (let row = costs.length - 1; row >= 0; row--) {
    chosen.unshift(column);
    column = from[row]?.[column] ?? 0;
  }
  return chosen;
}
