import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema, type WhisperArchitecture } from '../../protocol/manifest.ts';
import { LogMel } from '../features/audio/logMel.ts';
import { parseBytePair, type BytePair } from '../features/bytePair.ts';
import { openSession } from '../runtime/openSession.ts';
import { SILENT_ROWS } from './audioContext.ts';
import { floats, type Tensors } from './tensors.ts';
import { openWhisper } from './openWhisper.ts';
import type { WhisperModel, WhisperState } from './whisper.ts';
import type { HeardWindow, Mel } from './whisperMemory.ts';

const folder = new URL('../../../models/whisper-tiny.en/', import.meta.url);
const { signal } = new AbortController();

const place = v.tuple([v.number(), v.number()]);
const tolerance = v.object({
  encoded: v.number(),
  strayRows: v.number(),
  noSpeech: v.number(),
  logProb: v.number(),
  attention: v.number(),
});
const heard = v.object({
  encoded: v.array(v.array(v.number())),
  noSpeech: v.number(),
  steps: v.array(v.object({ best: v.array(place), attention: v.array(place) })),
});
const goldenSchema = v.object({
  tolerance: v.object({ original: tolerance, rounded: tolerance }),
  texts: v.record(v.string(), v.string()),
  recording: v.string(),
  frames: v.number(),
  rows: v.array(v.number()),
  ids: v.array(v.number()),
  original: heard,
  rounded: heard,
});
const golden = v.parse(goldenSchema, JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8')));
const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')));

/** A part for a provider; both run on WASM here. */
function part(role: string, provider: 'wasm' | 'webgpu'): Promise<Uint8Array> {
  const found = manifest.parts.find((each) => each.role === role && (each.provider ?? provider) === provider);
  if (!found) throw new Error(`The model has no ${role}.`);
  return Promise.resolve(Uint8Array.from(gunzipSync(readFileSync(new URL(found.file, folder)))));
}

/** 16-bit mono samples; other chunks follow them. */
function recording(name: string): Float32Array {
  const file = readFileSync(new URL(`../../../e2e/audio/${name}`, import.meta.url));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  return Float32Array.from({ length: view.getUint32(40, true) / 2 }, (_, i) => view.getInt16(44 + 2 * i, true) / 32768);
}

/** Features to be heard as they are, the silence in them too. */
const whole = (frames: number, samples: Float32Array): Mel => ({
  ...new LogMel(architecture.mels).extract(samples, frames),
  heard: frames,
});

/** A recording and so many frames of silence after it, which stand for all the silence there is. */
const heardWith = (samples: Float32Array, silentFrames: number): Mel => {
  const heard = Math.ceil(samples.length / 320) * 2;
  return { ...new LogMel(architecture.mels).extract(samples, heard + silentFrames), heard };
};

let architecture: WhisperArchitecture;
let mel: Mel;
let model: WhisperModel;
let bytePair: BytePair;
let sot: Int32Array;

const open = (provider: 'wasm' | 'webgpu'): Promise<WhisperModel> =>
  openWhisper({
    architecture,
    part: (role) => part(role, provider),
    provider: 'wasm',
    threads: 1,
    lane: 0,
    signal,
  });

beforeAll(async () => {
  if (manifest.architecture.type !== 'whisper') throw new Error('The model is no Whisper.');
  architecture = manifest.architecture;
  mel = whole(golden.frames, recording(golden.recording));
  sot = Int32Array.of(architecture.sotId);
  model = await open('wasm');
  bytePair = parseBytePair(await part('tokeniser', 'wasm'));
}, 60_000);

interface Written {
  ids: number[];
  logProbs: number[];
  /** How many values it has. */
  attention: number;
}

/** What greedy search makes of each window, in calls of so many tokens. */
async function write(windows: Mel[], tokens: number, prompt = sot): Promise<Written[]> {
  const state = await model.start(await model.hear(windows, signal), { beams: 1, prompt, signal });
  const written = windows.map((): Written => ({ ids: [], logProbs: [], attention: 0 }));
  let live = written.slice();
  while (live.length > 0) {
    const { ids, logProbs, attention } = await model.greedy(state, tokens, signal);
    live.forEach((row, i) => {
      row.ids.push(...(ids[i] ?? []));
      row.logProbs.push(...(logProbs[i] ?? []));
      row.attention += attention?.[i]?.length ?? 0;
    });
    const open = live.flatMap((row, i) => (row.ids.at(-1) === model.eosId ? [] : [i]));
    if (open.length < live.length) await model.select(state, Int32Array.from(open));
    live = live.filter((row) => row.ids.at(-1) !== model.eosId);
  }
  model.dispose(state);
  return written;
}

const off = (value: number | undefined, wanted: number): number => Math.abs((value ?? Infinity) - wanted);

/** The words alone: a comma or a full stop is often decided by a hair, which the company of other windows can turn. */
const wordsOf = (ids: number[] = []): string[] =>
  bytePair
    .decode(ids)
    .toLowerCase()
    .match(/[a-z]+/g) ?? [];

/** The five likeliest ids. */
function likely(logProbs: Float32Array): number[] {
  return Array.from(logProbs.keys())
    .sort((a, b) => (logProbs[b] ?? 0) - (logProbs[a] ?? 0))
    .slice(0, 5);
}

describe.each([
  ['int8', 'wasm', 'original'],
  ['float', 'webgpu', 'rounded'],
] as const)('the %s graphs', (_, provider, weightsOf) => {
  const within = golden.tolerance[weightsOf];
  const wanted = golden[weightsOf];

  it('hear what the reference hears', async () => {
    const weights = [{ path: 'weights.bin', data: await part('weights', provider) }];
    const encoder = await openSession({
      graph: await part('encoder', provider),
      weights,
      provider: 'wasm',
      threads: 1,
    });
    const dims = [architecture.mels, mel.frames];
    const places = Int32Array.from({ length: mel.frames / 2 }, (_, i) => i);
    const each = { type: 'int32' as const, data: places, dims: [places.length] };
    const feeds: Tensors = {
      mel: { type: 'float32', data: mel.data, dims },
      rows: each,
      places: each,
      bias: { type: 'float32', data: new Float32Array(places.length), dims: each.dims },
    };
    const encoded = floats(await encoder.run(feeds, signal, ['encoded']), 'encoded');
    await encoder.release();
    const errors = golden.rows.map((row, i) => {
      const values = wanted.encoded[i] ?? [];
      const missed = values.map((value, column) => off(encoded[row * architecture.dim + column], value));
      return Math.hypot(...missed) / Math.hypot(...values);
    });
    expect(errors.sort((a, b) => a - b)[errors.length - 1 - within.strayRows]).toBeLessThan(within.encoded);
  }, 60_000);

  it('give the log-probabilities and the attention of the reference, token by token', async () => {
    const whisper = provider === 'wasm' ? model : await open(provider);
    const state = await whisper.start(await whisper.hear([mel], signal), { beams: 1, prompt: sot, signal });
    expect(off(state.noSpeech[0], wanted.noSpeech)).toBeLessThan(within.noSpeech);
    let [logProbError, attentionError] = [0, 0];
    for (const [i, { best, attention }] of wanted.steps.entries()) {
      const scores = await whisper.step(Int32Array.of(golden.ids[i - 1] ?? 0), state, signal);
      for (const [id, logProb] of best) logProbError = Math.max(logProbError, off(scores.logProbs[id], logProb));
      attention.forEach(([at, weight], head) => {
        attentionError = Math.max(attentionError, off(scores.attention?.[(head * mel.frames) / 2 + at], weight));
      });
    }
    expect(logProbError).toBeLessThan(within.logProb);
    expect(attentionError).toBeLessThan(within.attention);
  }, 60_000);
});

describe('WhisperModel', () => {
  it('writes down what the reference writes down', async () => {
    const [written] = await write([mel], 16);
    const text = golden.texts[golden.recording] ?? '';
    expect(wordsOf(written?.ids)).toEqual(text.toLowerCase().match(/[a-z]+/g));
  }, 60_000);

  it('hears silence that goes on from a little of it', async () => {
    const samples = recording(golden.recording);
    const [written] = await write([heardWith(samples, 2 * SILENT_ROWS)], 16);
    const [alone] = await write([mel], 16);
    expect(wordsOf(written?.ids)).toEqual(wordsOf(alone?.ids));
    const places = (written?.attention ?? 0) / (written?.ids.length ?? 1) / architecture.alignmentHeads.length;
    expect(places).toBeLessThan(samples.length / 320 + 100);
  }, 60_000);

  it('says the same in calls of any length', async () => {
    const [long] = await write([mel], 64);
    const [short] = await write([mel], 3);
    expect(short?.ids).toEqual(long?.ids);
    const errors = short?.logProbs.map((logProb, i) => off(long?.logProbs[i], logProb)) ?? [Infinity];
    expect(Math.max(...errors)).toBeLessThan(0.001);
    expect(long?.attention).toBe(((long?.ids.length ?? 0) * architecture.alignmentHeads.length * mel.frames) / 2);
    expect(short?.attention).toBe(long?.attention);
  }, 60_000);

  it('hears windows of different lengths as one batch', async () => {
    const samples = recording(golden.recording);
    const short = heardWith(samples.subarray(0, 48_000), 10);
    const [alone] = await write([mel], 16);
    const [first, second] = await write([mel, short], 16);
    expect(wordsOf(first?.ids)).toEqual(wordsOf(alone?.ids));
    expect(wordsOf(second?.ids).slice(0, 4)).toEqual(['ever', 'tried', 'ever', 'failed']);
  }, 60_000);

  it('keeps the rules of times: pairs that never go back, the first within a second', async () => {
    const [written] = await write([mel], 5);
    const { timestampBeginId: begin, eotId } = architecture;
    const ids = written?.ids ?? [];
    expect(ids[0]).toBeGreaterThanOrEqual(begin);
    expect(ids[0]).toBeLessThanOrEqual(begin + 50);
    expect(ids.at(-1)).toBe(eotId);
    const times = ids.filter((id) => id >= begin);
    expect(times).toEqual([...times].sort((a, b) => a - b));
    expect(times.length).toBeGreaterThan(1);
  }, 60_000);

  it('goes on after ids that are given in the prompt', async () => {
    const [whole] = await write([mel], 16);
    const ids = whole?.ids ?? [];
    const [rest] = await write([mel], 16, Int32Array.of(architecture.sotId, ...ids.slice(0, 7)));
    expect(wordsOf(rest?.ids)).toEqual(wordsOf(ids.slice(7)));
  }, 60_000);

  it('gives no times where the prompt says so', async () => {
    const [written] = await write([mel], 16, Int32Array.of(architecture.sotId, architecture.noTimestampsId));
    expect(written?.ids.every((id) => id < architecture.timestampBeginId)).toBe(true);
    expect(bytePair.decode(written?.ids ?? [])).toMatch(/^ ?Ever tried/);
  }, 60_000);

  it('keeps hypotheses apart and reorders them', async () => {
    const heard = await model.hear([mel], signal);
    const start = (): Promise<WhisperState> => model.start(heard, { beams: 2, prompt: sot, signal });
    const state = await start();
    await model.step(new Int32Array(2), state, signal);
    const { timestampBeginId: begin } = architecture;
    const apart = await model.step(Int32Array.of(begin, begin + 50), state, signal);
    const width = apart.width;
    const first = apart.logProbs.slice(0, width);
    const second = apart.logProbs.slice(width);
    expect(second).not.toEqual(first);
    const swapped = await start();
    await model.step(new Int32Array(2), swapped, signal);
    await model.select(swapped, Int32Array.of(1, 0));
    const after = await model.step(Int32Array.of(begin + 50, begin), swapped, signal);
    expect(Math.max(...likely(first).map((id) => off(after.logProbs[width + id], first[id] ?? 0)))).toBeLessThan(0.3);
    expect(likely(after.logProbs.subarray(width))).not.toEqual(likely(after.logProbs.subarray(0, width)));
  }, 60_000);

  it('refuses a prompt that does not begin the transcript', async () => {
    const heard: HeardWindow[] = [{ memory: {}, bias: new Float32Array(1) }];
    await expect(model.start(heard, { beams: 1, prompt: new Int32Array(), signal })).rejects.toThrow(/prompt/);
  });
});
