import type { Link, Range } from '../../protocol/types.ts';

/** A link counts when it carries at least this share of the strongest link of the same word. */
const SHARE = 0.4;

const overlap = (a: Range, b: Range): boolean => a[0] < b[1] && b[0] < a[1];

/** The words of a sentence and what lies between them, in order and without holes. Finds words in Chinese and Japanese too. */
export function words(text: string, language: string): { range: Range; word: boolean }[] {
  return [...new Intl.Segmenter(language, { granularity: 'word' }).segment(text)].map((segment) => ({
    range: [segment.index, segment.index + segment.segment.length],
    word: segment.isWordLike === true,
  }));
}

/** What a word was made into, or made from: the ranges on the other side that its strongest links reach. */
export function linkedRanges(links: Link[], side: 'source' | 'target', word: Range): Range[] {
  const other = side === 'source' ? 'target' : 'source';
  const mine = links.filter((link) => overlap(link[side], word));
  const strongest = Math.max(0, ...mine.map((link) => link.weight));
  return mine.filter((link) => link.weight >= SHARE * strongest).map((link) => link[other]);
}

export const touches = (range: Range, ranges: Range[]): boolean => ranges.some((other) => overlap(range, other));

/** Where a term stands in a text as whole words, whatever its case. */
export function findTerm(text: string, term: string): Range[] {
  if (term === '') return [];
  const escaped = term.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
  return [...text.matchAll(new RegExp(`(?<![\\p{L}\\p{N}])${escaped}(?![\\p{L}\\p{N}])`, 'giu'))].map((match) => [
    match.index,
    match.index + match[0].length,
  ]);
}

/** Which glossary terms a sentence used: the source has the term and the target has its translation there. */
export function usedTerms(source: string, target: string, terms: [string, string][]): Range[] {
  return terms.flatMap(([from, to]) => (findTerm(source, from).length > 0 ? findTerm(target, to) : []));
}

/** Which words of `b`, by position, are in a longest common subsequence with `a`. */
export function commonWords(a: string[], b: string[]): number[] {
  // lengths[i][j]: the longest common subsequence of a from i on and b from j on.
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  const at = (i: number, j: number): number => lengths[i]?.[j] ?? 0;
  for (let i = a.length - 1; i >= 0; i--) {
    const row = lengths[i];
    for (let j = b.length - 1; row && j >= 0; j--) {
      row[j] = a[i] === b[j] ? at(i + 1, j + 1) + 1 : Math.max(at(i + 1, j), at(i, j + 1));
    }
  }
  const common: number[] = [];
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) {
      common.push(j);
      i++;
      j++;
    } else if (at(i + 1, j) >= at(i, j + 1)) i++;
    else j++;
  }
  return common;
}
