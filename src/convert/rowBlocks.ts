/** As many values are read as floats at a time. */
const BLOCK_VALUES = 2 ** 20;

/**
 * The rows `[from, to)` of a matrix, some at a time, read when they are asked for: a matrix is a fraction of its floats' size
 * in the file, and the largest may be a third of a model.
 * @param width values of a row
 */
export function inBlocks(
  from: number,
  to: number,
  width: number,
  read: (from: number, to: number) => Float32Array,
): (() => Float32Array)[] {
  const rows = Math.max(1, Math.floor(BLOCK_VALUES / width));
  return Array.from({ length: Math.ceil((to - from) / rows) }, (_, i) => {
    const first = from + i * rows;
    return () => read(first, Math.min(to, first + rows));
  });
}

/** Values times a factor: the same values, not a copy, where that is 1. */
export function scaled(values: Float32Array, factor: number): Float32Array {
  return factor === 1 ? values : values.map((value) => value * factor);
}
