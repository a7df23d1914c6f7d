import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Encoded, Tokeniser } from '../features/tokeniser.ts';
import { TargetText, sentenceRanges, sentencesOf } from './document.ts';

/** A token a character. */
const tokeniser: Tokeniser = {
  size: 1,
  unkId: 0,
  eosId: 0,
  encode: (text): Encoded => ({
    ids: Int32Array.from(text, (character) => character.codePointAt(0) ?? 0),
    ranges: Array.from(text, (_, i) => [i, i + 1]),
  }),
  decode: () => ({ text: '', ranges: [] }),
  piece: () => '',
  covers: () => true,
};

const rest = { score: 0, alignment: [], alternatives: [], warnings: [] };

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
        const target = new TargetText(text);
        for (const { range } of sentencesOf(0, text, sentenceRanges(text, 'en'), tokeniser))
          target.add(range, 'X', rest);
        const whole = target.finish();
        let rebuilt = whole;
        for (const { targetRange, source } of [...target.sentences].reverse()) {
          expect(whole.slice(...targetRange)).toBe('X');
          rebuilt = rebuilt.slice(0, targetRange[0]) + source + rebuilt.slice(targetRange[1]);
        }
        expect(rebuilt).toBe(text);
        for (const { source, sourceRange } of target.sentences) expect(text.slice(...sourceRange)).toBe(source);
      }),
    );
  });

  it('cuts a sentence that is too long into parts and counts them as sentences', () => {
    const long = `${'word '.repeat(100)}end.`;
    const text = `Short one. ${long} Last.`;
    const sentences = [...sentencesOf(3, text, sentenceRanges(text, 'en'), tokeniser)];
    expect(sentences.length).toBeGreaterThan(5);
    expect(sentences.map(({ index }) => index)).toEqual(sentences.map((_, i) => i));
    expect(sentences.every(({ item, encoded }) => item === 3 && encoded.ids.length <= 128)).toBe(true);
    expect(sentences.map((sentence) => sentence.text).join(' ')).toBe(text);
  });

  it('has nothing to say about an empty text', () => {
    expect(sentenceRanges('', 'en')).toEqual([]);
    expect(new TargetText('').finish()).toBe('');
  });

  it('gives what there is when it is stopped', () => {
    const target = new TargetText('A b. C d. E f.');
    target.add([0, 4], 'x', rest);
    expect(target.soFar).toBe('x');
    target.add([5, 9], 'y', rest);
    expect(target.soFar).toBe('x y');
  });
});
