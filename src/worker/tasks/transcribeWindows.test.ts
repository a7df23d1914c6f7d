import { describe, expect, it } from 'vitest';
import type { SpeechWindow } from '../features/audio/windows.ts';
import type { SpokenWord } from '../features/segments.ts';
import type { Heard, Speech } from './recogniser.ts';
import { transcribeWindows } from './transcribeWindows.ts';

const RATE = 16_000;

/** A text read aloud: a word every second, from `n + 0.1` to `n + 0.9`. */
const TEXT = 'it was the best of times it was the worst of times it was the age of wisdom'.split(' ');

/** The words of a piece of audio that lie in it as a whole, but for those after `stopS`. */
function read({ startS, samples, notBeforeS }: Speech, stopS = Infinity): Heard {
  const endS = startS + samples.length / RATE;
  const words = TEXT.flatMap((text, n): SpokenWord[] => {
    const word = { text: ` ${text}`, startS: n + 0.1, endS: n + 0.9, probability: 1, idsEnd: 0 };
    return word.startS >= Math.max(startS, notBeforeS) && word.endS <= Math.min(endS, stopS) ? [word] : [];
  });
  const segments = words.length > 0 ? [{ words, timesS: [null, null] as [null, null] }] : [];
  return {
    segments,
    ids: new Int32Array(),
    silent: false,
    reliable: true,
    spoken: { language: 'en' },
    languageSure: true,
  };
}

const window = (startS: number, endS: number, overlapS = 0): SpeechWindow => ({
  startS,
  samples: new Float32Array((endS - startS) * RATE),
  overlapS,
  goesOn: false,
});

async function run(windows: SpeechWindow[], hear: (speeches: Speech[]) => Heard[]) {
  const batches: number[] = [];
  const told: { text: string; heardS: number }[] = [];
  async function* stream() {
    for (const [i, window] of windows.entries()) yield { ...window, goesOn: (windows[i + 1]?.overlapS ?? 0) > 0 };
  }
  const spoken: SpokenWord[] = [];
  for await (const { segments, heardS } of transcribeWindows(stream(), (speeches) => {
    batches.push(speeches.length);
    return Promise.resolve(hear(speeches));
  })) {
    const words = segments.flatMap((segment) => segment.words);
    spoken.push(...words);
    told.push({
      text: words
        .map(({ text }) => text)
        .join('')
        .trim(),
      heardS,
    });
  }
  return {
    batches,
    told,
    spoken,
    text: spoken
      .map(({ text }) => text)
      .join('')
      .trim(),
  };
}

const all = (speeches: Speech[]): Heard[] => speeches.map((speech) => read(speech));

describe('transcribeWindows', () => {
  it('writes windows down in order, the first by itself and then several at once', async () => {
    const windows = TEXT.map((_, n) => window(n, n + 1));
    const { batches, told, text } = await run(windows, all);
    expect(text).toBe(TEXT.join(' '));
    expect(batches).toEqual([1, 4, 4, 4, 4, 1]);
    expect(told.map(({ heardS }) => heardS)).toEqual(TEXT.map((_, n) => n + 1));
  });

  it('says what two windows heard once', async () => {
    const { text, spoken } = await run([window(0, 6), window(4, 11, 2), window(9, 18, 2)], all);
    expect(text).toBe(TEXT.join(' '));
    for (const [i, word] of spoken.entries()) expect(word.startS).toBeGreaterThanOrEqual(spoken[i - 1]?.endS ?? 0);
  });

  it('says what two windows heard once where they time it differently', async () => {
    const shifted = (speeches: Speech[]): Heard[] =>
      speeches.map((speech) => {
        const heard = read(speech);
        const byS = speech.startS === 4 ? -0.3 : 0.2;
        for (const word of heard.segments.flatMap((segment) => segment.words)) {
          word.startS += byS;
          word.endS += byS;
        }
        return heard;
      });
    const { text, spoken } = await run([window(0, 6), window(4, 18, 2)], shifted);
    expect(text).toBe(TEXT.join(' '));
    for (const [i, word] of spoken.entries()) {
      expect(word.startS).toBeGreaterThanOrEqual(spoken[i - 1]?.endS ?? 0);
      expect(word.endS).toBeGreaterThan(word.startS);
    }
  });

  it('hears the rest of a window again that was left too early', async () => {
    const heard: [number, number][] = [];
    const { text } = await run([window(0, 18)], (speeches) =>
      speeches.map((speech) => {
        heard.push([speech.startS, speech.samples.length / RATE]);
        return read(speech, speech.startS + 7);
      }),
    );
    expect(text).toBe(TEXT.join(' '));
    expect(heard.map(([startS]) => Number(startS.toFixed(1)))).toEqual([0, 6.8, 12.8]);
  });

  it('does not go on for ever where nothing more is heard', async () => {
    const { text, batches } = await run([window(0, 18)], (speeches) => speeches.map((speech) => read(speech, 5)));
    expect(text).toBe('it was the best of');
    expect(batches).toEqual([1, 1]);
  });

  it('tells nothing of a silent window but that it was heard', async () => {
    const silent = (speeches: Speech[]): Heard[] => speeches.map((speech) => ({ ...read(speech), silent: true }));
    const { told } = await run([window(0, 5)], silent);
    expect(told).toEqual([{ text: '', heardS: 5 }]);
  });
});
