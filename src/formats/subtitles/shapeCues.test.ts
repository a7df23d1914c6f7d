import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Word } from '../../protocol/types.ts';
import { type Caption, DEFAULT_LIMITS, isTooFast, shapeCues } from './shapeCues.ts';
import { estimateWords, moveWords, pieces, retimeWords, timePieces } from './words.ts';

const letters = (text: string): string => text.replace(/\s/g, '');
const SAID =
  'It was the best of times, it was the worst of times. It was the age of wisdom and it was the age of foolishness, my friends.';

describe('shapeCues', () => {
  it('cuts a caption of any length in good time, and loses nothing of either language', () => {
    const said = 'word, '.repeat(6000);
    const start = performance.now();
    const cues = shapeCues(
      [{ startS: 10, endS: 3000, texts: [said, said.replaceAll('word', 'Wort')] }],
      DEFAULT_LIMITS,
    );
    expect(performance.now() - start).toBeLessThan(5000);
    expect(letters(cues.map(({ text }) => text).join('')).match(/word,|Wort,/g)).toHaveLength(12_000);
    expect(cues.every((cue, i) => cue.endS >= cue.startS && cue.startS >= (cues[i - 1]?.startS ?? 10))).toBe(true);
    expect([cues[0]?.startS, cues.at(-1)?.endS]).toEqual([10, 3000]);
  });

  it('cuts a caption of the shortest words in good time', () => {
    const start = performance.now();
    const cues = shapeCues([{ startS: 0, endS: 60, texts: ['a b '.repeat(2000)] }], DEFAULT_LIMITS);
    expect(performance.now() - start).toBeLessThan(3000);
    expect(letters(cues.map(({ text }) => text).join(''))).toHaveLength(4000);
  });

  it('cuts at ends of sentences and commas first, into lines of even length', () => {
    const cues = shapeCues([{ startS: 0, endS: 9, texts: [SAID] }], DEFAULT_LIMITS);
    expect(cues.map(({ text }) => text)).toEqual([
      'It was the best of times,\nit was the worst of times.',
      'It was the age of wisdom and it was\nthe age of foolishness, my friends.',
    ]);
    expect(cues[0]?.startS).toBe(0);
    expect(cues[1]?.endS).toBe(9);
  });

  it('cuts where the speaker paused, at the time the next word was said', () => {
    const words = estimateWords('one two three four five six seven eight nine ten eleven twelve', 0, 4).map(
      (word, i) => (i < 5 ? word : { ...word, startS: word.startS + 6, endS: word.endS + 6 }),
    );
    const [first, second] = shapeCues(
      [{ startS: 0, endS: 10, texts: [words.map(({ text }) => text).join('')], words }],
      DEFAULT_LIMITS,
    );
    expect(first?.text).toBe('one two three four five');
    expect(second?.startS).toBe(words[5]?.startS);
  });

  it('leaves lines that fit as they are, and lets a short cue stand until it is read', () => {
    const [cue, next] = shapeCues(
      [
        { startS: 1, endS: 1.2, texts: ['- Yes.\n- No.'] },
        { startS: 1.9, endS: 5, texts: ['And then?'] },
      ],
      DEFAULT_LIMITS,
    );
    expect(cue?.text).toBe('- Yes.\n- No.');
    expect(cue?.endS).toBeCloseTo(1.9 - DEFAULT_LIMITS.gapS);
    expect(next).toMatchObject({ startS: 1.9, endS: 5 });
  });

  it('cuts two languages at the same times', () => {
    const translated =
      'Foi o melhor dos tempos, foi o pior dos tempos. Foi a idade da sabedoria e foi a idade da tolice, meus amigos.';
    const cues = shapeCues([{ startS: 0, endS: 9, texts: [SAID, translated] }], DEFAULT_LIMITS);
    expect(cues[0]?.text).toBe(
      'It was the best of times,\nit was the worst of times.\nFoi o melhor dos tempos,\nfoi o pior dos tempos.',
    );
    expect(cues).toHaveLength(2);
  });

  it('says what is too fast to read', () => {
    expect(isTooFast({ startS: 0, endS: 1, text: '', toRead: 20 }, DEFAULT_LIMITS)).toBe(true);
    expect(isTooFast({ startS: 0, endS: 2, text: '', toRead: 20 }, DEFAULT_LIMITS)).toBe(false);
  });

  it('is quick with an hour in one caption', () => {
    const text = 'word after word without an end '.repeat(300);
    const begin = performance.now();
    expect(shapeCues([{ startS: 0, endS: 3600, texts: [text] }], DEFAULT_LIMITS).length).toBeGreaterThan(100);
    expect(performance.now() - begin).toBeLessThan(5000);
  });

  it('keeps every letter in order, within the limits, without overlaps, whatever was said', () => {
    const word = fc.constantFrom(
      'a',
      'of',
      'time',
      'it,',
      'wisdom.',
      'incomprehensibilities',
      '字',
      '第一',
      '?!',
      'well-known',
    );
    const text = fc.array(word, { minLength: 1, maxLength: 40 }).map((all) => all.join(' '));
    const caption = fc.record({
      ms: fc.integer({ min: 10, max: 30_000 }),
      gap: fc.integer({ min: 0, max: 3000 }),
      a: text,
      b: text,
    });
    const limits = fc.record({ lineLength: fc.integer({ min: 12, max: 60 }), lines: fc.integer({ min: 1, max: 3 }) });
    fc.assert(
      fc.property(fc.array(caption, { maxLength: 4 }), limits, fc.boolean(), (all, { lineLength, lines }, both) => {
        let at = 0;
        const captions = all.map(({ ms, gap, a, b }): Caption => {
          const startS = at + gap / 1000;
          at = startS + ms / 1000;
          return { startS, endS: at, texts: both ? [a, b] : [a] };
        });
        const cues = shapeCues(captions, { ...DEFAULT_LIMITS, lineLength, lines });
        if (!both) {
          expect(letters(cues.map((cue) => cue.text).join(''))).toBe(
            letters(captions.map(({ texts }) => texts[0]).join('')),
          );
        }
        cues.forEach((cue, i) => {
          const own = cue.text.split('\n');
          for (const line of own) expect(line.length <= lineLength || pieces(line).length === 1).toBe(true);
          if (own.every((line) => pieces(line).length > 1))
            expect(own.length).toBeLessThanOrEqual(lines * (both ? 2 : 1));
          expect(cue.endS).toBeGreaterThanOrEqual(cue.startS);
          expect(cue.endS).toBeLessThanOrEqual((cues[i + 1]?.startS ?? Infinity) + 1e-9);
        });
      }),
      { numRuns: 60 },
    );
  });
});

