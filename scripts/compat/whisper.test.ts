import { describe, expect, it } from 'vitest';
import { compareWhisper, convertWhisperCase, REAL_TAGS, whisperGolden } from './whisper.ts';

/** Types whose weights lie on the grid of 8 bits: nothing is lost when they are converted. */
const isExact = (name: string): boolean => /float32|int8|distilled|English/.test(name);

describe.each(whisperGolden.map((one) => [one.name, one] as const))('a CTranslate2 Whisper: %s', (name, one) => {
  it('hears, detects and writes what CTranslate2 does', async () => {
    const found = await compareWhisper(one, '.webgpu');
    expect(found.encoded).toBeLessThan(isExact(name) ? 1e-3 : 0.03);
    expect(found.languages).toBeLessThan(0.005);
    expect(found.logProb).toBeLessThan(0.1);
    if (isExact(name)) expect(found.greedy[0]).toBe(found.greedy[1]);
    // Where the decoder looks at nothing in particular, the path through it is chance.
    if (name.includes('sharp')) expect(found.onsets[0] / found.onsets[1]).toBeGreaterThan(0.9);
  }, 60_000);
});

it('nearly so in 8 bits', async () => {
  const [first] = whisperGolden;
  const found = await compareWhisper(first!, '');
  expect(found.languages).toBeLessThan(0.05);
  expect(found.logProb).toBeLessThan(0.3);
}, 60_000);

it('knows the languages of a multilingual vocabulary by their BCP-47 tags, and none of an English one', () => {
  const tags = whisperGolden.map((one) => Object.keys(convertWhisperCase(one).architecture.languageIds));
  expect(tags.map(({ length }) => length)).toEqual(whisperGolden.map(({ languages }) => languages));
  expect(tags.find(({ length }) => length === 100)).toEqual(REAL_TAGS);
});
