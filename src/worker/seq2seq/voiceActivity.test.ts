import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../protocol/manifest.ts';
import { openVoiceActivity, type VoiceActivityModel } from './voiceActivity.ts';

const folder = new URL('../../../models/silero-vad/', import.meta.url);
const { signal } = new AbortController();
const goldenSchema = v.object({ tolerance: v.number(), recording: v.string(), probabilities: v.array(v.number()) });
const golden = v.parse(goldenSchema, JSON.parse(readFileSync(new URL('golden.json', folder), 'utf8')));

let voice: VoiceActivityModel;
let samples: Float32Array;

beforeAll(async () => {
  const manifest = v.parse(manifestSchema, JSON.parse(readFileSync(new URL('manifest.json', folder), 'utf8')));
  const { architecture, parts } = manifest;
  if (architecture.type !== 'silero-vad') throw new Error('The model tells no speech from silence.');
  const part = (role: string): Promise<Uint8Array> => {
    const file = parts.find((each) => each.role === role)?.file ?? '';
    return Promise.resolve(Uint8Array.from(gunzipSync(readFileSync(new URL(file, folder)))));
  };
  voice = await openVoiceActivity({ architecture, part, provider: 'wasm', threads: 1, lane: 0, signal });
  const file = readFileSync(new URL(`../../../e2e/audio/${golden.recording}`, import.meta.url));
  const view = new DataView(file.buffer, file.byteOffset, file.length);
  samples = Float32Array.from(
    { length: view.getUint32(40, true) / 2 },
    (_, i) => view.getInt16(44 + 2 * i, true) / 32768,
  );
});

const worst = (found: Float32Array, wanted: readonly number[]): number =>
  Math.max(...wanted.map((value, i) => Math.abs((found[i] ?? Infinity) - value)));

describe('VoiceActivityModel', () => {
  it('gives the probabilities of the published graph', async () => {
    voice.reset();
    const found = await voice.probabilities(samples);
    expect(found).toHaveLength(golden.probabilities.length);
    expect(worst(found, golden.probabilities)).toBeLessThan(golden.tolerance);
  });

  it('gives the same for a stream in pieces of any length', async () => {
    voice.reset();
    const found: number[] = [];
    for (let at = 0, length = 1; at < samples.length; at += length, length = (length * 7) % 5003)
      found.push(...(await voice.probabilities(samples.subarray(at, at + length))));
    expect(found).toHaveLength(golden.probabilities.length);
    expect(worst(Float32Array.from(found), golden.probabilities)).toBeLessThan(golden.tolerance);
  });

  it('gives the same in several runs as in one', async () => {
    voice.reset();
    const long = new Float32Array(1300 * voice.windowSamples);
    long.set(samples);
    const found = await voice.probabilities(long);
    expect(found).toHaveLength(1300);
    expect(worst(found.subarray(0, golden.probabilities.length - 1), golden.probabilities.slice(0, -1))).toBeLessThan(
      golden.tolerance,
    );
    expect(Math.max(...found.subarray(-200))).toBeLessThan(0.1);
  });

  it('remembers what came before until it is told to forget', async () => {
    voice.reset();
    const first = await voice.probabilities(samples.subarray(0, 8192));
    const second = await voice.probabilities(samples.subarray(0, 8192));
    voice.reset();
    const again = await voice.probabilities(samples.subarray(0, 8192));
    expect(second).not.toEqual(first);
    expect(again).toEqual(first);
  });
});
