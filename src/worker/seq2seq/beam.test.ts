import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beamSearch, type BeamOptions } from './beam.ts';
import { TableModel, noise, scripted, type Table } from './fixtures/tableModel.ts';
import { noRepeatNgram } from './logits.ts';
import type { Lexicon } from './model.ts';

const signal = new AbortController().signal;
const source = (...ids: number[]): Int32Array => Int32Array.from(ids);

function options(beams: number, over: Partial<BeamOptions> = {}): BeamOptions {
  return { beams, hypotheses: 1, lengthPenalty: 1, signal, ...over };
}

/** Every output of at most `maxTokens` tokens, end-of-sentence counted, with its total log-probability. */
function enumerate(table: Table, features: Int32Array, vocabulary: number, maxTokens: number) {
  const all: { ids: number[]; logProb: number; length: number; ended: boolean }[] = [];
  const walk = (ids: number[], logProb: number): void => {
    if (ids.length === maxTokens) {
      all.push({ ids, logProb, length: maxTokens, ended: false });
      return;
    }
    const scores = table(features, ids);
    if (ids.length > 0) all.push({ ids, logProb: logProb + (scores[0] ?? 0), length: ids.length + 1, ended: true });
    for (let id = 1; id < vocabulary; id++) walk([...ids, id], logProb + (scores[id] ?? 0));
  };
  walk([], 0);
  return all;
}

