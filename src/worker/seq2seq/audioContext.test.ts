import { describe, expect, it } from 'vitest';
import { audioContext, SILENT_ROWS } from './audioContext.ts';

/** How many places each stands for. */
const counts = (bias: Float32Array): number[] => Array.from(bias, (value) => Math.round(Math.exp(value)));

describe('audioContext', () => {
  it('stands for every place of the whole context once, in order', () => {
    const { places, bias } = audioContext(100 + SILENT_ROWS, 100, 1500);
    expect(counts(bias).reduce((sum, count) => sum + count, 0)).toBe(1500);
    expect([...places]).toEqual([...places].sort((a, b) => a - b));
    expect(new Set(places).size).toBe(places.length);
    expect(places.at(-1)).toBeLessThan(1500);
    expect(places.length).toBeLessThan(100 + 50 + 70);
  });

  it('hears the sound place by place, and after it one row of silence everywhere', () => {
    const { rows, places, bias } = audioContext(100 + SILENT_ROWS, 100, 1500);
    expect([...rows.subarray(0, 103)]).toEqual(Array.from({ length: 103 }, (_, i) => i));
    expect([...places.subarray(0, 150)]).toEqual(Array.from({ length: 150 }, (_, i) => i));
    expect(new Set(rows.subarray(102))).toEqual(new Set([102]));
    expect([...bias.subarray(0, 150)]).toEqual(new Array(150).fill(0));
  });

  it('leaves features as they are in which no silence follows the sound', () => {
    for (const heard of [1500, 1496]) {
      const { rows, places, bias } = audioContext(1500, heard, 1500);
      expect(rows).toEqual(places);
      expect([...rows]).toEqual(Array.from({ length: 1500 }, (_, i) => i));
      expect(bias).toEqual(new Float32Array(1500));
    }
  });

  it('merges nothing where less than a second is left', () => {
    const { rows, bias } = audioContext(1480 + SILENT_ROWS, 1480, 1500);
    expect(rows).toHaveLength(1500);
    expect(rows.at(-1)).toBe(1482);
    expect(bias).toEqual(new Float32Array(1500));
  });
});
