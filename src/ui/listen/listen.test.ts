import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { formatClock, parseClock } from './clock.ts';
import { findIn, findLines } from './lineSearch.ts';
import { nextBatch } from './nextBatch.ts';
import { placeAt } from './playback.ts';

describe('clock', () => {
  it.each([
    [0, '0:00', '0:00.0'],
    [65.26, '1:05', '1:05.3'],
    [59.96, '0:59', '1:00.0'],
    [3723.5, '1:02:03', '1:02:03.5'],
    [-1, '0:00', '0:00.0'],
  ])('shows %d s as %s', (timeS, short, long) => {
    expect(formatClock(timeS)).toBe(short);
    expect(formatClock(timeS, true)).toBe(long);
  });

  it.each([
    ['65', 65],
    [' 1:05 ', 65],
    ['1:05.3', 65.3],
    ['1:02:03,25', 3723.25],
    ['', null],
    ['1:', null],
    ['a', null],
    ['-1', null],
  ])('reads %j', (text, timeS) => {
    if (timeS === null) expect(parseClock(text)).toBeNull();
    else expect(parseClock(text)).toBeCloseTo(timeS, 6);
  });

  it('reads what it shows', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 400_000 }), (tenths) => {
        expect(parseClock(formatClock(tenths / 10, true))).toBeCloseTo(tenths / 10, 6);
      }),
    );
  });
});

describe('search', () => {
  it('finds words whatever their case or accents, in either language', () => {
    expect(findIn('O Órgão e o ORGÃO', 'orgao')).toEqual([
      [2, 7],
      [12, 17],
    ]);
    const line = (id: string, text: string, translation?: string): TranscriptLine => ({
      id,
      startS: 0,
      endS: 1,
      text,
      ...(translation === undefined ? {} : { translation }),
    });
    const lines = [line('a', 'the house'), line('b', 'x', 'A Casa'), line('c', 'y')];
    expect(findLines(lines, 'casa').map(({ id }) => id)).toEqual(['b']);
    expect(findLines(lines, ' ')).toEqual([]);
  });

  it('gives the places of the text as it stands', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, after) => {
        const text = `${before}Needle${after}`;
        expect(findIn(text, 'nEEdle').map(([from, to]) => text.slice(from, to).toLowerCase())).toContain('needle');
      }),
    );
  });
});

describe('placeAt', () => {
  const words = [0, 0.5].map((startS) => ({ text: 'a', startS, endS: startS + 0.5, probability: 1 }));
  const lines: TranscriptLine[] = [
    { id: 'a', startS: 0, endS: 1, text: 'a a', words },
    { id: 'b', startS: 5, endS: 6, text: 'b' },
  ];
  it.each([
    [0, { line: 0, word: 0 }],
    [0.6, { line: 0, word: 1 }],
    [1.9, { line: 0, word: 1 }],
    [3, { line: -1, word: -1 }],
    [5.5, { line: 1, word: -1 }],
    [99, { line: -1, word: -1 }],
  ])('knows what is said at %d s', (timeS, place) => {
    expect(placeAt(lines, timeS)).toEqual(place);
  });
});

describe('nextBatch', () => {
  const made = (texts: string[], translated: number): TranscriptLine[] =>
    texts.map((text, i) => ({
      id: String(i),
      startS: i,
      endS: i + 1,
      text,
      ...(i < translated ? { translation: 'x', translatedFrom: text } : {}),
    }));
  const ids = (lines: TranscriptLine[]): string => lines.map(({ id }) => id).join(' ');

  it('takes whole sentences, from the one that holds the first untranslated line', () => {
    const lines = made(['One.', 'Two', 'goes', 'on.', 'Three.'], 2);
    expect(ids(nextBatch(lines, false))).toBe('1 2 3 4');
    expect(nextBatch(made(['One.'], 1), false)).toEqual([]);
  });

  it('waits for the end of the sentence while the transcript grows', () => {
    const lines = made(['One.', 'Two.', 'Three'], 1);
    expect(ids(nextBatch(lines, true))).toBe('1');
    expect(ids(nextBatch(lines, false))).toBe('1 2');
    expect(nextBatch(made(['One.', 'Two'], 1), true)).toEqual([]);
  });

  it('takes no more than can be seen coming, also where nothing ever ends', () => {
    expect(
      nextBatch(
        made(
          Array.from({ length: 500 }, () => 'and'),
          0,
        ),
        true,
      ).length,
    ).toBe(30);
    expect(
      nextBatch(
        made(
          Array.from({ length: 500 }, () => 'Yes.'),
          0,
        ),
        true,
      ).length,
    ).toBe(10);
  });
});
