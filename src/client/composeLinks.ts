import type { Link, Range } from '../protocol/types.ts';

/** The same as in the word alignment of one model: a word keeps its strongest link, and those of at least this share of it. */
const SHARE_OF_STRONGEST = 0.5;
/** A link says at least this much; two that are multiplied say less than either. */
const WEAKEST_LINK = 0.05;

/**
 * The alignment of a source and a target through the pivot between them. A pair of words is linked by every pivot word that
 * both are linked to: the sum of the two weights multiplied, by the share of the second model's word that is the first one's
 * (the two cut words differently). Sorted by target, then source.
 * @param first - from the source to the pivot
 * @param second - from the pivot to the target
 */
export function composeLinks(first: Link[], second: Link[]): Link[] {
  /** By target, then by source. */
  const words = new Map<string, Map<string, Link>>();
  for (const { source: pivot, target, weight } of second) {
    const sources = words.get(String(target)) ?? new Map<string, Link>();
    words.set(String(target), sources);
    for (const link of first) {
      const share = shared(link.target, pivot) / (pivot[1] - pivot[0]);
      if (share <= 0) continue;
      const before = sources.get(String(link.source))?.weight ?? 0;
      const sum = Math.min(1, before + link.weight * weight * share);
      sources.set(String(link.source), { source: link.source, target, weight: sum });
    }
  }
  return [...words.values()].flatMap(strong).sort((a, b) => a.target[0] - b.target[0] || a.source[0] - b.source[0]);
}

function strong(links: Map<string, Link>): Link[] {
  const strongest = Math.max(...[...links.values()].map(({ weight }) => weight));
  const least = Math.max(WEAKEST_LINK, strongest * SHARE_OF_STRONGEST);
  return [...links.values()].filter(({ weight }) => weight >= least);
}

const shared = (a: Range, b: Range): number => Math.min(a[1], b[1]) - Math.max(a[0], b[0]);
