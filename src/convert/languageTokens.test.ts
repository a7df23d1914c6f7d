import { describe, expect, it } from 'vitest';
import { readLanguageTokens } from './languageTokens.ts';

const PIECES = ['<s>', '</s>', '<unk>', '▁the', '▁__', 'a_B'];

describe('readLanguageTokens', () => {
  it('finds none in the vocabulary of a pair', () => {
    expect(readLanguageTokens(PIECES)).toBeUndefined();
    expect(readLanguageTokens([...PIECES, '__pt__'])).toBeUndefined();
  });

  it('reads those of M2M-100, which begin the source and the target', () => {
    expect(readLanguageTokens([...PIECES, '__en__', '__pt__', '__ns__', 'madeupword0'])).toEqual({
      ids: { en: 6, pt: 7, nso: 8 },
      source: 'from',
      target: true,
    });
  });

  it('reads those of NLLB as BCP-47 tags, with a script only where it is not the usual one', () => {
    const codes = ['por_Latn', 'zho_Hans', 'zho_Hant', 'arb_Arab', 'arb_Latn', 'srp_Cyrl', 'ace_Arab', 'kmr_Latn'];
    expect(Object.keys(readLanguageTokens([...PIECES, ...codes])?.ids ?? {})).toEqual([
      ...['pt', 'zh', 'zh-Hant', 'ar', 'ar-Latn', 'sr', 'ace-Arab', 'ku'],
    ]);
  });

  it('reads those of OPUS-MT, which say before the source what to translate to', () => {
    expect(readLanguageTokens([...PIECES, '>>por<<', '>>pt_BR<<', '>>zho_Hant<<', '>>x<<'])).toEqual({
      ids: { pt: 6, 'pt-BR': 7, 'zh-Hant': 8 },
      source: 'to',
      target: false,
    });
  });

  it('refuses those of mBART, by name', () => {
    expect(() => readLanguageTokens([...PIECES, 'en_XX', 'pt_XX'])).toThrow(/mBART/);
  });
});
