import { describe, expect, it } from 'vitest';
import { mostSpoken } from '../../protocol/transcript.ts';
import { chooseLanguage, possibleLanguages } from './spokenLanguage.ts';

const chances = (list: Record<string, number>): Map<string, number> => new Map(Object.entries(list));

describe('chooseLanguage', () => {
  it('takes the likeliest where nothing was said before', () => {
    expect(chooseLanguage(chances({ en: 0.3, pt: 0.6, es: 0.1 }), undefined, 0.5)).toEqual({
      language: 'pt',
      probability: 0.6,
      sure: false,
    });
  });

  it('changes to another one only where that is clear', () => {
    const said = (list: Record<string, number>, durationS: number): string =>
      chooseLanguage(chances(list), 'en', durationS).language;
    expect(said({ en: 0.1, pt: 0.9 }, 5)).toBe('pt');
    expect(said({ en: 0.3, pt: 0.7 }, 5)).toBe('en');
    expect(said({ en: 0.05, pt: 0.35, es: 0.3, gl: 0.3 }, 5)).toBe('en');
    // A word or two in another language are a name, or a mistake.
    expect(said({ en: 0.1, pt: 0.9 }, 1)).toBe('en');
  });

  it('says how likely the one is that it stays with', () => {
    expect(chooseLanguage(chances({ en: 0.3, pt: 0.7 }), 'en', 5)).toMatchObject({ language: 'en', probability: 0.3 });
  });

  it('does not go back to one that is not among those to choose', () => {
    expect(chooseLanguage(chances({ pt: 0.4, es: 0.6 }), 'en', 1).language).toBe('es');
  });

  it('is sure of what is likely, or was heard for long', () => {
    expect(chooseLanguage(chances({ en: 0.9, pt: 0.1 }), undefined, 0.5).sure).toBe(true);
    expect(chooseLanguage(chances({ en: 0.6, pt: 0.4 }), undefined, 1).sure).toBe(false);
    expect(chooseLanguage(chances({ en: 0.6, pt: 0.4 }), undefined, 3).sure).toBe(true);
  });
});

describe('possibleLanguages', () => {
  const model = { name: 'Whisper', from: ['en', 'pt', 'zh'] };
  it.each([
    ['auto', [], ['en', 'pt', 'zh']],
    ['auto', ['pt-BR', 'en'], ['en', 'pt']],
    ['pt-PT', [], ['pt']],
    ['pt', ['en'], ['pt']],
  ])('of %s among %j are %j', (language, among, possible) => {
    expect(possibleLanguages({ language, among }, model)).toEqual(possible);
  });

  it('are refused by name where the model knows none of them', () => {
    expect(() => possibleLanguages({ language: 'ja', among: [] }, model)).toThrow(/does not know "ja".*en, pt, zh/);
    expect(() => possibleLanguages({ language: 'auto', among: ['ja', 'ko'] }, model)).toThrow('"ja, ko"');
  });
});

it('calls the language of a transcript what is spoken for the longest time', () => {
  const spoken = (language: string, startS: number, endS: number) => ({ language, startS, endS });
  expect(mostSpoken([spoken('en', 0, 2), spoken('pt', 2, 5), spoken('en', 5, 6.5)])).toBe('en');
  expect(mostSpoken([spoken('en', 0, 2), spoken('pt', 2, 5)])).toBe('pt');
  expect(mostSpoken([])).toBeUndefined();
});
