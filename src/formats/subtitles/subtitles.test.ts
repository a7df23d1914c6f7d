import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cue } from './cue.ts';
import { parseSubtitles } from './parseSubtitles.ts';
import { writeSrt, writeVtt } from './writeSubtitles.ts';

const body = (path: string): [number, number, string][] =>
  parseSubtitles(path).cues.map(({ startS, endS, text }) => [startS, endS, text]);

describe('parseSubtitles', () => {
  it.each([
    [
      'SubRip with a mark, CRLF, styles and a blank line inside',
      '\uFEFF1\r\n00:00:01,000 --> 00:00:02,500\r\n<i>Hello,</i>\r\n{\\an8}world\r\n\r\nagain\r\n\r\n2\r\n00:01:00,000 --> 01:00:00,000\r\n42\r\n',
      [
        [1, 2.5, 'Hello,\nworld\nagain'],
        [60, 3600, '42'],
      ],
    ],
    [
      'SubRip without blank lines, with dots and coordinates',
      '1\n00:00:01.000 --> 00:00:02.000 X1:40 X2:600\none\n2\n0:00:03,5 --> 0:00:04,25\ntwo',
      [
        [1, 2, 'one'],
        [3.5, 4.25, 'two'],
      ],
    ],
    [
      'a number that was said stays',
      '1\n00:00:01,000 --> 00:00:02,000\n7\n\n2\n00:00:03,000 --> 00:00:04,000\n2001\n\n00:00:05,000 --> 00:00:06,000\nend',
      [
        [1, 2, '7'],
        [3, 4, '2001'],
        [5, 6, 'end'],
      ],
    ],
    [
      'WebVTT with header, notes, styles, names, voices and entities',
      'WEBVTT - a title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE a --> is not a time\n\nintro\n01:02.000 --> 01:03.000 align:start\n<v Ann>AT&amp;T <00:01:02.500><c.loud>&lt;rocks&gt;</c>\n\nNOTE\nnothing\n\n02:00.000 --> 02:01.000\nb',
      [
        [62, 63, 'AT&T <rocks>'],
        [120, 121, 'b'],
      ],
    ],
    [
      'cues out of order',
      '1\n00:00:05,000 --> 00:00:06,000\nlast\n\n2\n00:00:01,000 --> 00:00:02,000\nfirst',
      [
        [1, 2, 'first'],
        [5, 6, 'last'],
      ],
    ],
  ])('reads %s', (_, text, expected) => {
    expect(body(text)).toEqual(expected);
  });

  it('counts what it leaves out, and refuses what has no caption', () => {
    const parsed = parseSubtitles('00:00:02,000 --> 00:00:01,000\nbackwards\n\n00:00:03,000 --> 00:00:04,000\nfine\n');
    expect(parsed).toMatchObject({ format: 'srt', skipped: 1, cues: [{ text: 'fine' }] });
    expect(() => parseSubtitles('Dear reader,\n1\nno times here')).toThrow(/no caption/);
  });

  it('never hangs or throws anything but its refusal', () => {
    const scrap = fc.constantFrom(
      '1',
      '\n',
      '\r\n',
      '00:00:01,000',
      ' --> ',
      '00:02.0',
      '<i>',
      '&amp;',
      '{\\',
      'x',
      'WEBVTT',
    );
    fc.assert(
      fc.property(fc.array(scrap, { maxLength: 60 }), (scraps) => {
        try {
          for (const cue of parseSubtitles(scraps.join('')).cues) expect(cue.endS).toBeGreaterThanOrEqual(cue.startS);
        } catch (error) {
          expect(error).toMatchObject({ code: 'bad-input' });
        }
      }),
    );
  });
});

/** Cues as they are kept: milliseconds, in order, one to three lines that neither begin nor end with space. */
const line = (letters: string): fc.Arbitrary<string> =>
  fc
    .array(fc.constantFrom(...Array.from(letters)), { minLength: 1, maxLength: 12 })
    .map((all) => all.join('').trim())
    .filter((text) => text !== '');
const cues = (letters: string): fc.Arbitrary<Cue[]> =>
  fc
    .array(
      fc.record({
        gap: fc.integer({ min: 0, max: 5_000_000 }),
        ms: fc.integer({ min: 1, max: 9000 }),
        lines: fc.array(line(letters), { minLength: 1, maxLength: 3 }),
      }),
      { minLength: 1, maxLength: 8 },
    )
    .map((all) => {
      let at = 0;
      return all.map(({ gap, ms, lines }) => {
        const startMs = at + gap;
        at = startMs + ms;
        return { startS: startMs / 1000, endS: at / 1000, text: lines.join('\n') };
      });
    });

describe('writing', () => {
  it('writes SubRip and WebVTT as players expect them', () => {
    const two = [
      { startS: 0, endS: 1.5, text: 'a < b\n\n & c ' },
      { startS: 3661.0004, endS: 3662, text: 'd' },
      { startS: 4000, endS: 4001, text: '  ' },
    ];
    expect(writeSrt(two)).toBe('1\n00:00:00,000 --> 00:00:01,500\na < b\n& c\n\n2\n01:01:01,000 --> 01:01:02,000\nd\n');
    expect(writeVtt(two)).toBe(
      'WEBVTT\n\n00:00:00.000 --> 00:00:01.500\na &lt; b\n&amp; c\n\n01:01:01.000 --> 01:01:02.000\nd\n',
    );
  });

  it('writes SubRip that reads back the same', () => {
    fc.assert(
      fc.property(cues('ab1 9é,字->&'), (all) => {
        expect(parseSubtitles(writeSrt(all)).cues).toEqual(all);
      }),
    );
  });

  it('writes WebVTT that reads back the same', () => {
    fc.assert(
      fc.property(cues('ab1 9é,字-><&;l'), (all) => {
        expect(parseSubtitles(writeVtt(all)).cues).toEqual(all);
      }),
    );
  });
});
