import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusWordErrors, countWordErrors, errorsOf, wordErrorRate } from './wer.ts';
import { normaliseEnglish } from './whisperNormaliser.ts';
import { standardiseNumbers } from './whisperNumbers.ts';

/** The published cases of openai/whisper's tests/test_normalizer.py. Copyright 2022 OpenAI, MIT. */
const NUMBERS: [text: string, normal: string][] = [
  ['two', '2'],
  ['thirty one', '31'],
  ['five twenty four', '524'],
  ['nineteen ninety nine', '1999'],
  ['twenty nineteen', '2019'],
  ['two point five million', '2500000'],
  ['four point two billions', '4200000000s'],
  ['200 thousand', '200000'],
  ['200 thousand dollars', '$200000'],
  ['$20 million', '$20000000'],
  ['€52.4 million', '€52400000'],
  ['£77 thousands', '£77000s'],
  ['two double o eight', '2008'],
  ['three thousand twenty nine', '3029'],
  ['forty three thousand two hundred sixty', '43260'],
  ['forty three thousand two hundred and sixty', '43260'],
  ['nineteen fifties', '1950s'],
  ['thirty first', '31st'],
  ['thirty three thousand and three hundred and thirty third', '33333rd'],
  ['three billion', '3000000000'],
  ['millions', '1000000s'],
  ['july third twenty twenty', 'july 3rd 2020'],
  ['august twenty sixth twenty twenty one', 'august 26th 2021'],
  ['3 14', '3 14'],
  ['3.14', '3.14'],
  ['3 point 2', '3.2'],
  ['3 point 14', '3.14'],
  ['fourteen point 4', '14.4'],
  ['two point two five dollars', '$2.25'],
  ['two hundred million dollars', '$200000000'],
  ['$20.1 million', '$20100000'],
  ['ninety percent', '90%'],
  ['seventy six per cent', '76%'],
  ['double oh seven', '007'],
  ['double zero seven', '007'],
  ['nine one one', '911'],
  ['nine double one', '911'],
  ['one triple oh one', '10001'],
  ['two thousandth', '2000th'],
  ['thirty two thousandth', '32000th'],
  ['minus 500', '-500'],
  ['positive twenty thousand', '+20000'],
  ['two dollars and seventy cents', '$2.70'],
  ['3 cents', '¢3'],
  ['$0.36', '¢36'],
  ['three euros and sixty five cents', '€3.65'],
  ['three and a half million', '3500000'],
  ['forty eight and a half dollars', '$48.5'],
  ['b747', 'b 747'],
  ['10 th', '10th'],
  ['10th', '10th'],
];

describe("the published cases of Whisper's normaliser", () => {
  it.each(NUMBERS)('%s is %s', (text, normal) => {
    expect(standardiseNumbers(text)).toBe(normal);
    expect(normaliseEnglish(text)).toBe(normal);
  });

  it.each([
    ['mobilisation', 'mobilization'],
    ['cancelation', 'cancellation'],
    ["Let's", 'let us'],
    ["he's like", 'he is like'],
    ["she's been like", 'she has been like'],
    ['10km', '10 km'],
    ['10mm', '10 mm'],
    ['RC232', 'rc 232'],
    ['Mr. Park visited Assoc. Prof. Kim Jr.', 'mister park visited associate professor kim junior'],
  ])('%s is %s', (text, normal) => {
    expect(normaliseEnglish(text)).toBe(normal);
  });
});

describe('word errors', () => {
  it.each([
    ['the cat sat', 'the cat sat', [0, 0, 0]],
    ['the cat', 'the cat sat', [0, 1, 0]],
    ['the black cat sat', 'the cat sat', [0, 0, 1]],
    ['the hat sat', 'the cat sat', [1, 0, 0]],
    ['', 'the cat sat', [0, 3, 0]],
    ['the cat', '', [0, 0, 2]],
    ['  a  b ', 'a b', [0, 0, 0]],
    ['b c d', 'a b c', [0, 1, 1]],
  ])('of "%s" for "%s"', (hypothesis, reference, [substitutions, deletions, insertions]) => {
    const words = reference.split(' ').filter(Boolean).length;
    expect(countWordErrors(hypothesis, reference)).toEqual({ substitutions, deletions, insertions, words });
  });

  it('are as many as a search through all edits finds', () => {
    const distance = (from: string[], to: string[]): number => {
      if (from.length === 0 || to.length === 0) return from.length + to.length;
      const [a, b] = [from.slice(1), to.slice(1)];
      if (from[0] === to[0]) return distance(a, b);
      return 1 + Math.min(distance(a, b), distance(a, to), distance(from, b));
    };
    const words = fc.array(fc.constantFrom('a', 'b', 'c'), { maxLength: 6 });
    fc.assert(
      fc.property(words, words, (from, to) => {
        const errors = countWordErrors(from.join(' '), to.join(' '));
        expect(errorsOf(errors)).toBe(distance(from, to));
        expect(from.length - errors.insertions + errors.deletions).toBe(to.length);
      }),
    );
  });

  it('are summed before they are a rate', () => {
    const errors = corpusWordErrors(['a', 'x y z w'], ['b', 'x y z']);
    expect(errors).toEqual({ substitutions: 1, deletions: 0, insertions: 1, words: 4 });
    expect(wordErrorRate(errors)).toBe(50);
    expect(() => corpusWordErrors(['a'], [])).toThrow(RangeError);
    expect(() => wordErrorRate(corpusWordErrors(['a'], ['']))).toThrow(RangeError);
  });
});
