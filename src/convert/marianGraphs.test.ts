import * as ort from 'onnxruntime-web/wasm';
import { beforeAll, describe, expect, it } from 'vitest';
import type { StudentShape } from '../formats/marian.fixture.ts';
import { parseMarian } from '../formats/marian.ts';
import type { ConvertedPart } from './converted.ts';
import { convert, DEEP, part, SHAPES, TINY } from './marian.fixture.ts';
import { runStudent } from './student.fixture.ts';

interface Converted {
  parts: ConvertedPart[];
}

beforeAll(() => {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
});

const SOURCES = [
  [5, 9, 2, 0],
  [7, 0],
  [3, 3, 11, 18, 4, 0],
];
const OUTPUTS = [4, 8, 1, 15];

/** What a decoder remembers before its first token, for rows of these dimensions. */
function start(shape: StudentShape, rows: number[]): Feeds {
  const count = rows.reduce((product, size) => product * size, 1);
  const headDim = shape.dim / shape.heads;
  const layers = Array.from({ length: shape.decoderLayers }, (_, i) => i + 1);
  if (shape.options?.['transformer-decoder-autoreg'] !== 'self-attention')
    return Object.fromEntries(layers.map((layer) => [`state.${layer}`, zeros([...rows, shape.dim])]));
  return Object.fromEntries(
    layers.flatMap((layer) => [
      [`cache.keys.${layer}`, zeros([count, shape.heads, headDim, 0])],
      [`cache.values.${layer}`, zeros([count, shape.heads, 0, headDim])],
    ]),
  );
}

function open(model: Converted, file: string): Promise<ort.InferenceSession> {
  const externalData = [{ path: 'weights.bin', data: part(model, 'weights.bin') }];
  return ort.InferenceSession.create(part(model, file), { executionProviders: ['wasm'], externalData });
}

type Feeds = Record<string, ort.Tensor>;

const int32 = (values: number[], dims: number[]): ort.Tensor => new ort.Tensor('int32', Int32Array.from(values), dims);
const int64 = (value: number): ort.Tensor => new ort.Tensor('int64', BigInt64Array.of(BigInt(value)), []);
const zeros = (dims: number[]): ort.Tensor =>
  new ort.Tensor('float32', new Float32Array(dims.reduce((product, dim) => product * dim, 1)), dims);

/** The numbers of a float output. */
function floats(results: Feeds, name: string): Float32Array {
  const data = results[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`no floats called ${name}`);
  return data;
}

async function encode(model: Converted, suffix: string, sources: number[][]): Promise<Feeds> {
  const length = Math.max(...sources.map((source) => source.length));
  const padded = sources.flatMap((source) => [...source, ...new Array<number>(length - source.length).fill(0)]);
  const mask = sources.flatMap((source) => Array.from({ length }, (_, i) => (i < source.length ? 1 : 0)));
  const dims = [sources.length, length];
  const encoder = await open(model, `encoder${suffix}.onnx`);
  return encoder.run({ ids: int32(padded, dims), mask: new ort.Tensor('float32', Float32Array.from(mask), dims) });
}

function everyId(shape: StudentShape): ort.Tensor {
  return int32(
    Array.from({ length: shape.vocabulary }, (_, id) => id),
    [1, shape.vocabulary],
  );
}

/** Feeds OUTPUTS to the step graph for all sources at once, each with `beams` equal hypotheses. */
async function score(shape: StudentShape, model: Converted, suffix: string, beams: number): Promise<Feeds[]> {
  const memory = await encode(model, suffix, SOURCES);
  const step = await open(model, `step${suffix}.onnx`);
  const rows = [SOURCES.length, beams];
  let states = start(shape, rows);
  const results: Feeds[] = [];
  for (const [position, previous] of [-1, ...OUTPUTS].entries()) {
    const ids = int32(new Array<number>(SOURCES.length * beams).fill(previous), rows);
    const inputs = { ...memory, ...states, position: int64(position), previous: ids, shortlist: everyId(shape) };
    const result = await step.run(inputs);
    states = Object.fromEntries(Object.keys(states).map((name) => [name, result[`${name}.out`] ?? zeros([])]));
    results.push(result);
  }
  return results;
}

/** The largest difference between the step graph and the plain loops, in log-probability and attention. */
function compare(
  shape: StudentShape,
  file: Uint8Array,
  results: Feeds[],
  beams: number,
): { logProbs: number; attention: number } {
  const student = parseMarian(file);
  const longest = Math.max(...SOURCES.map((source) => source.length));
  const worst = { logProbs: 0, attention: 0 };
  SOURCES.forEach((source, b) => {
    runStudent(student, source, OUTPUTS).forEach((expected, t) => {
      const logProbs = floats(results[t] ?? {}, 'log_probs');
      const attention = floats(results[t] ?? {}, 'attention');
      for (let beam = 0; beam < beams; beam++) {
        const row = b * beams + beam;
        expected.logProbs.forEach((value, id) => {
          worst.logProbs = Math.max(worst.logProbs, Math.abs(value - (logProbs[row * shape.vocabulary + id] ?? NaN)));
        });
        for (let s = 0; s < longest; s++) {
          const value = expected.attention[s] ?? 0;
          worst.attention = Math.max(worst.attention, Math.abs(value - (attention[row * longest + s] ?? NaN)));
        }
      }
    });
  });
  return worst;
}

