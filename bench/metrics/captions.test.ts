import { describe, expect, it } from 'vitest';
import { captionBleu, captionWords, ciderD, mean, rougeL } from './captions.ts';
import cases from './coco-cases.json' with { type: 'json' };

const words = (lines: string[]): string[][] => lines.map(captionWords);

describe(`cases made with ${cases.origin}`, () => {
  it.each(cases.corpora.map((corpus, i) => [i, corpus] as const))('corpus %i', (_, corpus) => {
    const captions = words(corpus.captions);
    const references = corpus.references.map(words);
    captionBleu(captions, references).forEach((score, i) => expect(score).toBeCloseTo(corpus.bleu[i]!, 9));
    expect(rougeL(captions, references)).toBeCloseTo(corpus.rouge, 9);
    const each = ciderD(captions, references);
    each.forEach((score, i) => expect(score).toBeCloseTo(corpus.ciderOfEach[i]!, 9));
    expect(mean(each)).toBeCloseTo(corpus.cider, 9);
  });
});

describe('captionWords', () => {
  it('leaves out case and punctuation', () => {
    expect(captionWords("A dog's ball, 2 of them.")).toEqual(['a', "dog's", 'ball', '2', 'of', 'them']);
  });
});

describe('what cannot be scored', () => {
  it.each([captionBleu, rougeL, ciderD])('refuses pictures without references', (metric) => {
    expect(() => metric([['a']], [[]])).toThrow('no reference');
    expect(() => metric([['a']], [])).toThrow('1 lines but 0 references');
    expect(() => metric([], [])).toThrow('nothing to score');
  });
});
