import { describe, expect, it } from 'vitest';
import type { SpokenWord } from '../features/segments.ts';
import { OpenPhrase } from './openPhrase.ts';
import type { Heard } from './recogniser.ts';

const TIME0 = 1000;

/** Words of half a second from `fromS` on; each is one id, after the ids that are given. */
function heard(text: string, { fromS = 10, before = [] as number[], probability = 0.9 } = {}): Heard {
  const words = text.split(' ').map((word, i): SpokenWord => ({
    text: ` ${word}`,
    startS: fromS + i / 2,
    endS: fromS + (i + 1) / 2,
    probability: word.startsWith('?') ? 0.2 : probability,
    idsEnd: before.length + i + 1,
  }));
  const ids = Int32Array.from([...before, ...words.map((_, i) => i + 1)]);
  return {
    segments: [{ words, timesS: [null, null] }],
    ids,
    silent: false,
    reliable: true,
    spoken: { language: 'en' },
    languageSure: true,
  };
}

const texts = (words: SpokenWord[]): string =>
  words
    .map(({ text }) => text)
    .join('')
    .trim();

describe('OpenPhrase', () => {
  it('takes what two passes in a row agree on for stable', () => {
    const phrase = new OpenPhrase(10);
    expect(phrase.add(heard('one two tree'), 11.5)).toEqual([]);
    expect(texts(phrase.add(heard('one two three four'), 20))).toBe('one two');
    expect(texts(phrase.words)).toBe('one two three four');
    expect([...phrase.agreed]).toEqual([1, 2]);
    expect(phrase.notBeforeS).toBe(11);
  });

  it('has nothing stable before its language is settled, and then keeps both', () => {
    const phrase = new OpenPhrase(10);
    const unsure = { ...heard('um dois'), spoken: { language: 'pt', languageProbability: 0.5 }, languageSure: false };
    phrase.add(unsure, 20);
    expect(phrase.add(unsure, 21)).toEqual([]);
    const settled = { ...heard('one two'), spoken: { language: 'en', languageProbability: 0.9 } };
    phrase.add(settled, 22);
    expect(texts(phrase.add({ ...settled, spoken: { language: 'en' } }, 23))).toBe('one two');
    expect(phrase.spoken).toEqual({ language: 'en', languageProbability: 0.9 });
    const rest = new OpenPhrase(12, 12, phrase.stable);
    rest.goOnIn(phrase);
    expect([rest.spoken?.language, rest.languageSettled]).toEqual(['en', true]);
    const next = new OpenPhrase(12);
    next.goOnIn(phrase);
    expect(next.languageSettled).toBe(false);
  });

  it('is not sure of words at the end of the audio, nor of unlikely ones near it', () => {
    const near = new OpenPhrase(10);
    near.add(heard('one two three'), 11.5);
    expect(texts(near.add(heard('one two three'), 11.6))).toBe('one two');
    const unlikely = new OpenPhrase(10);
    unlikely.add(heard('one ?two three'), 11.5);
    expect(texts(unlikely.add(heard('one ?two three'), 12.5))).toBe('one');
    const later = new OpenPhrase(10);
    later.add(heard('one ?two three'), 13);
    expect(texts(later.add(heard('one ?two three'), 14))).toBe('one ?two three');
  });

  it('cuts after a sentence, and begins the next phrase with the ids of what was stable', () => {
    const phrase = new OpenPhrase(10);
    const before = [TIME0];
    phrase.add(heard('one two. three four five', { before }), 20);
    phrase.add(heard('one two. three four five', { before }), 20);
    phrase.agreed = Int32Array.of(TIME0, 1, 2, TIME0 + 50, TIME0 + 50, 3, 4, TIME0 + 100, TIME0 + 100, 5);
    phrase.stable.forEach((word, i) => (word.idsEnd = [2, 3, 6, 7, 10][i]!));
    const cut = phrase.cutStable(false, TIME0)!;
    expect([texts(cut.words), texts(cut.carried), cut.atS]).toEqual(['one two.', 'three four five', 11]);
    // A second, 50 steps, was cut off before them.
    expect([...cut.carriedIds]).toEqual([TIME0, 3, 4, TIME0 + 50, TIME0 + 50, 5]);
    expect(cut.carried.map(({ idsEnd }) => cut.carriedIds[idsEnd - 1])).toEqual([3, 4, 5]);
  });

  it('cuts no sentence off that neither a stable word nor a gap follows', () => {
    const phrase = new OpenPhrase(10);
    phrase.add(heard('one two. three'), 20);
    expect(phrase.cutStable(false, TIME0)).toBeNull();
    phrase.add(heard('one two.'), 20);
    expect(phrase.cutStable(false, TIME0)).toBeNull();
    phrase.add(heard('three', { fromS: 11 }), 20);
    expect(phrase.cutStable(false, TIME0)).toBeNull();
    phrase.add(heard('three', { fromS: 11.2 }), 12);
    expect(phrase.stable).toHaveLength(2);
    const cut = phrase.cutStable(false, TIME0)!;
    expect([texts(cut.words), texts(cut.carried), texts(cut.tail)]).toEqual(['one two.', '', 'three']);
    expect(cut.atS).toBeCloseTo(11.1);
  });

  it('cuts a phrase that is too long anywhere before its last stable word, late rather than early', () => {
    const phrase = new OpenPhrase(10);
    phrase.add(heard('a b, c d e f, g h'), 30);
    phrase.add(heard('a b, c d e f, g h'), 30);
    expect(phrase.cutStable(false, TIME0)).toBeNull();
    const cut = phrase.cutStable(true, TIME0)!;
    expect([texts(cut.words), texts(cut.carried)]).toEqual(['a b, c d e f,', 'g h']);
  });

  it('cuts in the longest pause where no sentence ends, but not among words that are not sure', () => {
    const phrase = new OpenPhrase(10);
    const pass = heard('a b c d e f g h');
    pass.segments[0]!.words.forEach((word, i) => {
      if (i >= 5) word.startS += 0.8;
      if (i >= 5) word.endS += 0.8;
    });
    phrase.finish(pass, 15);
    expect(texts(phrase.cut(13.5, TIME0)!.words)).toBe('a b c d e');
    expect(texts(phrase.cut(11.6, TIME0)!.words)).toBe('a b c');
    expect(new OpenPhrase(10).cut(20, TIME0)).toBeNull();
  });
});
