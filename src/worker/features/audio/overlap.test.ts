import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Word } from '../../../protocol/types.ts';
import { mergeOverlap } from './overlap.ts';

/** Words of half a second each, from a time on. */
function say(text: string, fromS: number): Word[] {
  return text.split(' ').map((word, i) => {
    const startS = fromS + i * 0.5;
    return { text: ` ${word}`, startS, endS: startS + 0.5, probability: 1 };
  });
}

function merge(before: Word[], after: Word[], fromS: number, toS: number): string {
  const { keep, skip } = mergeOverlap(before, after, { fromS, toS });
  return [...before.slice(0, keep), ...after.slice(skip)]
    .map(({ text }) => text)
    .join('')
    .trim();
}

describe('two windows that heard the same two seconds', () => {
  it('are joined at a word that both have', () => {
    expect(merge(say('it was the best of times it was', 0), say('of times it was the worst of times', 2), 2, 4)).toBe(
      'it was the best of times it was the worst of times',
    );
  });

  it('are joined though each mishears the words at its edge', () => {
    expect(merge(say('it was the best of times it wash', 0), say('off times, it was the worst', 2), 2, 4)).toBe(
      'it was the best of times it was the worst',
    );
  });

  it('are joined though their times differ', () => {
    expect(merge(say('a b c d e f g h', 0), say('f g h i j', 2.9), 2, 4)).toBe('a b c d e f g h i j');
  });

  it('are joined by their times where they agree on nothing', () => {
    expect(merge(say('one two three four five six', 0), say('cinq six sept', 2), 2, 3)).toBe(
      'one two three four five six sept',
    );
  });

  it('keep what was said more than once', () => {
    expect(merge(say('no no no no no no', 0), say('no no no no yes', 1), 1, 3)).toBe('no no no no no no yes');
  });

  it('are joined where one of them heard nothing', () => {
    expect(merge([], say('a b', 2), 2, 4)).toBe('a b');
    expect(merge(say('a b c d e f', 0), [], 2, 4)).toBe('a b c d e f');
    expect(merge(say('a b c', 0), say('d e', 4), 2, 4)).toBe('a b c d e');
  });

  it('lose and double nothing that both heard alike, wherever they were cut', () => {
    const text =
      'it was the age of wisdom it was the age of foolishness it was the epoch of belief it was the epoch of doubt';
    const words = say(text, 0);
    fc.assert(
      fc.property(fc.integer({ min: 2, max: words.length - 2 }), fc.integer({ min: 1, max: 5 }), (at, shared) => {
        const from = Math.max(0, at - shared);
        const to = Math.min(words.length, at + shared);
        expect(merge(words.slice(0, to), words.slice(from), from * 0.5, to * 0.5)).toBe(text);
      }),
    );
  });
});
