/** Steps to either side of zero: -128 is left out, so that a weight and its negative are equally far from their true values. */
const STEPS = 127;

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
