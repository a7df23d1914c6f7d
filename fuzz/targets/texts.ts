import { isDeepStrictEqual } from 'node:util';
import { parseSubtitles } from '../../src/formats/subtitles/parseSubtitles.ts';
import { DEFAULT_LIMITS, shapeCues } from '../../src/formats/subtitles/shapeCues.ts';
import { writeSrt, writeVtt } from '../../src/formats/subtitles/writeSubtitles.ts';
import { formatGlossary, parseGlossary } from '../../src/library/glossaryFile.ts';
import { readShared, sharedLink } from '../../src/ui/translate/shareLink.ts';
import { decodeText } from '../../src/ui/translate/textFile.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';

const encode = (value: string): Uint8Array => new TextEncoder().encode(value);
const decode = (file: Uint8Array): string => decodeText(file).text;

const SRT = '1\n00:00:01,000 --> 00:00:02,500\nHello <i>there</i>.\n\n2\n00:00:03,000 --> 00:00:04,000\n{\\an8}Bye\n';
const VTT =
  'WEBVTT\n\nSTYLE\n::cue { color: red }\n\nfirst\n00:01.000 --> 00:02.000 align:start\n<v Ann>A &amp; B</v>\n';

export const textTargets: Target[] = [
  {
    name: 'subtitles',
    seeds: [encode(SRT), encode(VTT)],
    words: [
      ' --> ',
      '00:00:05,000',
      '9999:99:99,999',
      '00:00.0',
      'WEBVTT',
      '\n\n',
      '\r\n',
      '\r',
      '<i',
      '<v ',
      '>',
      '{\\',
      '}',
      '&lt;',
    ].concat(['&', ';', '\u0000', '\uFEFF', '1\n', '\u3042', ' ', '-->']),
    read: (file) => {
      const { cues, format, skipped } = parseSubtitles(decode(file));
      const shaped = shapeCues(
        cues.map(({ startS, endS, text }) => ({ startS, endS, texts: [text] })),
        DEFAULT_LIMITS,
      );
      expect(
        [...cues, ...shaped].every(({ startS, endS }) => startS >= 0 && endS >= startS && Number.isFinite(endS)),
        'times are in order',
      );
      for (const write of [writeSrt, writeVtt]) parseSubtitles(write(cues));
      return [cues, format, skipped, shaped, writeSrt(shaped)];
    },
    refusals: ['bad-input'],
  },
  {
    name: 'glossary',
    seeds: [encode('cat,gato\r\n"a ""b""","c, d"\r\n'), encode('cat\tgato\nx\ty\n'), encode('cat;gato\n')],
    words: ['"', '""', ',', ';', '\t', '\r\n', '\r', '\n', '=1+1', '\uFEFF', '\u0000'],
    read: (file) => {
      const parsed = parseGlossary(decode(file));
      expect(
        isDeepStrictEqual(parseGlossary(formatGlossary(parsed.rows)), { rows: parsed.rows, skipped: 0 }),
        'what is written is read again',
      );
      return parsed;
    },
    refusals: [],
  },
  {
    name: 'text',
    seeds: [encode('Olá, mundo.\n'), Uint8Array.of(0xff, 0xfe, 65, 0, 66, 0), Uint8Array.of(0xfe, 0xff, 0, 65)],
    words: [
      Uint8Array.of(0xff, 0xfe),
      Uint8Array.of(0xfe, 0xff),
      Uint8Array.of(0xef, 0xbb, 0xbf),
      Uint8Array.of(0xc0, 0x80),
    ],
    read: decodeText,
    refusals: [],
  },
  {
    name: 'share-link',
    seeds: [encode('#text=Ol%C3%A1%20mundo&from=pt&to=en-GB'), encode('#text=a+b')],
    words: [
      'text=',
      'from=',
      'to=',
      '&',
      '=',
      '%',
      '%00',
      '%ff',
      '%E0%A4',
      '#',
      '+',
      '__proto__',
      'pt-BR-x-y',
      '\u0000',
    ],
    read: (file) => {
      const shared = readShared(decode(file));
      if (shared === null) return null;
      const link = sharedLink('https://glossa.example/app/?x#y', shared.text, shared.from ?? '', shared.to ?? '');
      expect(isDeepStrictEqual(readShared(new URL(link).hash), shared), 'a link shares what was shared');
      return shared;
    },
    refusals: [],
  },
];
