import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import { splitLong } from './splitLong.ts';
import { createTokeniser } from './tokeniser.ts';

const tokeniser = createTokeniser(
  parseSentencePiece(gunzipSync(readFileSync(new URL('../../../models/en-pt/vocab.spm.gz', import.meta.url)))),
);
const countTokens = (text: string): number => tokeniser.encode(text).ids.length;
const countWords = (text: string): number => text.split(/\s+/).filter((word) => word !== '').length;

const split = (text: string, count: (text: string) => number, max: number): string[] =>
  splitLong(text, count, max).map(([from, to]) => text.slice(from, to));

describe('splitLong', () => {
  it.each([
    ['fits as it is', 10, ['fits as it is']],
    ['one two three; four five six', 4, ['one two three;', 'four five six']],
    ['one two, three four five, six seven', 6, ['one two, three four five,', 'six seven']],
    ['one two — three four', 3, ['one two —', 'three four']],
    ['one two three and four five', 4, ['one two three', 'and four five']],
    ['um dois três mas quatro cinco', 5, ['um dois três', 'mas quatro cinco']],
    ['one two three four five six', 3, ['one two three', 'four five six']],
    ['a, one two three four five six', 4, ['a, one two three', 'four five six']],
  ])('cuts at the best place: %s', (text, max, expected) => {
    expect(split(text, countWords, max)).toEqual(expected);
  });

  it('cuts text without spaces between characters, never inside one', () => {
    const family = '👩‍👩‍👧‍👦';
    const parts = split(family.repeat(40) + 'é'.normalize('NFD').repeat(40), (text) => text.length, 30);
    expect(parts.join('')).toBe(family.repeat(40) + 'é'.normalize('NFD').repeat(40));
    for (const part of parts) expect(part).toMatch(new RegExp(`^(${family}|e\u0301)+$`, 'u'));
  });

  it('keeps a single character that is too long', () => {
    expect(split('👩‍👩‍👧‍👦👩‍👩‍👧‍👦', (text) => text.length, 3)).toEqual(['👩‍👩‍👧‍👦', '👩‍👩‍👧‍👦']);
  });

  it('loses nothing but white space and keeps to the limit', () => {
    const words = fc.constantFrom(
      'word',
      'a',
      'and',
      'it,',
      'is;',
      '—',
      '(x)',
      'anticonstitucionalissimamente',
      '日本語',
      '😀',
      '  ',
    );
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), fc.integer({ min: 2, max: 20 }), (list, max) => {
        const text = list.join(' ');
        const parts = splitLong(text, countTokens, max);
        let at = 0;
        for (const [from, to] of parts) {
          expect(text.slice(at, from).trim()).toBe('');
          expect(countTokens(text.slice(from, to))).toBeLessThanOrEqual(max);
          at = to;
        }
        expect(text.slice(at).trim()).toBe('');
      }),
      { numRuns: 200 },
    );
  });

  it('takes a megabyte without a stop', () => {
    const text = 'word after word '.repeat(65_536);
    const start = performance.now();
    expect(splitLong(text, countTokens, 120).length).toBeGreaterThan(1000);
    // A second or two; counting all that is left at every cut would take minutes.
    expect(performance.now() - start).toBeLessThan(15_000);
  }, 20_000);
});
