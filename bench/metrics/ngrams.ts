/** How often each run of `order` items occurs; a run's key is its items joined by `separator`. */
export function countNgrams(items: readonly string[], order: number, separator: string): Map<string, number> {
  const counts = new Map<string, number>();
  for (let start = 0; start + order <= items.length; start++) {
    const key = items.slice(start, start + order).join(separator);
    counts.set(key, (counts.get(key) ?? 0) + 1);
  }
  return counts;
}

/** How many of the first's n-grams the second has too, each at most as often as it has it. */
export function countMatches(counts: Map<string, number>, reference: Map<string, number>): number {
  let matches = 0;
  for (const [key, count] of counts) matches += Math.min(count, reference.get(key) ?? 0);
  return matches;
}

/** Throws unless every set of references has a line for each hypothesis, and there is something to score. */
export function checkCorpus(hypotheses: readonly string[], references: readonly (readonly string[])[]): void {
  if (hypotheses.length === 0 || references.length === 0) throw new RangeError('There is nothing to score: no lines.');
  for (const set of references) {
    if (set.length !== hypotheses.length) {
      throw new RangeError(`There are ${hypotheses.length} lines but ${set.length} references: give one for each.`);
    }
  }
}
