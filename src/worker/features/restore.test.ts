import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import { prepareSentence } from './carry.ts';
import { lostItems } from './checks.ts';
import { localNumbers } from './numberFormat.ts';
import { applyEdits } from './edits.ts';
import { finishSentence } from './restore.ts';
import { substituteFor } from './substitutes.ts';
import { createTokeniser } from './tokeniser.ts';
import { restoreTypography } from './typography.ts';

const model = parseSentencePiece(
  gunzipSync(readFileSync(new URL('../../../models/en-pt/vocab.spm.gz', import.meta.url))),
);
const tokeniser = createTokeniser(model, { substitute: substituteFor });
const tokenisers = { source: tokeniser, target: tokeniser };

const seen = (source: string): string => tokeniser.decode(prepareSentence(source, tokeniser).ids).text;

describe('prepareSentence', () => {
  it.each([
    ['Nothing special here.', 'Nothing special here.'],
    ['Hello {name}, you have {{n}} items.', 'Hello X1, you have X2 items.'],
    ['See https://a.org/b?c#d or a@b.org.', 'See X1 or X2.'],
    ['{a}{b} and {c}px', 'X1 and X2'],
    ['Model X1 has {n} wheels', 'Model X1 has Q1 wheels'],
    ['I love you 😀 so much!', 'I love you so much!'],
    ['It is nice 😀!', 'It is nice!'],
    ['Click <b>Save</b> now.', 'Click Save now.'],
    ['one<br/>two', 'one two'],
    ['The word 日本 means Japan.', 'The word X1 means Japan.'],
    ['Ask @user about #topic and C#.', 'Ask X1 about X2 and X3.'],
    ['Run `npm i` in C:\\temp.', 'Run X1 in X2.'],
    ['a ~ b', 'a b'],
    ['a ㈀ b', 'a b'],
    ['Don’t say “Müller” — ever…', 'Don\'t say "Muller" - ever...'],
    ['It costs €5 or £3.', 'It costs EUR5 or GBP3.'],
    ['Łódź, Straße, Søren, naïve, Đà Nẵng', 'Lódz, Strasse, Soren, naive, Dà Nang'],
  ])('%s', (source, expected) => {
    expect(seen(source)).toBe(expected);
  });

  it('gives ranges in the source, whole items for stand-ins', () => {
    const source = 'Hi {name} 😀, go to https://a.org!';
    const { ids, ranges } = prepareSentence(source, tokeniser);
    const parts = ranges.map(([from, to]) => source.slice(from, to));
    expect(parts.some((part) => part.includes('{name}'))).toBe(true);
    expect(parts.filter((part) => /[{}]/.test(part) && !part.includes('{name}'))).toEqual([]);
    expect(parts.some((part) => part.includes('https://a.org'))).toBe(true);
    expect(ranges).toHaveLength(ids.length);
  });

  it('leaves the model no unknown piece, whatever the character', () => {
    const characters = Array.from({ length: 0x3_0000 }, (_, code) => code).filter(
      (code) => code < 0xd800 || code > 0xdfff,
    );
    const unknown = characters.filter((code) =>
      prepareSentence(String.fromCodePoint(code), tokeniser).ids.includes(tokeniser.unkId),
    );
    expect(unknown.map((code) => code.toString(16))).toEqual([]);
  });

  it('leaves the model no unknown piece, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (source) => {
        const { ids, ranges } = prepareSentence(source, tokeniser);
        expect([...ids]).not.toContain(tokeniser.unkId);
        let last = 0;
        for (const [from, to] of ranges) {
          expect(to).toBeGreaterThanOrEqual(from);
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeLessThanOrEqual(source.length);
          last = from;
        }
      }),
    );
  });
});

/**
 * Finishes a sentence as if the model had written `written`, with words aligned as in `pairs`, "source>target" by position:
 * "0>0 1>2". Words are divided at spaces; every piece attends wholly to the first piece of its word's source word.
 */
function finish(source: string, written: string, pairs: string, languages = { from: 'en', to: 'pt' }) {
  const prepared = prepareSentence(source, tokeniser);
  const { ids } = tokeniser.encode(written);
  const wordOf = (all: ArrayLike<number>): number[] => {
    let word = -1;
    return Array.from(all, (id) => (tokeniser.piece(id).startsWith('\u2581') ? ++word : Math.max(0, word)));
  };
  const sourceWords = wordOf(prepared.ids);
  const sourceLength = prepared.ids.length + 1;
  const aligned = new Map(pairs.split(' ').map((pair) => pair.split('>').reverse().map(Number) as [number, number]));
  const attention = new Float32Array(ids.length * sourceLength);
  wordOf(ids).forEach((word, row) => {
    const column = sourceWords.indexOf(aligned.get(word) ?? -1);
    attention[row * sourceLength + (column < 0 ? sourceLength - 1 : column)] = 1;
  });
  return finishSentence(prepared, ids, attention, sourceLength, tokenisers, languages);
}

