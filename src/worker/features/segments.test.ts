import { describe, expect, it } from 'vitest';
import { readSegments, toSegment, type Place, type Written } from './segments.ts';
import { compressionRatio } from './compression.ts';

/** Ids below 100 are words; from 100 on they are times in steps of 0.02 s. */
const WORDS = [' It', ' was', ' late', '.', ' Nobody', ' came', ' ...'];
const reading = {
  decode: (ids: Int32Array) => [...ids].map((id) => WORDS[id] ?? '').join(''),
  timestampBeginId: 100,
};
const at = (seconds: number): number => 100 + Math.round(seconds / 0.02);

/** What was written, each id looking at 0.4 s of the audio, one after the other from `fromS` on. */
function written(ids: number[], fromS = 0, frames = 200): Written {
  const attention = new Float32Array(ids.length * frames);
  let frame = Math.round(fromS / 0.02);
  ids.forEach((id, i) => {
    attention.fill(1 / 20, i * frames + frame, i * frames + frame + 20);
    if (id < 100) frame += 20;
  });
  return { ids: Int32Array.from(ids), logProbs: new Float32Array(ids.length).fill(Math.log(0.5)), attention, heads: 1 };
}

/** Loud for 4 s. */
const place = (over: Partial<Place> = {}): Place => ({
  samples: Float32Array.from({ length: 64_000 }, (_, i) => Math.sin(i / 4)),
  sampleRateHz: 16_000,
  startS: 0,
  notBeforeS: 0,
  ...over,
});

describe('readSegments', () => {
  it('makes a segment of what lies between two times, with its words in the whole audio', () => {
    const ids = [at(0), 0, 1, 2, 3, at(1.6), at(1.6), 4, 5, at(2.4)];
    const segments = readSegments(written(ids), reading, place({ startS: 10, notBeforeS: 10 }));
    expect(segments.map(({ words }) => words.map(({ text }) => text))).toEqual([
      [' It', ' was', ' late.'],
      [' Nobody', ' came'],
    ]);
    expect(segments.map(({ timesS }) => timesS)).toEqual([
      [10, 11.6],
      [11.6, 12.4],
    ]);
    const words = segments.flatMap((segment) => segment.words);
    expect(words.map(({ startS }) => Number(startS.toFixed(2)))).toEqual([10, 10.4, 10.8, 11.6, 12]);
    expect(words.every(({ probability }) => Math.abs(probability - 0.5) < 1e-6)).toBe(true);
    expect(words.map(({ idsEnd }) => idsEnd)).toEqual([2, 3, 5, 8, 9]);
  });

  it('reads a text without times, and one that was cut off', () => {
    expect(readSegments(written([0, 1, 2]), reading, place())).toMatchObject([{ timesS: [null, null] }]);
    expect(readSegments(written([at(0.5), 0, 1]), reading, place())).toMatchObject([{ timesS: [0.5, null] }]);
    expect(readSegments(written([]), reading, place())).toEqual([]);
  });

  it('shares the times of a segment among its words by their letters where nothing shows when each was said', () => {
    const unseen = (ids: number[]): Written => ({ ...written(ids), attention: new Float32Array(), heads: 0 });
    const ids = [at(0), 0, 1, 2, 3, at(1), at(2), 4, 5];
    const spans = (over: Partial<Place>) =>
      readSegments(unseen(ids), reading, place(over)).map(({ words }) =>
        words.map(({ startS, endS }) => [startS, endS].map((seconds) => Number(seconds.toFixed(2)))),
      );
    expect(spans({ startS: 10, notBeforeS: 10 })).toEqual([
      [
        [10, 10.2],
        [10.2, 10.5],
        [10.5, 11],
      ],
      [
        [12, 13.2],
        [13.2, 14],
      ],
    ]);
    // What was said already goes on for a while: nothing stands still.
    const [first] = spans({ notBeforeS: 3 });
    expect(first).toEqual([
      [3, 3.08],
      [3.08, 3.2],
      [3.2, 3.4],
    ]);
  });

  it('puts no word before what was said already', () => {
    const [segment] = readSegments(written([0, 1, 2]), reading, place({ notBeforeS: 0.6 }));
    expect(segment!.words[0]!.startS).toBeGreaterThanOrEqual(0.6);
  });

  it('leaves out what nobody can read', () => {
    expect(readSegments(written([at(0), 6, at(1)]), reading, place())).toEqual([]);
  });
});

describe('toSegment', () => {
  const words = readSegments(written([at(0), 0, 1, 2, 3, at(2)]), reading, place())[0]!.words;

  it('joins words to the text, without the space before the first', () => {
    const segment = toSegment(words, { language: 'en' }, true);
    expect(segment).toMatchObject({ text: 'It was late.', language: 'en', startS: words[0]!.startS });
    expect(segment?.words?.map(({ text }) => text)).toEqual(['It', ' was', ' late.']);
    expect(segment?.words?.[0]).not.toHaveProperty('idsEnd');
    expect(toSegment(words, { language: 'en' }, false)).not.toHaveProperty('words');
  });

  it('makes nothing of nothing', () => {
    expect(toSegment([], { language: 'en' }, true)).toBeNull();
    expect(toSegment([{ ...words[0]!, text: ' —' }], { language: 'en' }, true)).toBeNull();
  });
});

it('compressionRatio is zlib’s', async () => {
  // len(text) / len(zlib.compress(text)) in Python; builds of zlib differ by a byte.
  expect(await compressionRatio('ha '.repeat(100))).toBeCloseTo(20, 0);
  expect(await compressionRatio('She sells sea shells')).toBeCloseTo(0.83, 1);
  expect(await compressionRatio('')).toBe(1);
});
