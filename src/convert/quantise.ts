import { release } from '../formats/release.ts';

/** Steps to either side of zero: -128 is left out, so that a weight and its negative are equally far from their true values. */
const STEPS = 127;

/** The values of a step in each row of a matrix [n, width]. */
export function rowScales(rows: Float32Array, width: number): Float32Array {
  return Float32Array.from({ length: rows.length / width }, (_, row) => stepOf(rows, row * width, width));
}

/**
 * Rounds every row to int8 with its scale; value = int8 * scale.
 * @param into as long as rows
 * @param rows [n, width]
 */
export function quantiseRows(into: Int8Array, rows: Float32Array, width: number): void {
  roundRows(into, rows, width, Math.fround);
}

/**
 * Rounds rows to int8 with a scale for each, which costs a float model a fraction of what one scale for all costs, and lays them into
 * a matrix as its columns.
 * @param into [inputs, outputs]
 * @param rows [n, inputs]
 */
export function quantiseColumns(into: Int8Array, rows: Float32Array, place: Columns): void {
  const rounded = new Int8Array(rows.length);
  roundRows(rounded, rows, place.inputs, (scale) => scale);
  transposeInto(into, rounded, place);
  release(rounded);
}

/** @param divisor what values are divided by: their scale, or the float32 that is kept of it */
function roundRows(into: Int8Array, rows: Float32Array, width: number, divisor: (scale: number) => number): void {
  for (let start = 0; start < rows.length; start += width) {
    const step = divisor(stepOf(rows, start, width));
    for (let i = start; i < start + width; i++) into[i] = Math.round(rows[i]! / step);
  }
}

function stepOf(rows: Float32Array, start: number, width: number): number {
  let most = 0;
  for (let i = start; i < start + width; i++) most = Math.max(most, Math.abs(rows[i]!));
  return most / STEPS || 1;
}

/** Where rows become the columns of a matrix [inputs, outputs]; `column` is the first of them. */
export interface Columns {
  inputs: number;
  outputs: number;
  column: number;
}

/** As many columns are written at a time as lie in a few lines of the processor's cache, or every value would cost a line. */
const COLUMNS_AT_A_TIME = 64;

/**
 * Lays the rows of one matrix into another as its columns.
 * @param weight [inputs, outputs]
 * @param rows [n, inputs]
 */
export function transposeInto(weight: Int8Array, rows: Int8Array, { inputs, outputs, column }: Columns): void {
  const count = rows.length / inputs;
  for (let first = 0; first < count; first += COLUMNS_AT_A_TIME) {
    const end = Math.min(count, first + COLUMNS_AT_A_TIME);
    for (let input = 0; input < inputs; input++) {
      const at = input * outputs + column;
      for (let row = first; row < end; row++) weight[at + row] = rows[row * inputs + input]!;
    }
  }
}
