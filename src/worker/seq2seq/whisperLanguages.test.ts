import { beforeAll, describe, expect, it } from 'vitest';
import { speakingWhisper } from '../../convert/speakingWhisper.fixture.ts';
import { convertWhisper } from '../../convert/whisper.ts';
import type { WhisperArchitecture } from '../../protocol/manifest.ts';
import { parseBytePair, type BytePair } from '../features/bytePair.ts';
import { greedySearch } from './greedy.ts';
import { openWhisper } from './openWhisper.ts';
import type { WhisperModel } from './whisper.ts';
import type { HeardWindow } from './whisperMemory.ts';

const { signal } = new AbortController();
let model: WhisperModel;
let architecture: WhisperArchitecture;
let bytePair: BytePair;
let heard: HeardWindow[];

beforeAll(async () => {
  const converted = convertWhisper(speakingWhisper());
  ({ architecture } = converted);
  const part = (role: string): Promise<Uint8Array> => {
    const found = converted.parts.find((each) => each.role === role && each.provider !== 'webgpu');
    if (!found) throw new Error(`There is no ${role}.`);
    return Promise.resolve(found.bytes);
  };
  model = await openWhisper({ architecture, part, provider: 'wasm', threads: 1, lane: 0, signal });
  bytePair = parseBytePair(await part('tokeniser'));
  const frames = 100;
  const mel = { data: new Float32Array(architecture.mels * frames).map((_, i) => Math.sin(i)), frames, heard: 60 };
  heard = await model.hear([mel, { ...mel, heard: frames }], signal);
}, 60_000);

const idOf = (tag: string): number => architecture.languageIds[tag] ?? NaN;

async function write(windows: HeardWindow[], taskId: number | null): Promise<string[]> {
  const prompt = Int32Array.of(architecture.sotId, idOf('en'), taskId ?? NaN);
  const found = await greedySearch(
    model,
    windows.map((features) => ({ features, maxTokens: 12 })),
    { prompt, signal, tokensPerCall: 4, callMs: 1000, isLooping: () => false },
  );
  return found.map(({ hypotheses: [best] }) => bytePair.decode(best?.ids ?? []).trim());
}

describe('a multilingual WhisperModel', () => {
  it('says how likely each language is, of languages alone', async () => {
    const [first = new Float32Array(), second] = await model.languages(heard, signal);
    const chances = new Map(Object.keys(architecture.languageIds).map((tag, i) => [tag, first[i] ?? 0]));
    expect(chances.size).toBe(99);
    expect(chances.get('pt')).toBeGreaterThan(0.7);
    expect(chances.get('en')).toBeGreaterThan(0.01);
    expect([...chances.values()].reduce((sum, chance) => sum + chance, 0)).toBeCloseTo(1, 4);
    expect(second).toHaveLength(99);
  });

  it('writes each window of a batch in its own language', async () => {
    const [first, second] = heard;
    const windows = [
      { ...first!, languageId: idOf('pt') },
      { ...second!, languageId: idOf('en') },
    ];
    expect(await write(windows, architecture.transcribeId)).toEqual(['bom dia', 'hello there']);
  });

  it('writes in the prompt’s language what has none of its own', async () => {
    expect(await write(heard, architecture.transcribeId)).toEqual(['hello there', 'hello there']);
  });

  it('translates where it is told to', async () => {
    const windows = heard.map((window) => ({ ...window, languageId: idOf('pt') }));
    expect(await write(windows, architecture.translateId)).toEqual(['good morning', 'good morning']);
  });
});
