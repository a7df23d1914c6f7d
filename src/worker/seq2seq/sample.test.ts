import { describe, expect, it } from 'vitest';
import { logSoftmax, scripted, TableModel } from './fixtures/tableModel.ts';
import { sampleSearch, seededRandom, type SampleOptions } from './sample.ts';

const signal = new AbortController().signal;
const job = (id: number, maxTokens = 9) => ({ features: Int32Array.of(id), maxTokens });
const options = (over: Partial<SampleOptions> = {}): SampleOptions => ({
  signal,
  temperature: 1,
  samples: 1,
  random: seededRandom(1),
  ...over,
});

/** One token and the end, with these shares. */
const once = (shares: number[]) => (_: Int32Array, prefix: readonly number[]) =>
  prefix.length > 0 ? logSoftmax([9, 0, 0, 0]) : logSoftmax(shares.map((share) => Math.log(share)));

describe('sampleSearch', () => {
  it('draws ids as often as their probabilities say', async () => {
    const model = new TableModel(once([1e-9, 0.7, 0.2, 0.1]));
    const drawn = await sampleSearch(
      model,
      Array.from({ length: 2000 }, () => job(1)),
      options(),
    );
    const share = (id: number): number => drawn.filter(({ ids }) => ids[0] === id).length / drawn.length;
    expect(share(1)).toBeCloseTo(0.7, 1);
    expect(share(2)).toBeCloseTo(0.2, 1);
    expect(share(3)).toBeCloseTo(0.1, 1);
    expect(model.alive).toBe(0);
  });

  it('draws the likeliest more often the lower the temperature', async () => {
    const model = new TableModel(once([1e-9, 0.7, 0.2, 0.1]));
    const drawn = await sampleSearch(
      model,
      Array.from({ length: 500 }, () => job(1)),
      options({ temperature: 0.2 }),
    );
    expect(drawn.filter(({ ids }) => ids[0] === 1).length / drawn.length).toBeGreaterThan(0.97);
  });

  it('gives the likeliest of several samples, with its own log-probabilities, not the tempered ones', async () => {
    const model = new TableModel(once([1e-9, 0.5, 0.3, 0.2]), (source) => Float32Array.from(source));
    const [best] = await sampleSearch(model, [job(6)], options({ samples: 40, temperature: 2 }));
    expect([...best!.ids]).toEqual([1]);
    expect(best!.logProbs[0]).toBeCloseTo(Math.log(0.5), 4);
    expect(best!.ended).toBe(true);
    expect([...best!.attention!]).toEqual([6]);
  });

  it('says what a scripted model says, and drops sources that are done', async () => {
    const model = new TableModel(scripted(8, (source) => Array.from({ length: source[0]! }, (_, i) => i + 1)));
    const found = await sampleSearch(model, [job(2), job(5), job(1)], options({ samples: 2, temperature: 0.1 }));
    expect(found.map(({ ids }) => [...ids])).toEqual([[1, 2], [1, 2, 3, 4, 5], [1]]);
    expect(model.calls).toEqual([6, 6, 4, 2, 2, 2]);
  });

  it('stops at the longest output and keeps the rules', async () => {
    const model = new TableModel(scripted(8, () => [1, 1, 1, 1, 1, 1]));
    const forbid = (scores: Float32Array): void => void (scores[1] = -Infinity);
    const found = await sampleSearch(
      model,
      [job(1, 3), { ...job(1, 3), processors: [forbid] }],
      options({ temperature: 0.1 }),
    );
    expect([...found[0]!.ids]).toEqual([1, 1, 1]);
    expect(found[0]!.ended).toBe(false);
    expect(found[1]!.ids).not.toContain(1);
  });
});

it('seededRandom gives the same numbers for the same seed, evenly spread', () => {
  const [a, b] = [seededRandom(7), seededRandom(7)];
  const numbers = Array.from({ length: 1000 }, a);
  expect(Array.from({ length: 1000 }, b)).toEqual(numbers);
  expect(numbers.reduce((sum, value) => sum + value, 0) / 1000).toBeCloseTo(0.5, 1);
  expect(Math.min(...numbers)).toBeGreaterThanOrEqual(0);
  expect(Math.max(...numbers)).toBeLessThan(1);
});
