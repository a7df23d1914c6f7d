/** Steps to either side of zero: -128 is left out, so that a weight and its negative are equally far from their true values. */
const STEPS = 127;

/**
 * Rounds every row to int8 with a scale of its own.
 * @param rows [n, width]
 * @returns data [n, width] and scales [n]; value = data * scale
 */
export function quantiseRows(rows: Float32Array, width: number): { data: Int8Array; scales: Float32Array } {
  return quantise(rows, width, Math.fround);
}

/**
 * Rounds a matrix to int8 with a scale for each output, which costs a float model a fraction of what one scale for all costs.
 * @param rows [outputs, inputs]
 * @returns weight [inputs, outputs] and scales [outputs]; value = weight * scale
 */
export function quantiseColumns(rows: Float32Array, inputs: number): { weight: Int8Array; scales: Float32Array } {
  const { data, scales } = quantise(rows, inputs, (scale) => scale);
  const weight = new Int8Array(data.length);
  transposeInto(weight, data, { inputs, outputs: scales.length, column: 0 });
  return { weight, scales };
}

/** @param divisor what values are divided by: their scale, or the float32 that is kept of it */
function quantise(
  rows: Float32Array,
  width: number,
  divisor: (scale: number) => number,
): { data: Int8Array; scales: Float32Array } {
  const scales = new Float32Array(rows.length / width);
  const data = new Int8Array(rows.length);
  for (let row = 0, start = 0; row < scales.length; row++, start += width) {
    let most = 0;
    for (let i = start; i < start + width; i++) most = Math.max(most, Math.abs(rows[i]!));
    const scale = most / STEPS || 1;
    scales[row] = scale;
    const step = divisor(scale);
    for (let i = start; i < start + width; i++) data[i] = Math.round(rows[i]! / step);
  }
  return { data, scales };
}

/** As many columns are written at a time as lie in a few lines of the processor's cache, or every value would cost a line. */
const COLUMNS_AT_A_TIME = 64;

/**
 * Lays the rows of one matrix into another as its columns.
 * @param weight [inputs, outputs]
 * @param rows [n, inputs]
 * @param column of the first of them
 */
export function transposeInto(
  weight: Int8Array,
  rows: Int8Array,
  { inputs, outputs, column }: { inputs: number; outputs: number; column: number },
): void {
  const count = rows.length / inputs;
  for (let first = 0; first < count; first += COLUMNS_AT_A_TIME) {
    const end = Math.min(count, first + COLUMNS_AT_A_TIME);
    for (let input = 0; input < inputs; input++) {
      const at = input * outputs + column;
      for (let row = first; row < end; row++) weight[at + row] = rows[row * inputs + input]!;
    }
  }
}
