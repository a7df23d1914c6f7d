/** What repeated timings are reported as. */
export interface Summary {
  min: number;
  median: number;
  max: number;
}

/** The value below which `share` (0..1) of the values lie, nearest rank. Throws a RangeError without values. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)];
  if (value === undefined) throw new RangeError('There is no percentile of no values.');
  return value;
}

/** Smallest, middle and largest of the values, each rounded to `digits` decimals. */
export function summarise(values: readonly number[], digits = 0): Summary {
  return {
    min: round(percentile(values, 0), digits),
    median: round(median(values), digits),
    max: round(percentile(values, 1), digits),
  };
}

/** The middle value, or the mean of the two in the middle. */
export function median(values: readonly number[]): number {
  const lower = percentile(values, 0.5);
  return values.length % 2 === 1 ? lower : (lower + percentile(values, 0.5 + 1 / values.length)) / 2;
}

export function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}
