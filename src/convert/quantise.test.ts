import fc from 'fast-check';
import { expect, it } from 'vitest';
import { quantiseColumns, rowScales } from './quantise.ts';

/** A matrix [outputs, inputs] rounded, as [inputs, outputs], and its scales. */
function quantised(rows: Float32Array, inputs: number): { weight: Int8Array; scales: Float32Array } {
  const weight = new Int8Array(rows.length);
  quantiseColumns(weight, rows, { inputs, outputs: rows.length / inputs, column: 0 });
  return { weight, scales: rowScales(rows, inputs) };
}

it('rounds each output with a scale of its own, and turns rows into columns', () => {
  const { weight, scales } = quantised(Float32Array.of(127, -64, 1, 0.5, -0.25, 0), 3);
  expect([...weight]).toEqual([127, 127, -64, -63, 1, 0]);
  expect(scales[0]).toBe(1);
  expect(scales[1]).toBeCloseTo(0.5 / 127);
});

it('is never off by more than half a step', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: -8000, max: 8000 }), { minLength: 12, maxLength: 12 }), (values) => {
      const { weight, scales } = quantised(Float32Array.from(values), 4);
      values.forEach((value, i) => {
        const output = Math.floor(i / 4);
        const scale = scales[output] ?? NaN;
        expect(Math.abs((weight[(i % 4) * 3 + output] ?? NaN) * scale - value)).toBeLessThanOrEqual(scale * 0.5001);
      });
    }),
  );
});
