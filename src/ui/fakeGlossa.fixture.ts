import type { Glossa, TranslateOptions } from '../client/engine.ts';
import type { ModelInfo, TranslatedSentence, Translation } from '../protocol/types.ts';

const model = (from: string, to: string): ModelInfo => ({
  id: `${from}-${to}`,
  kind: 'translation',
  name: `${from} → ${to}`,
  from: [from],
  to: [to],
  downloadBytes: 15_700_000,
  storedBytes: 15_700_000,
  unpackedBytes: 20_000_000,
  licence: 'MPL-2.0',
  source: 'tests',
  state: 'installed',
});

/** An engine for tests of the screens: it "translates" by writing in capitals, and loses the digit 7. */
export function fakeGlossa(overrides: Partial<Glossa> = {}): Glossa {
  function translateOne(text: string, options: TranslateOptions, item: number): Translation {
    const sentences = [...text.matchAll(/[^.!?\s][^.!?]*[.!?]*/g)].map((match, index): TranslatedSentence => {
      const source = match[0];
      const range: [number, number] = [match.index, match.index + source.length];
      const sentence: TranslatedSentence = {
        source,
        target: source.toUpperCase().replaceAll('7', ' '),
        sourceRange: range,
        targetRange: range,
        score: -0.2,
        alignment: [{ source: [0, 3], target: [0, 3], weight: 1 }],
        alternatives: options.alternatives ? [{ text: `Or: ${source}`, score: -0.5, alignment: [] }] : [],
        warnings: source.includes('7') ? [{ code: 'lost-number', message: 'The number 7 was lost.', found: '7' }] : [],
      };
      options.onSentence?.({ item, index, sentence });
      return sentence;
    });
    return {
      text: text.toUpperCase().replaceAll('7', ' '),
      from: options.from,
      to: options.to,
      sentences,
      warnings: [],
      ran: { model: 'en-pt', provider: 'wasm', threads: 2, ms: 10 },
    };
  }

  function translate(input: string, options: TranslateOptions): Promise<Translation>;
  function translate(input: string[], options: TranslateOptions): Promise<Translation[]>;
  function translate(input: string | string[], options: TranslateOptions): Promise<Translation | Translation[]> {
    if (typeof input === 'string') return Promise.resolve(translateOne(input, options, 0));
    return Promise.resolve(input.map((text, item) => translateOne(text, options, item)));
  }

  const device = { provider: 'wasm', threads: 2, isolated: true, why: 'Tests.' } as const;
  return {
    translate,
    detect: () => Promise.resolve({ language: 'en', confidence: 1, reliable: true }),
    warmUp: () => Promise.resolve(device),
    models: {
      list: () => Promise.resolve([model('en', 'pt'), model('pt', 'en')]),
      install: () => Promise.resolve(model('en', 'pt')),
      import: () => Promise.resolve(model('en', 'pt')),
      remove: () => Promise.resolve(),
      verify: () => Promise.resolve({ ok: true, broken: [] }),
    },
    device: () => Promise.resolve(device),
    ...overrides,
  };
}
