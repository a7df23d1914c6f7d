import { describe, expect, it } from 'vitest';
import { corpusBleu } from './bleu.ts';
import { corpusChrf } from './chrf.ts';
import cases from './sacrebleu-cases.json' with { type: 'json' };
import { tokenise13a } from './tokenise13a.ts';

/**
 * sacrebleu's own published vectors, those that hold for its default settings: its README's example, and from
 * test/test_bleu.py and test/test_chrf.py (the effective-order cases, where precision equals recall, so that the beta of
 * 3 that file uses gives the same as ours of 2). Copyright Amazon.com, Inc., Apache-2.0, https://github.com/mjpost/sacrebleu
 */
const README_REFERENCES = [
  ['The dog bit the man.', 'It was not unexpected.', 'The man bit him first.'],
  ['The dog had bit the man.', 'No one was surprised.', 'The man had bitten the dog.'],
];
const README_HYPOTHESES = ['The dog bit the man.', "It wasn't surprising.", 'The man had just bitten him.'];
const CHRF_VECTORS: [hypotheses: string[], references: string[], score: number][] = [
  [['a'], ['a'], 100],
  [[''], ['reference'], 0],
  [['a b c'], ['a b c'], 100],
  [['a b c'], ['abc'], 100],
  [[''], ['c'], 0],
  [['a', 'b'], ['a', 'c'], 50],
  [['aa'], ['ab'], 25],
];

describe("sacrebleu's published vectors", () => {
  it('scores the example of its README', () => {
    expect(corpusBleu(README_HYPOTHESES, README_REFERENCES)).toBeCloseTo(48.530827, 6);
    expect(corpusChrf(README_HYPOTHESES, README_REFERENCES)).toBeCloseTo(59.73, 2);
  });

  it('keeps empty hypotheses', () => {
    expect(corpusBleu(['', '', ''], README_REFERENCES)).toBe(0);
  });

  it.each(CHRF_VECTORS)('chrF of %j against %j', (hypotheses, references, score) => {
    expect(corpusChrf(hypotheses, [references])).toBeCloseTo(score, 4);
  });
});

describe(`cases made with ${cases.origin}`, () => {
  it('splits every line into the same tokens', () => {
    for (const { line, tokens } of cases.tokens) expect({ line, tokens: tokenise13a(line) }).toEqual({ line, tokens });
  });

  it('gives every corpus the same BLEU', () => {
    for (const { hypotheses, references, bleu } of cases.corpora) {
      expect(corpusBleu(hypotheses, references)).toBeCloseTo(bleu, 9);
    }
  });

  it('gives every corpus the same chrF', () => {
    for (const { hypotheses, references, chrf } of cases.corpora) {
      expect(corpusChrf(hypotheses, references)).toBeCloseTo(chrf, 9);
    }
  });
});

describe('what cannot be scored', () => {
  it.each([corpusBleu, corpusChrf])('refuses lines that do not pair up', (metric) => {
    expect(() => metric(['one', 'two'], [['one']])).toThrow('2 lines but 1 references');
    expect(() => metric([], [])).toThrow('nothing to score');
  });
});