describe('words', () => {
  const words: Word[] = [
    { text: 'The', startS: 0, endS: 0.2, probability: 0.9 },
    { text: ' quik', startS: 0.3, endS: 0.6, probability: 0.3 },
    { text: ' fox', startS: 0.7, endS: 1, probability: 0.8 },
  ];

  it('keep their times where an edit left them, and share the time between', () => {
    const [the, quick, brown, fox] = retimeWords(words, 'The quick brown fox', 0, 1);
    expect([the, fox]).toEqual([words[0], words[2]]);
    expect(quick).toMatchObject({ text: ' quick', startS: 0.2, probability: 1 });
    expect(quick?.endS).toBeCloseTo(0.45);
    expect(brown).toEqual({ text: ' brown', startS: quick?.endS, endS: 0.7, probability: 1 });
    expect(retimeWords(words, 'The fox', 0, 1)).toEqual([words[0], words[2]]);
    expect(retimeWords(words, '', 0, 1)).toEqual([]);
  });

  it('make room for a word between two that touch', () => {
    const tight = [words[0]!, { ...words[1]!, startS: 0.2 }];
    const made = retimeWords(tight, 'The very quik', 0, 0.6);
    expect(made.map(({ text }) => text).join('')).toBe('The very quik');
    for (const word of made) expect(word.endS).toBeGreaterThan(word.startS);
  });

  it('move with their caption', () => {
    expect(moveWords(words, { startS: 0, endS: 1 }, { startS: 10, endS: 12 })[2]).toMatchObject({
      startS: 11.4,
      endS: 12,
    });
  });

  it('give their times to the pieces of the text, however they were cut', () => {
    const cut = [
      { text: ' well', startS: 0, endS: 1, probability: 0.9 },
      { text: '-known', startS: 1, endS: 2, probability: 0.5 },
      { text: ' fox', startS: 2, endS: 3, probability: 0.8 },
    ];
    expect(timePieces(['well-known', ' fox'], cut)).toEqual([
      { text: 'well-known', startS: 0, endS: 2, probability: 0.5 },
      { text: ' fox', startS: 2, endS: 3, probability: 0.8 },
    ]);
    expect(timePieces(['other', ' fox'], cut)).toBeUndefined();
  });

  it('are the text, cut where a line may break', () => {
    expect(pieces(' one  two, 今日は。ok')).toEqual([' one', '  two,', ' 今', '日', 'は。', 'ok']);
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        expect(pieces(text).join('')).toBe(text.trimEnd());
      }),
    );
  });

  it('cover the time of their caption', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1 }), (text) => {
        const made = estimateWords(text, 1, 2);
        expect(made.map((word) => word.text).join('')).toBe(text.trimEnd());
        if (made.length > 0) expect(made.at(-1)?.endS).toBeCloseTo(2);
      }),
    );
  });
});