describe.each(SHAPES)('the graphs of %s', (_, shape) => {
  it('compute in float32 what plain loops compute', async () => {
    const { file, model } = convert(shape);
    const worst = compare(shape, file, await score(shape, model, '.webgpu', 2), 2);
    // Float weights are rounded to int8 when they are converted.
    const rounded = shape.weights === 'float32';
    expect(worst.logProbs).toBeLessThan(rounded ? 0.25 : 1e-4);
    expect(worst.attention).toBeLessThan(rounded ? 0.02 : 1e-5);
  });

  it('compute nearly the same in int8', async () => {
    const { file, model } = convert(shape);
    const worst = compare(shape, file, await score(shape, model, '', 2), 2);
    expect(worst.logProbs).toBeLessThan(0.5);
    expect(worst.attention).toBeLessThan(0.1);
  });

  it.each(['', '.webgpu'])('take the same greedy steps in a Loop, in one call or several (%s)', async (suffix) => {
    const { model } = convert(shape);
    const memory = await encode(model, suffix, SOURCES);
    const decoder = await open(model, `decoder${suffix}.onnx`);
    const step = await open(model, `step${suffix}.onnx`);
    const count = SOURCES.length;
    // Without end-of-sentence no row ends, so that every step of every row can be compared; lists of different lengths, one a source.
    const lists = SOURCES.map((source, i) =>
      Array.from({ length: shape.vocabulary - 1 - 2 * i }, (_, j) => j + 1).filter((id) => id !== source[0]),
    );
    const width = Math.max(...lists.map((list) => list.length));
    const shortlist = int32(
      lists.flatMap((list) => [...list, ...new Array<number>(width - list.length).fill(-1)]),
      [count, width],
    );

    const run = async (calls: number[]): Promise<{ ids: number[]; logProbs: number[]; attention: number[] }> => {
      let states = start(shape, [count]);
      let previous = new Array<number>(count).fill(-1);
      const ids: number[] = [];
      const logProbs: number[] = [];
      const attention: number[] = [];
      for (const steps of calls) {
        const position = int64(ids.length / count);
        const result = await decoder.run({
          ...memory,
          ...states,
          steps: int64(steps),
          position,
          previous: int32(previous, [count]),
          shortlist,
        });
        const made = Array.from((result['ids']?.data ?? []) as Int32Array);
        ids.push(...made);
        logProbs.push(...floats(result, 'log_probs'));
        attention.push(...floats(result, 'attention'));
        previous = made.slice(-count);
        states = Object.fromEntries(Object.keys(states).map((name) => [name, result[`${name}.out`] ?? zeros([])]));
      }
      return { ids, logProbs, attention };
    };
    const whole = await run([6]);
    expect(await run([1, 3, 2])).toEqual(whole);

    let states = start(shape, [count, 1]);
    let previous = new Array<number>(count).fill(-1);
    for (let t = 0; t < 6; t++) {
      const result = await step.run({
        ...memory,
        ...states,
        position: int64(t),
        previous: int32(previous, [count, 1]),
        shortlist,
      });
      states = Object.fromEntries(Object.keys(states).map((name) => [name, result[`${name}.out`] ?? zeros([])]));
      const logProbs = floats(result, 'log_probs');
      previous = lists.map((list, row) => {
        const scores = [...logProbs.subarray(row * width, (row + 1) * width)];
        expect(scores.slice(list.length)).toEqual(new Array<number>(width - list.length).fill(-Infinity));
        const best = Math.max(...scores);
        expect(whole.logProbs[t * count + row]).toBeCloseTo(best, 4);
        return list[scores.indexOf(best)] ?? -1;
      });
      expect(whole.ids.slice(t * count, (t + 1) * count)).toEqual(previous);
      const length = Math.max(...SOURCES.map((source) => source.length));
      floats(result, 'attention').forEach((value, i) => {
        expect(whole.attention[t * count * length + i]).toBeCloseTo(value, 4);
      });
    }
  });
});

describe('the decoder graph', () => {
  it('stops when every row has ended', async () => {
    const { model } = convert(TINY);
    const memory = await encode(model, '', SOURCES);
    const decoder = await open(model, 'decoder.onnx');
    const onlyEnd = int32([0], [1, 1]);
    const start = int32(
      SOURCES.map(() => -1),
      [SOURCES.length],
    );
    const inputs = { ...memory, steps: int64(9), position: int64(0), previous: start, shortlist: onlyEnd };
    const result = await decoder.run({ ...inputs, 'state.1': zeros([SOURCES.length, TINY.dim]) });
    expect(result['ids']?.dims).toEqual([1, SOURCES.length]);
    expect([...floats(result, 'log_probs')]).toEqual([0, 0, 0]);
  });

  it('gives a source the same result alone and padded beside longer ones', async () => {
    const { model } = convert(DEEP);
    const decoder = await open(model, 'decoder.onnx');
    const states = (rows: number): Feeds =>
      Object.fromEntries(
        Array.from({ length: DEEP.decoderLayers }, (_, i) => [`state.${i + 1}`, zeros([rows, DEEP.dim])]),
      );
    const run = async (sources: number[][]): Promise<number[][]> => {
      const previous = int32(
        sources.map(() => -1),
        [sources.length],
      );
      const inputs = {
        steps: int64(5),
        position: int64(0),
        previous,
        shortlist: everyId(DEEP),
        ...states(sources.length),
      };
      const result = await decoder.run({ ...(await encode(model, '', sources)), ...inputs });
      const ids = [...((result['ids']?.data ?? []) as Int32Array)];
      return sources.map((_, row) => {
        const own = ids.filter((__, i) => i % sources.length === row);
        return own.includes(0) ? own.slice(0, own.indexOf(0) + 1) : own;
      });
    };
    const together = await run(SOURCES);
    for (const [i, source] of SOURCES.entries()) expect(together[i]).toEqual((await run([source]))[0]);
  });
});
