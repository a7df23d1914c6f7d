import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { beamSearch } from './beam.ts';
import { TableModel, noise, scripted } from './fixtures/tableModel.ts';
import { greedySearch, type GreedyOptions } from './greedy.ts';
import { isLooping } from './logits.ts';

const signal = new AbortController().signal;
const source = (...ids: number[]): Int32Array => Int32Array.from(ids);

function options(over: Partial<GreedyOptions> = {}): GreedyOptions {
  return { signal, tokensPerCall: 4, callMs: 1e9, isLooping: () => false, ...over };
}

describe('greedySearch', () => {
  it('says what a beam of one says, whatever the call length', async () => {
    const attend = (features: Int32Array, prefix: readonly number[]): Float32Array =>
      Float32Array.from(features, (id) => id * (prefix.length + 1));
    await fc.assert(
      fc.asyncProperty(fc.integer(), fc.integer({ min: 1, max: 16 }), async (seed, tokensPerCall) => {
        const jobs = [source(2), source(3, 4), source(5, 6, 7)].map((features) => ({ features, maxTokens: 9 }));
        const table = noise(6, seed);
        const greedy = await greedySearch(new TableModel(table, attend), jobs, options({ tokensPerCall }));
        for (const [i, job] of jobs.entries()) {
          const beam = await beamSearch(new TableModel(table, attend), [job], {
            beams: 1,
            hypotheses: 1,
            lengthPenalty: 1,
            signal,
          });
          // Beam search forbids the empty output, greedy search leaves that to its caller.
          if (greedy[i]?.hypotheses[0]?.ids.length === 0) continue;
          expect(greedy[i]?.hypotheses[0]?.ids).toEqual(beam[0]?.hypotheses[0]?.ids);
          expect(greedy[i]?.hypotheses[0]?.ended).toBe(beam[0]?.hypotheses[0]?.ended);
          expect(greedy[i]?.hypotheses[0]?.attention).toEqual(beam[0]?.hypotheses[0]?.attention);
          expect(greedy[i]?.hypotheses[0]?.score).toBeCloseTo(beam[0]?.hypotheses[0]?.score ?? 1, 5);
        }
      }),
    );
  });

  it('drops sources that have ended', async () => {
    const model = new TableModel(scripted(5, (s) => Array.from({ length: s[0] ?? 0 }, () => 1)));
    await greedySearch(
      model,
      [3, 9, 2, 20].map((length) => ({ features: source(length), maxTokens: 30 })),
      options(),
    );
    expect(model.calls).toEqual([4, 2, 2, 1, 1, 1]);
    expect(model.alive).toBe(0);
  });

  it('makes calls shorter when a source is about to end', async () => {
    const model = new TableModel(scripted(5, (s) => Array.from({ length: s.length - 1 }, () => 1)));
    const lengths: number[] = [];
    const greedy = model.greedy.bind(model);
    model.greedy = (state, tokens, s) => {
      lengths.push(tokens);
      return greedy(state, tokens, s);
    };
    const jobs = [10, 30].map((length) => ({ features: new Int32Array(length).fill(1), length, maxTokens: 80 }));
    await greedySearch(model, jobs, options({ tokensPerCall: 16 }));
    // 9 for the first source, which needs 10; then 18 more for the second.
    expect(lengths).toEqual([9, 4, 14, 4]);
  });

  it('makes calls shorter when a token takes long', async () => {
    const model = new TableModel(scripted(5, () => Array.from({ length: 20 }, () => 1)));
    let now = 0;
    const clock = performance.now.bind(performance);
    performance.now = () => now;
    const lengths: number[] = [];
    const greedy = model.greedy.bind(model);
    model.greedy = (state, tokens, s) => {
      lengths.push(tokens);
      now += tokens * 20;
      return greedy(state, tokens, s);
    };
    try {
      await greedySearch(model, [{ features: source(1), maxTokens: 30 }], options({ tokensPerCall: 16, callMs: 50 }));
    } finally {
      performance.now = clock;
    }
    expect(lengths.slice(0, 3)).toEqual([16, 2, 2]);
  });

  it('gives partial outputs between calls and gives up on a loop', async () => {
    const partials: [number, number[]][] = [];
    const model = new TableModel(
      scripted(6, (s) => (s[0] === 1 ? [1, 2, 3, 4, 5, 1] : Array.from({ length: 60 }, (_, i) => 1 + (i % 3)))),
    );
    const found = await greedySearch(
      model,
      [source(1), source(2)].map((features) => ({ features, maxTokens: 60 })),
      options({
        isLooping: (i, ids) => isLooping(ids, source(i)),
        onPartial: (i, ids) => partials.push([i, [...ids()]]),
      }),
    );
    expect(partials).toEqual([
      [0, [1, 2, 3, 4]],
      [1, [1, 2, 3, 1]],
      [1, [1, 2, 3, 1, 2, 3, 1, 2]],
    ]);
    expect(found.map(({ looped }) => looped)).toEqual([false, true]);
    expect(model.calls.length).toBe(3);
  });

  it('stops between calls when it is aborted', async () => {
    const controller = new AbortController();
    const model = new TableModel(scripted(5, () => Array.from({ length: 40 }, () => 1)));
    model.onCall = () => {
      if (model.calls.length === 2) controller.abort();
    };
    const job = { features: source(1), maxTokens: 50 };
    await expect(greedySearch(model, [job], options({ signal: controller.signal }))).rejects.toMatchObject({
      name: 'AbortError',
    });
    expect(model.calls.length).toBe(2);
    expect(model.alive).toBe(0);
  });
});