describe('beamSearch', () => {
  it('finds with a wide beam what exhaustive search finds, scores included', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.constantFrom(0, 0.6, 1), async (seed, lengthPenalty) => {
        const [vocabulary, maxTokens, hypotheses] = [4, 4, 5];
        const table = noise(vocabulary, seed);
        const truth = enumerate(table, source(5, 6), vocabulary, maxTokens).sort(
          (a, b) => b.logProb / b.length ** lengthPenalty - a.logProb / a.length ** lengthPenalty,
        );
        const model = new TableModel(table);
        const [found] = await beamSearch(
          model,
          [{ features: source(5, 6), maxTokens }],
          options(128, { hypotheses, lengthPenalty }),
        );
        expect(found?.hypotheses.map(({ ids }) => [...ids])).toEqual(truth.slice(0, hypotheses).map(({ ids }) => ids));
        found?.hypotheses.forEach(({ score, ended }, i) => {
          expect(ended).toBe(truth[i]?.ended);
          expect(score).toBeCloseTo((truth[i]?.logProb ?? 0) / (truth[i]?.length ?? 1), 4);
        });
      }),
      { numRuns: 30 },
    );
  });

  it('stops where enough have ended, though others could rank higher', async () => {
    // Some end early; what goes on gets ever likelier.
    const table: Table = (_, prefix) =>
      Float32Array.from(prefix.length < 4 ? [0.3, 0.4, 0.3] : [0.01, 0.98, 0.01], (value) => Math.log(value));
    const search = async (over: Partial<BeamOptions>) => {
      const model = new TableModel(table);
      const [found] = await beamSearch(model, [{ features: source(1), maxTokens: 30 }], options(2, over));
      return { steps: model.calls.length, score: found?.hypotheses[0]?.score ?? -Infinity };
    };
    const all = await search({});
    const enough = await search({ enough: 2 });
    expect(enough.steps).toBeLessThan(all.steps);
    expect(enough.score).toBeLessThan(all.score);
  });

  it('is greedy search with one beam', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer(), async (seed) => {
        const table = noise(7, seed);
        const greedy: number[] = [];
        for (let id = -1; id !== 0 && greedy.length < 20;) {
          const scores = table(source(3), greedy).slice();
          if (greedy.length === 0) scores[0] = -Infinity;
          id = scores.indexOf(Math.max(...scores));
          if (id !== 0) greedy.push(id);
        }
        const [found] = await beamSearch(new TableModel(table), [{ features: source(3), maxTokens: 20 }], options(1));
        expect([...(found?.hypotheses[0]?.ids ?? [])]).toEqual(greedy);
      }),
    );
  });

  it('gives a source in a batch what it gives it alone, and drops it when it is done', async () => {
    const table = noise(9, 11, 6);
    const sources = [source(1), source(2, 3), source(4, 5, 6), source(7)];
    const jobs = sources.map((features, i) => ({ features, maxTokens: 12 - 2 * i }));
    const model = new TableModel(table);
    const together = await beamSearch(model, jobs, options(3, { hypotheses: 2 }));
    const alone = await Promise.all(
      jobs.map(async (job) => (await beamSearch(new TableModel(table), [job], options(3, { hypotheses: 2 })))[0]),
    );
    expect(together).toEqual(alone);
    expect(model.calls[0]).toBe(12);
    expect(model.calls.at(-1)).toBeLessThan(12);
    expect(model.calls.every((rows) => rows % 3 === 0)).toBe(true);
    expect(model.alive).toBe(0);
  });

  it('prefers by mean or by total as the length penalty says', async () => {
    // "1" ends at once; "2 2 2 2" is longer, so less likely as a whole but surer a token.
    const table: Table = (_, prefix) => {
      const log = (p: number[]): Float32Array => Float32Array.from(p, Math.log);
      if (prefix.length === 0) return log([0, 0.45, 0.55]);
      if (prefix[0] === 1) return log([0.9, 0.05, 0.05]);
      return prefix.length < 4 ? log([0.1, 0.1, 0.8]) : log([0.8, 0.1, 0.1]);
    };
    const run = async (lengthPenalty: number) => {
      const [found] = await beamSearch(
        new TableModel(table),
        [{ features: source(1), maxTokens: 6 }],
        options(4, { lengthPenalty }),
      );
      return [...(found?.hypotheses[0]?.ids ?? [])];
    };
    expect(await run(0)).toEqual([1]);
    expect(await run(1)).toEqual([2, 2, 2, 2]);
  });

  it('works within a shortlist and its extra ids, and gives output ids back', async () => {
    const allowed: Lexicon = { allowed: (ids) => Int32Array.of(0, 3, 5 + (ids[0] ?? 0)) };
    const model = new TableModel(noise(12, 4));
    const found = await beamSearch(
      model,
      [
        { features: source(1), maxTokens: 5 },
        { features: source(2), maxTokens: 5, extraIds: Int32Array.of(9) },
      ],
      options(8, { hypotheses: 8, allowed }),
    );
    const said = found.map(({ hypotheses }) => new Set(hypotheses.flatMap(({ ids }) => [...ids])));
    expect([...(said[0] ?? [])].sort()).toEqual([3, 6]);
    expect([...(said[1] ?? [])].sort()).toEqual([3, 7, 9]);
  });

  it('keeps the attention of every token with its hypothesis', async () => {
    // Attention that tells the prefix it was made for.
    const attend = (features: Int32Array, prefix: readonly number[]): Float32Array =>
      Float32Array.from(features, (id) => id + prefix.reduce((hash, x) => hash * 8 + x, 0));
    const model = new TableModel(noise(8, 3), attend);
    const [, found] = await beamSearch(
      model,
      [
        { features: source(1, 2, 3, 4), maxTokens: 2 },
        { features: source(5, 6), maxTokens: 5 },
      ],
      options(4, { hypotheses: 4 }),
    );
    for (const { ids, attention, sourceLength } of found?.hypotheses ?? []) {
      for (let t = 0; t < ids.length; t++) {
        const row = attention?.subarray(t * sourceLength, t * sourceLength + 2);
        expect(row).toEqual(attend(source(5, 6), [...ids.subarray(0, t)]));
      }
    }
  });

  it('cuts off at the maximum length and says so', async () => {
    const model = new TableModel(scripted(5, () => [1, 2, 3, 4, 1, 2, 3, 4]));
    const [found] = await beamSearch(model, [{ features: source(1), maxTokens: 3 }], options(2));
    expect(found?.hypotheses[0]).toMatchObject({ ids: Int32Array.of(1, 2, 3), ended: false });
  });

  it('obeys the processors of a source', async () => {
    const loop = new TableModel(scripted(6, () => [1, 2, 1, 2, 1, 2, 1, 2]));
    const [found] = await beamSearch(
      loop,
      [{ features: source(1), maxTokens: 10, processors: [noRepeatNgram(2)] }],
      options(1),
    );
    const ids = [...(found?.hypotheses[0]?.ids ?? [])];
    const bigrams = ids.slice(1).map((id, i) => `${ids[i]} ${id}`);
    expect(new Set(bigrams).size).toBe(bigrams.length);
  });

  it('never gives nothing for a source', async () => {
    const [found] = await beamSearch(
      new TableModel(scripted(4, () => [])),
      [{ features: source(1), maxTokens: 4 }],
      options(2),
    );
    expect(found?.hypotheses[0]?.ids.length).toBeGreaterThan(0);
  });

  it('stops between runs when it is aborted, and frees its state', async () => {
    const controller = new AbortController();
    const model = new TableModel(scripted(4, () => [1, 2, 3, 1, 3, 2]));
    model.onCall = () => {
      if (model.calls.length === 3) controller.abort();
    };
    const job = { features: source(1), maxTokens: 10 };
    await expect(beamSearch(model, [job], options(2, { signal: controller.signal }))).rejects.toMatchObject({
      code: 'aborted',
    });
    expect(model.calls.length).toBe(3);
    expect(model.alive).toBe(0);
  });
});
