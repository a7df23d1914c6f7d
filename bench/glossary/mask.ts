import type { Link, Range } from '../../src/protocol/types.ts';

/** Stands for a term in a masked text: one token to the metrics, and no word of any language. */
const MASK = 'TERM';

/** Where a term stands in a text as whole words, whatever its case; undefined where it does not. */
export function findTerm(text: string, term: string): Range | undefined {
  const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  const match = new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'iu').exec(text);
  return match === null ? undefined : [match.index, match.index + match[0].length];
}

/**
 * The part of the target that translates a range of the source, by the alignment: of the stretches of neighbouring target
 * words that are linked to the range, the one with most weight. Undefined where nothing is linked to it.
 */
export function findAligned(target: string, alignment: readonly Link[], source: Range): Range | undefined {
  const stretches: { range: Range; weight: number }[] = [];
  const links = alignment
    .filter((link) => link.source[0] < source[1] && source[0] < link.source[1])
    .toSorted((one, other) => one.target[0] - other.target[0]);
  for (const { target: range, weight } of links) {
    const last = stretches.at(-1);
    if (last !== undefined && target.slice(last.range[1], range[0]).trim() === '') {
      last.range = [last.range[0], Math.max(last.range[1], range[1])];
      last.weight += weight;
    } else {
      stretches.push({ range: [...range], weight });
    }
  }
  if (stretches.length === 0) return undefined;
  return stretches.reduce((best, other) => (other.weight > best.weight ? other : best)).range;
}

/** The text with a mask in place of the range; without a range, the text as it is. */
export function mask(text: string, range: Range | undefined): string {
  return range === undefined ? text : text.slice(0, range[0]) + MASK + text.slice(range[1]);
}
