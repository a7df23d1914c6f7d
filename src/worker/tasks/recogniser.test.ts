import { describe, expect, it } from 'vitest';
import type { SpeechInput } from '../../protocol/messages.ts';
import { LogMel } from '../features/audio/logMel.ts';
import { tinyWhisper } from '../seq2seq/fixtures/tinyWhisper.ts';
import type { HeardWindow, Mel } from '../seq2seq/whisperMemory.ts';
import { hear, isGhost, isLikelyRest, type Recogniser, type Speech } from './recogniser.ts';

const words = (...probabilities: number[]): { probability: number }[] =>
  probabilities.map((probability) => ({ probability }));

it('takes a few words for nothing where nobody seems to speak, or the words are hardly believed', () => {
  // What it makes of a reader's breath after the last sentence: "Thank you."
  expect(isGhost(words(0.16, 0.94), 0.65)).toBe(true);
  expect(isGhost(words(0.2, 0.3), 0.1)).toBe(true);
});

it('believes a short answer that is spoken, and longer ones in any case', () => {
  expect(isGhost(words(0.5, 0.9), 0.1)).toBe(false);
  expect(isGhost(words(0.3, 0.3, 0.3, 0.3), 0.65)).toBe(false);
});

it('judges a few ids together with those before them', () => {
  const logProbs = Float32Array.of(-2.5, -1);
  expect(isLikelyRest(logProbs, 10)).toBe(true);
  expect(isLikelyRest(logProbs, 1)).toBe(false);
  // Alone, they are what the recogniser says of them.
  expect(isLikelyRest(Float32Array.of(-0.1), 0)).toBe(false);
});

it('does not believe much that is unlikely because of what was agreed on', () => {
  expect(isLikelyRest(new Float32Array(6).fill(-2.5), 100)).toBe(false);
});

const RATE = 16_000;
const [EN, PT, SOT, TRANSCRIBE, TRANSLATE] = [116, 117, 115, 118, 119];

/** A multilingual model that says the same of everything, and hears these chances of English and Portuguese. */
function babel(chances: [en: number, pt: number][], from = ['en', 'pt']) {
  const told = { heard: 0, detected: 0, prompts: [] as (number | undefined)[][] };
  const said = Int32Array.of(15, 1, 2, 1, 2, 55, 10);
  const windowOf = (): HeardWindow => ({ memory: {}, bias: new Float32Array(1) });
  const recogniser: Recogniser = {
    manifest: {
      format: 1,
      id: 'babel',
      name: 'Babel',
      kind: 'speech',
      from,
      to: [...from, 'en'],
      licence: '',
      source: '',
      parts: [],
      architecture: {
        ...tinyWhisper,
        vocabulary: 120,
        sotId: SOT,
        languageIds: { en: EN, pt: PT },
        transcribeId: TRANSCRIBE,
        translateId: TRANSLATE,
        alignmentHeads: [],
      },
    },
    device: { provider: 'wasm', threads: 1, isolated: false, why: '' },
    voice: { windowSamples: 512, probabilities: () => Promise.resolve(new Float32Array()), reset: () => undefined },
    logMel: new LogMel(80),
    decode: (ids) => Array.from(ids, (id) => ` w${id}`).join(''),
    model: {
      maxTokens: 64,
      eosId: 10,
      async hear(windows: readonly Mel[]) {
        told.heard += windows.length;
        return windows.map(windowOf);
      },
      async languages(windows) {
        told.detected += windows.length;
        return windows.map((_, i) => Float32Array.from(chances[i] ?? []));
      },
      async start(windows, { prompt }) {
        told.prompts.push(...windows.map(({ languageId }) => [prompt[0], languageId ?? prompt[1], prompt[2]]));
        return { noSpeech: new Float32Array(windows.length), rows: windows.length };
      },
      async greedy({ noSpeech }) {
        const rows = Array.from(noSpeech);
        return { ids: rows.map(() => said), logProbs: rows.map(() => new Float32Array(said.length).fill(-0.1)) };
      },
      step: () => Promise.reject(new Error('nobody asked for a step')),
      select: () => undefined,
      dispose: () => undefined,
    },
  };
  return { told, recogniser };
}

const speech = (seconds: number, after?: string): Speech => ({
  samples: new Float32Array(seconds * RATE).fill(0.1),
  startS: 0,
  notBeforeS: 0,
  ...(after === undefined ? {} : { after }),
});

const asked = (over: Partial<SpeechInput> = {}): SpeechInput => ({
  model: 'babel',
  provider: 'wasm',
  language: 'auto',
  among: [],
  task: 'transcribe',
  words: true,
  beams: 1,
  ...over,
});
const { signal } = new AbortController();

describe('hear', () => {
  it('asks which language each piece is in, and writes each in its own, having heard it once', async () => {
    const { told, recogniser } = babel([
      [0.9, 0.1],
      [0.05, 0.85],
    ]);
    const heard = await hear(recogniser, asked(), [speech(1.9), speech(1.9)], { again: null, signal });
    expect(heard.map(({ spoken }) => spoken.language)).toEqual(['en', 'pt']);
    expect(heard[1]?.spoken.languageProbability).toBeCloseTo(0.85 / 0.9, 5);
    expect(told).toEqual({
      heard: 2,
      detected: 2,
      prompts: [
        [SOT, EN, TRANSCRIBE],
        [SOT, PT, TRANSCRIBE],
      ],
    });
  });

  it('goes on in the language before where a piece is short', async () => {
    const languagesOf = async (speeches: Speech[], after?: string) => {
      const { recogniser } = babel(speeches.map(() => [0.9, 0.1]));
      return (await hear(recogniser, asked(), speeches, { again: null, after, signal })).map(
        ({ spoken }) => spoken.language,
      );
    };
    expect(await languagesOf([speech(1), speech(1)])).toEqual(['en', 'en']);
    expect(await languagesOf([speech(1), speech(1)], 'pt')).toEqual(['pt', 'pt']);
    expect(await languagesOf([speech(1, 'en'), speech(1, 'pt')], 'pt')).toEqual(['en', 'pt']);
  });

  it.each([
    ['a language that is named', asked({ language: 'pt' }), undefined],
    ['the only one of those to choose among', asked({ among: ['pt'] }), undefined],
    ['the only one that the model knows', asked(), ['pt']],
  ])('does not ask for %s', async (_, input, from) => {
    const { told, recogniser } = babel([[0.9, 0.1]], from);
    const [heard] = await hear(recogniser, input, [speech(1.9)], { again: null, signal });
    expect(heard).toMatchObject({ spoken: { language: 'pt' }, languageSure: true });
    expect(heard?.spoken).not.toHaveProperty('languageProbability');
    expect(told).toMatchObject({ detected: 0, prompts: [[SOT, PT, TRANSCRIBE]] });
  });

  it('says what is spoken and what the text is in where the model translates', async () => {
    const { told, recogniser } = babel([
      [0.1, 0.9],
      [0.95, 0.05],
    ]);
    const heard = await hear(recogniser, asked({ task: 'translate' }), [speech(1.9), speech(1.9)], {
      again: null,
      signal,
    });
    expect(heard.map(({ spoken }) => [spoken.language, spoken.textLanguage])).toEqual([
      ['pt', 'en'],
      ['en', undefined],
    ]);
    expect(told.prompts[0]).toEqual([SOT, PT, TRANSLATE]);
  });
});
