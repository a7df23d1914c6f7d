/** Steps to either side of zero: -128 is left out, so that a weight and its negative are equally far from their true values. */
const STEPS = 127;

/**
 * Rounds every row to int8 with a scale of its own.
 * @param rows [n, width]
 * @returns data [n, width] and scales [n]; value = data * scale
 */
export function quantiseRows(rows: Float32Array, width: number): { data: Int8Array; scales: Float32Array } {
  const scales = Float32Array.from({ length: rows.length / width }, (_, row) => {
    const values = rows.subarray(row * width, (row + 1) * width);
    return values.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / STEPS || 1;
  });
  const data = new Int8Array(rows.length);
  for (let i = 0; i < rows.length; i++) data[i] = Math.round(rows[i]! / scales[Math.floor(i / width)]!);
  return { data, scales };
}

/**
 * Rounds a matrix to int8 with a scale for each output, which costs a float model a fraction of what one scale for all costs.
 * @param rows [outputs, inputs]
 * @returns weight [inputs, outputs] and scales [outputs]; value = weight * scale
 */
export function quantiseColumns(rows: Float32Array, inputs: number): { weight: Int8Array; scales: Float32Array } {
  const outputs = rows.length / inputs;
  const weight = new Int8Array(rows.length);
  const scales = new Float32Array(outputs);
  for (let output = 0; output < outputs; output++) {
    const row = rows.subarray(output * inputs, (output + 1) * inputs);
    const scale = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / STEPS || 1;
    scales[output] = scale;
    row.forEach((value, input) => {
      weight[input * outputs + output] = Math.round(value / scale);
    });
  }
  return { weight, scales };
}