describe('finishSentence', () => {
  it.each([
    [
      'stand-ins',
      'Hello {name}, see https://a.b/c#d.',
      'Olá X1, veja X2.',
      '0>0 1>1 2>2 3>3',
      'Olá {name}, veja https://a.b/c#d.',
    ],
    ['stand-ins in another order', '{a} of {b}', 'X2 de X1', '0>2 1>1 2>0', '{b} de {a}'],
    [
      'a stand-in written otherwise',
      'Ask @user now',
      'Pergunte ao usuário agora',
      '0>0 1>2 2>3',
      'Pergunte ao @user agora',
    ],
    [
      'names',
      'Mr. Müller lives in Łódź.',
      'O Sr. Muller vive em Lódz.',
      '0>1 1>2 2>3 3>4 4>5',
      'O Sr. Müller vive em Łódź.',
    ],
    ['only copied names', 'The café Zoë', 'O café Zoé', '0>0 1>1 2>2', 'O café Zoé'],
    [
      'emoji where the words went',
      'I love you 😀 so much!',
      'Eu te amo muito!',
      '0>0 1>2 2>1 4>3',
      'Eu te amo 😀 muito!',
    ],
    ['emoji at a stop', 'Good, 😀 thanks', 'Bom, obrigado', '0>0 1>1', 'Bom, 😀 obrigado'],
    [
      'tags around words that moved',
      'the <b>red</b> house',
      'a casa vermelha',
      '0>0 1>2 2>1',
      'a casa <b>vermelha</b>',
    ],
    [
      'tags around several words',
      'a <i>very old</i> man',
      'um homem muito velho',
      '0>0 1>2 2>3 3>1',
      'um homem <i>muito velho</i>',
    ],
    ['quotes, dashes and signs', '“Yes” — it’s €5', '"Sim" - custa EUR 5', '0>0 1>1 2>2 3>3', '“Sim” — custa € 5'],
    ['numbers', 'It costs $1,234.56.', 'Custa $1,234,56.', '1>0 2>1', 'Custa $1.234,56.'],
  ])('puts back %s', (_, source, written, pairs, expected) => {
    const { target, targetRanges } = finish(source, written, pairs);
    expect(target).toBe(expected);
    for (const [from, to] of targetRanges) {
      expect(to).toBeGreaterThanOrEqual(from);
      expect(to).toBeLessThanOrEqual(target.length);
    }
  });

  it('moves the alignment with the text', () => {
    const source = 'Hello {name} 😀, see Müller';
    const { target, alignment } = finish(source, 'Olá X1, veja Muller', '0>0 1>1 2>2 3>3');
    expect(target).toBe('Olá {name} 😀, veja Müller');
    const words = alignment.map((link) => `${source.slice(...link.source)}>${target.slice(...link.target)}`);
    expect(words).toEqual(['Hello>Olá', '{name}>{name}', 'see>veja', 'Müller>Müller']);
  });

  it('puts marks at the end where nothing is aligned', () => {
    const prepared = prepareSentence('Good 😀 day', tokeniser);
    const { ids } = tokeniser.encode('Bom dia');
    expect(finishSentence(prepared, ids, undefined, 0, tokenisers, { from: 'en', to: 'pt' }).target).toBe('Bom dia 😀');
  });

  it('loses no item when the model copies its stand-ins', () => {
    const words = fc.constantFrom(
      '{name}',
      '%s',
      'https://a.b/c?d',
      'x@y.zz',
      '😀',
      '❤️',
      '<b>',
      '</b>',
      '日本',
      '@me',
      'word',
      'and',
      '5',
      '`c d`',
    );
    fc.assert(
      fc.property(fc.array(words, { minLength: 1, maxLength: 12 }), (list) => {
        const source = list.join(' ');
        const prepared = prepareSentence(source, tokeniser);
        const length = prepared.ids.length + 1;
        const attention = new Float32Array(prepared.ids.length * length);
        prepared.ids.forEach((_, i) => (attention[i * length + i] = 1));
        const { target } = finishSentence(prepared, prepared.ids, attention, length, tokenisers, {
          from: 'en',
          to: 'pt',
        });
        expect(lostItems(source, target)).toEqual([]);
      }),
    );
  });
});

describe('localNumbers', () => {
  const written = (source: string, target: string, from: string, to: string): string =>
    applyEdits(target, localNumbers(source, target, { from, to })).text;

  it.each([
    ['1,234.56', '1,234,56', 'en', 'pt', '1.234,56'],
    ['1,234.56', '1,234.56', 'en', 'pt-BR', '1.234,56'],
    ['1,234', '1,234', 'en', 'pt', '1.234'],
    ['1.234.567', '1.234.567', 'pt', 'en', '1,234,567'],
    ['3.5', '3.5', 'en', 'pt', '3.5'],
    ['3.5', '3,5', 'en', 'pt', '3,5'],
    ['v2.0.1', 'v2.0,1', 'en', 'pt', 'v2.0.1'],
    ['10.0.0.1', '10.0.0.1', 'en', 'pt', '10.0.0.1'],
    ['12.05.2020', '12.05.2020', 'pt', 'en', '12.05.2020'],
    ['1,234', '5,678', 'en', 'pt', '5,678'],
    ['1,234.56', '1,234,56', 'en', 'de', '1,234,56'],
  ])('%s written as %s from %s to %s: %s', (source, target, from, to, expected) => {
    expect(written(source, target, from, to)).toBe(expected);
  });
});

describe('restoreTypography', () => {
  const written = (source: string, target: string): string =>
    applyEdits(target, restoreTypography(source, target)).text;

  it.each([
    ['«Olá», disse.', '"Hello," he said.', '«Hello,» he said.'],
    ['“a” "b"', '"a" "b"', '"a" "b"'],
    ['“a', '"a', '"a'],
    ['It’s', "n'isso d'água", 'n’isso d’água'],
    ['a – b', 'a - b - c', 'a – b – c'],
    ['a - b – c', 'a - b - c', 'a - b - c'],
    ['5 €', '5 EUR and EUROPE', '5 € and EUROPE'],
  ])('%s | %s -> %s', (source, target, expected) => {
    expect(written(source, target)).toBe(expected);
  });
});
