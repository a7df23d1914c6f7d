import { expect, it } from 'vitest';
import { median, percentile, round, summarise } from './statistics.ts';

it('takes percentiles by nearest rank', () => {
  const values = [30, 10, 20, 50, 40];
  expect(percentile(values, 0)).toBe(10);
  expect(percentile(values, 0.2)).toBe(10);
  expect(percentile(values, 0.21)).toBe(20);
  expect(percentile(values, 0.95)).toBe(50);
  expect(percentile(values, 1)).toBe(50);
  expect(() => percentile([], 0.5)).toThrow(RangeError);
});

it('takes the middle, between two where there are two', () => {
  expect(median([3, 1, 2])).toBe(2);
  expect(median([4, 1, 3, 2])).toBe(2.5);
  expect(median([7])).toBe(7);
  expect(median([1, 9])).toBe(5);
});

it('summarises and rounds', () => {
  expect(summarise([1.26, 3, 2], 1)).toEqual({ min: 1.3, median: 2, max: 3 });
  expect(round(1234.5678, 2)).toBe(1234.57);
});
