import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as ort from 'onnxruntime-web/wasm';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { parseLexicon } from '../formats/lexicon.ts';

/** The shipped graphs, held to what a separate implementation of the same weights computes (scripts/reference/). */

const numbers = v.array(v.number());
const searchSchema = v.object({
  ids: numbers,
  keys: v.array(v.object({ token: v.number(), values: numbers })),
  logProbs: numbers,
  steps: v.array(v.object({ ids: numbers, logProbs: numbers, attention: numbers })),
});
const goldenSchema = v.object({
  tolerance: v.object({ float: v.number(), int8: v.number() }),
  sentences: v.array(
    v.object({
      text: v.string(),
      sourceIds: numbers,
      allowed: v.object({ count: v.number(), sum: v.number() }),
      float: v.optional(searchSchema),
      int8: v.optional(searchSchema),
      int8Ids: v.optional(numbers),
    }),
  ),
});

/** Of the float searches, which score the whole vocabulary at twice the time, one in so many is run here. */
const FLOAT_SHARE = 6;
const DIM = 256;
const VOCABULARY = Int32Array.from({ length: 32000 }, (_, id) => id);

const int32 = (values: ArrayLike<number>, dims: number[]): ort.Tensor =>
  new ort.Tensor('int32', Int32Array.from(values), dims);
const int64 = (value: number): ort.Tensor => new ort.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
const zeros = (dims: number[]): ort.Tensor => new ort.Tensor('float32', new Float32Array(DIM), dims);

function floats(tensor: ort.Tensor | undefined): Float32Array {
  if (!(tensor?.data instanceof Float32Array)) throw new Error('not a float32 output');
  return tensor.data;
}

function read(id: string, file: string): Uint8Array {
  return gunzipSync(readFileSync(new URL(`../../models/${id}/${file}.gz`, import.meta.url)));
}

function readGolden(id: string): v.InferOutput<typeof goldenSchema> {
  const text = readFileSync(new URL(`../../models/${id}/golden.json`, import.meta.url), 'utf8');
  return v.parse(goldenSchema, JSON.parse(text));
}

function expectClose(found: ArrayLike<number>, wanted: number[], tolerance: number): void {
  wanted.forEach((value, i) => expect(Math.abs((found[i] ?? NaN) - value)).toBeLessThan(tolerance));
}

/** One sentence at a time through a model's graphs. */
class Runner {
  static async open(id: string, suffix: string): Promise<Runner> {
    const options = {
      executionProviders: ['wasm'],
      externalData: [{ path: 'weights.bin', data: read(id, 'weights.bin') }],
    };
    const open = (file: string): Promise<ort.InferenceSession> =>
      ort.InferenceSession.create(read(id, `${file}${suffix}.onnx`), options);
    return new Runner(await open('encoder'), await open('decoder'), await open('step'));
  }

  readonly #encoder: ort.InferenceSession;
  readonly #decoder: ort.InferenceSession;
  readonly #step: ort.InferenceSession;

  private constructor(encoder: ort.InferenceSession, decoder: ort.InferenceSession, step: ort.InferenceSession) {
    this.#encoder = encoder;
    this.#decoder = decoder;
    this.#step = step;
  }

  async encode(ids: number[]): Promise<Record<string, ort.Tensor>> {
    const dims = [1, ids.length];
    const mask = new ort.Tensor('float32', new Float32Array(ids.length).fill(1), dims);
    return this.#encoder.run({ ids: int32(ids, dims), mask });
  }

  async greedy(memory: Record<string, ort.Tensor>): Promise<{ ids: number[]; logProbs: Float32Array }> {
    const states = { 'state.1': zeros([1, DIM]), 'state.2': zeros([1, DIM]) };
    const shortlist = int32(VOCABULARY, [1, VOCABULARY.length]);
    const start = { steps: int64(200), position: int64(0), previous: int32([-1], [1]), shortlist };
    const result = await this.#decoder.run({ ...memory, ...states, ...start });
    return { ids: [...((result['ids']?.data ?? []) as Int32Array)], logProbs: floats(result['log_probs']) };
  }

  /** Log-probabilities and attention where these ids were given one after another. */
  async score(
    memory: Record<string, ort.Tensor>,
    ids: number[],
  ): Promise<{ logProbs: Float32Array; attention: Float32Array }[]> {
    const shortlist = int32(VOCABULARY, [1, VOCABULARY.length]);
    const steps: { logProbs: Float32Array; attention: Float32Array }[] = [];
    let states: Record<string, ort.Tensor> = { 'state.1': zeros([1, 1, DIM]), 'state.2': zeros([1, 1, DIM]) };
    for (const [position, id] of [-1, ...ids.slice(0, -1)].entries()) {
      const inputs = { position: int64(position), previous: int32([id], [1, 1]), shortlist };
      const result = await this.#step.run({ ...memory, ...states, ...inputs });
      steps.push({ logProbs: floats(result['log_probs']), attention: floats(result['attention']) });
      states = Object.fromEntries(
        Object.keys(states).map((name) => [name, result[`${name}.out`] ?? zeros([1, 1, DIM])]),
      );
    }
    return steps;
  }
}

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
});

describe.each(['en-pt', 'pt-en'])('%s', (id) => {
  const { tolerance, sentences } = readGolden(id);

  it.each([
    ['int8', ''],
    ['float', '.webgpu'],
  ] as const)('computes in %s what the reference computes', { timeout: 120_000 }, async (arithmetic, suffix) => {
    const runner = await Runner.open(id, suffix);
    const searches = sentences.flatMap(({ sourceIds, [arithmetic]: search }) =>
      search ? [{ sourceIds, search }] : [],
    );
    expect(searches.length).toBeGreaterThan(10);
    const chosen = arithmetic === 'int8' ? searches : searches.filter((_, i) => i % FLOAT_SHARE === 0);
    for (const { sourceIds, search } of chosen) {
      const memory = await runner.encode(sourceIds);
      const keys = floats(memory['memory.kv']);
      const width = keys.length / sourceIds.length;
      for (const { token, values } of search.keys)
        expectClose(keys.subarray(token * width), values, tolerance[arithmetic]);
      const found = await runner.greedy(memory);
      expect(found.ids).toEqual(search.ids);
      expectClose(found.logProbs, search.logProbs, tolerance[arithmetic]);
      const scored = await runner.score(memory, search.ids.slice(0, search.steps.length));
      search.steps.forEach((step, t) => {
        const { logProbs = new Float32Array(), attention = new Float32Array() } = scored[t] ?? {};
        expectClose(
          step.ids.map((token) => logProbs[token] ?? NaN),
          step.logProbs,
          tolerance[arithmetic],
        );
        expectClose(attention, step.attention, tolerance[arithmetic]);
      });
    }
  });

  it('finds the same ids in int8 where only ids can be compared', { timeout: 120_000 }, async () => {
    const runner = await Runner.open(id, '');
    const found = sentences.filter(({ int8Ids }) => int8Ids);
    expect(found.length).toBeGreaterThan(5);
    for (const { sourceIds, int8Ids } of found) {
      expect((await runner.greedy(await runner.encode(sourceIds))).ids).toEqual(int8Ids);
    }
  });

  it('allows the ids that Marian’s shortlist allows', () => {
    const lexicon = parseLexicon(read(id, 'lexicon.bin'));
    for (const { sourceIds, allowed } of sentences) {
      const ids = lexicon.allowed(Int32Array.from(sourceIds));
      expect({ count: ids.length, sum: ids.reduce((sum, token) => sum + token, 0) }).toEqual(allowed);
    }
  });
});
