import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Encoded, Tokeniser } from '../features/tokeniser.ts';
import { Document } from './document.ts';

/** A token a character. */
const tokeniser: Tokeniser = {
  size: 1,
  unkId: 0,
  encode: (text): Encoded => ({
    ids: Int32Array.from(text, (character) => character.codePointAt(0) ?? 0),
    ranges: Array.from(text, (_, i) => [i, i + 1]),
  }),
  decode: () => ({ text: '', ranges: [] }),
  piece: () => '',
  covers: () => true,
};

const result = (target: string) => ({ target, score: 0, alignment: [], alternatives: [], warnings: [] });

describe('a text and its translation', () => {
  it('keeps every byte that is in no sentence', () => {
    const parts = fc.constantFrom(
      'Hello there.',
      'One, two; three!',
      '\n\n',
      '  ',
      '\t- ',
      '🎉',
      '\r\n',
      '“Well?”',
      ' ',
      'e.g. this',
      '...',
    );
    fc.assert(
      fc.property(fc.array(parts), (pieces) => {
        const text = pieces.join('');
        const document = new Document(0, text, 'en');
        const sentences = [...document.read(tokeniser)].map(({ range }) => document.write(range, result('X')));
        const whole = document.target;
        let rebuilt = whole;
        for (const { targetRange, source } of [...sentences].reverse()) {
          expect(whole.slice(...targetRange)).toBe('X');
          rebuilt = rebuilt.slice(0, targetRange[0]) + source + rebuilt.slice(targetRange[1]);
        }
        expect(rebuilt).toBe(text);
        for (const { source, sourceRange } of sentences) expect(text.slice(...sourceRange)).toBe(source);
      }),
    );
  });

  it('cuts a sentence that is too long into parts and counts them as sentences', () => {
    const long = `${'word '.repeat(100)}end.`;
    const text = `${long} Last one.`;
    const sentences = [...new Document(3, text, 'en').read(tokeniser)];
    expect(sentences.length).toBeGreaterThan(5);
    expect(sentences.map(({ index }) => index)).toEqual(sentences.map((_, i) => i));
    expect(sentences.every(({ document, prepared }) => document.item === 3 && prepared.ids.length <= 128)).toBe(true);
    expect(sentences.map((sentence) => sentence.text).join(' ')).toBe(text);
    expect(sentences.filter(({ last }) => last).length).toBe(2);
  });

  it('says that a text of symbols alone holds nothing to translate', () => {
    expect(new Document(0, '—— *** ——', 'en').warnings.map(({ code }) => code)).toEqual(['nothing-to-translate']);
    expect(new Document(0, ' \n ', 'en').warnings).toEqual([]);
  });

  it('has nothing to say about an empty text', () => {
    const document = new Document(0, '', 'en');
    expect(document.ranges).toEqual([]);
    expect(document.target).toBe('');
  });

  it('gives what there is when it is stopped, and the end of the text with the last sentence', () => {
    const document = new Document(0, ' One b. Two d.\n', 'en');
    expect(document.target).toBe('');
    document.write([1, 7], result('x'));
    expect(document.target).toBe(' x');
    document.write([8, 14], result('y'));
    expect(document.target).toBe(' x y\n');
  });

  it('shows the model no unreadable characters but gives them back where it copies', () => {
    const document = new Document(0, 'One\u0007 two. \ud800 Three.', 'en');
    expect(document.warnings.map(({ code }) => code)).toEqual(['unreadable-characters']);
    const [first] = [...document.read(tokeniser)];
    expect(first?.text).not.toContain('\u0007');
    expect(document.write(first?.range ?? [0, 0], result('x')).source).toBe('One\u0007 two.');
  });
});
