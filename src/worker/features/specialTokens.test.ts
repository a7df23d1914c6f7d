import { describe, expect, it } from 'vitest';
import type { HubTranslatorArchitecture, TransformerArchitecture } from '../../protocol/manifest.ts';
import { specialTokens, withAround } from './specialTokens.ts';

const architecture: TransformerArchitecture = {
  ...{ type: 'transformer', dim: 8, heads: 2, encoderLayers: 1, decoderLayers: 1, vocabulary: 90, positions: 64 },
  ...{ eosId: 2, unkId: 3, startId: 2 },
};
const ids = { en: 70, pt: 71, 'zh-Hant': 72, 'pt-BR': 73 };

describe('specialTokens', () => {
  it('ends the sources of a pair and forces nothing', () => {
    expect(specialTokens(architecture, 'en', 'pt')).toEqual({ before: [], after: [2], prompt: new Int32Array() });
    expect(specialTokens({ ...architecture, after: [], prefix: [9] }, 'en', 'pt')).toEqual({
      ...{ before: [], after: [], prompt: Int32Array.of(9) },
    });
  });

  it('says both languages to M2M-100 and NLLB', () => {
    const languageTokens = { ids, source: 'from', target: true } as const;
    expect(specialTokens({ ...architecture, before: [1], languageTokens }, 'en-GB', 'pt')).toEqual({
      ...{ before: [1, 70], after: [2], prompt: Int32Array.of(71) },
    });
  });

  it('says to OPUS-MT, before the source, what to translate to', () => {
    const languageTokens = { ids, source: 'to', target: false } as const;
    const before = (to: string) => specialTokens({ ...architecture, languageTokens }, 'en', to).before;
    expect([before('pt'), before('pt-br'), before('pt-PT'), before('zh')]).toEqual([[71], [73], [71], [72]]);
    expect(() => before('fr')).toThrow(expect.objectContaining({ code: 'unsupported-language' }));
  });
});

describe('a translator that is told in words', () => {
  const network = { decoderLayers: 1, heads: 1, headSize: 4, vocabulary: 90, sourcePositions: 64, positions: 64 };
  const told: HubTranslatorArchitecture = {
    ...{
      type: 'hub-translator',
      family: 't5',
      ...network,
      crossCache: true,
      decoderInputs: ['input_ids'],
      external: {},
    },
    ...{ attention: false, startId: 0, eosId: 1, forcedFirstId: null, endsForced: false, leastTokens: 0, noRepeat: 0 },
    ...{ suppressIds: [], suppressFirstIds: [], lengthPenalty: 1, stopsEarly: false, beams: 1, before: [], after: [1] },
    instructions: { 'en-de': [8, 9] },
  };

  it('is told what to do before each sentence', () => {
    const around = { before: [8, 9], after: [1], prompt: new Int32Array() };
    expect(specialTokens(told, 'en-GB', 'de')).toEqual(around);
  });

  it('cannot be told what it does not know', () => {
    expect(() => specialTokens(told, 'de', 'en')).toThrow(expect.objectContaining({ code: 'unsupported-language' }));
  });
});

it('puts the tokens around a sentence where they touch none of its text', () => {
  const prepared = {
    source: 'ab',
    ids: Int32Array.of(5, 6),
    ranges: [[0, 1] as [number, number], [1, 2] as [number, number]],
    carried: [],
  };
  expect(withAround(prepared, { before: [70], after: [2], prompt: new Int32Array() })).toEqual({
    ...prepared,
    ids: Int32Array.of(70, 5, 6, 2),
    ranges: [
      ...[
        [0, 0],
        [0, 1],
        [1, 2],
        [2, 2],
      ],
    ],
  });
});
