import fc from 'fast-check';
import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import { GraphBuilder } from '../../convert/builder.ts';
import { chooseIds } from '../../convert/timestampRules.ts';
import { WeightStore } from '../../convert/weights.ts';
import { tinyWhisper } from './fixtures/tinyWhisper.ts';
import { logSoftmax } from './fixtures/tableModel.ts';
import { seededRandom } from './sample.ts';
import { whisperRules } from './whisperRules.ts';

const { vocabulary, eotId, timestampBeginId: time0 } = tinyWhisper;
const rules = whisperRules(tinyWhisper, new Int32Array());

/** The ids that may follow, where all are equally likely but for those that are named. */
function allowed(ids: number[], likely: Record<number, number> = {}): number[] {
  const scores = logSoftmax(Array.from({ length: vocabulary }, (_, id) => likely[id] ?? 0));
  rules(scores, { ids: Int32Array.from(ids), columnOf: (id) => id });
  return [...scores.keys()].filter((id) => scores[id]! > -Infinity);
}

const words = [0, 1, 2, 3, 4, 5, 6, 8, 9];
const times = (from: number, to = vocabulary - 1): number[] =>
  Array.from({ length: to - from + 1 }, (_, i) => from + i);
/** Likely enough that the sum of all times is less. */
const wordy = { 1: 10 };

describe('whisperRules', () => {
  it('begins with a time of at most a second', () => {
    expect(allowed([], wordy)).toEqual(times(time0, time0 + 50));
  });

  it('has text after a pair of times, and after the first', () => {
    expect(allowed([time0])).toEqual([...words, eotId]);
    expect(allowed([time0, 1, time0 + 5, time0 + 5])).toEqual([...words, eotId]);
  });

  it('has the same or a later time, or the end, after the time that ends a text', () => {
    expect(allowed([time0, 1, time0 + 90], { [eotId]: 10 })).toEqual([eotId, ...times(time0 + 90)]);
  });

  it('never goes back in time, and has no empty text', () => {
    expect(allowed([time0 + 90, 1], wordy)).toEqual([...words, eotId, ...times(time0 + 91)]);
    expect(allowed([time0, 1, time0 + 90, time0 + 90, 2], wordy)).toEqual([...words, eotId, ...times(time0 + 91)]);
  });

  it('forces a time where all together are likelier than the likeliest word', () => {
    expect(allowed([time0, 1], { 1: 4 })).toEqual(times(time0 + 1));
    expect(allowed([time0, 1], { 1: 5 })).toContain(2);
  });

  it('counts a prefix as said', () => {
    const scores = logSoftmax(Array.from({ length: vocabulary }, (_, id) => (id === 1 ? 10 : 0)));
    whisperRules(tinyWhisper, Int32Array.of(time0, 1, time0 + 90, time0 + 90))(scores, {
      ids: Int32Array.of(2),
      columnOf: (id) => id,
    });
    expect(scores[time0 + 90]).toBe(-Infinity);
    expect(scores[time0 + 91]).toBeGreaterThan(-Infinity);
  });

  it('leaves probabilities that sum to 1', () => {
    const scores = logSoftmax(Array.from({ length: vocabulary }, (_, id) => Math.sin(id)));
    rules(scores, { ids: Int32Array.of(time0, 4), columnOf: (id) => id });
    expect(scores.reduce((sum, score) => sum + Math.exp(score), 0)).toBeCloseTo(1, 5);
  });

  describe('in the graph', () => {
    let session: ort.InferenceSession;

    beforeAll(async () => {
      ort.env.wasm.numThreads = 1;
      ort.env.logLevel = 'error';
      const weights = new WeightStore();
      const g = new GraphBuilder('rules', weights);
      const state = {
        previous: g.input('previous', 'int32', ['B']),
        before: g.input('before', 'int32', ['B']),
        lastTime: g.input('last_time', 'int32', ['B']),
        most: g.input('most', 'int32', []),
        first: g.input('first', 'bool', []),
      };
      const chosen = chooseIds(g, tinyWhisper, g.input('logits', 'float32', ['B', vocabulary]), state);
      for (const [name, value] of [
        ['ids', chosen.ids],
        ['log_probs', chosen.logProbs],
      ] as const) {
        g.node('Identity', [value], { outputs: [name] });
        g.output(name, name === 'ids' ? 'int32' : 'float32', ['B']);
      }
      session = await ort.InferenceSession.create(g.toModel(), {
        externalData: [{ path: 'weights.bin', data: weights.toBytes() }],
      });
    });

    it('are the same: of any scores after any output, the same id with the same probability', async () => {
      const id = fc.oneof(fc.constantFrom(...words), fc.integer({ min: time0, max: vocabulary - 1 }));
      await fc.assert(
        fc.asyncProperty(fc.array(id, { maxLength: 6 }), fc.integer(), async (tail, seed) => {
          const random = seededRandom(seed);
          const logits = Array.from({ length: vocabulary }, () => random() * 12);
          // The graph is told less than the whole output: what any output begins with.
          const ids = tail.length === 0 ? [] : [time0, ...tail];
          const scores = logSoftmax(logits);
          rules(scores, { ids: Int32Array.from(ids), columnOf: (column) => column });
          const best = scores.indexOf(Math.max(...scores));
          const int32 = (value: number): ort.Tensor => new ort.Tensor('int32', Int32Array.of(value), [1]);
          const results = await session.run({
            logits: new ort.Tensor('float32', Float32Array.from(logits), [1, vocabulary]),
            previous: int32(ids.at(-1) ?? 11),
            before: int32(ids.at(-2) ?? time0),
            last_time: int32(ids.findLast((made) => made >= time0) ?? time0 - 1),
            most: new ort.Tensor('int32', Int32Array.of(vocabulary - 1), []),
            first: new ort.Tensor('bool', Uint8Array.of(ids.length === 0 ? 1 : 0), []),
          });
          const [chosen, logProb] = [results['ids']?.data[0], results['log_probs']?.data[0]];
          expect(scores[Number(chosen)]).toBeCloseTo(scores[best] ?? NaN, 4);
          expect(Number(logProb)).toBeCloseTo(scores[best] ?? NaN, 4);
        }),
        { numRuns: 300 },
      );
    });
  });
});
