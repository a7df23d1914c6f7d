import { describe, expect, it } from 'vitest';
import type { Link } from '../../protocol/types.ts';
import { Glossary } from './glossary.ts';
import { Document, type SourceSentence } from './document.ts';
import { carriedTerms, judged } from './pivoted.ts';

const sentenceOf = (text: string, start: number): SourceSentence => ({
  document: new Document(0, text, 'en'),
  index: 0,
  range: [start, start + text.length],
  text,
  prepared: { source: text, ids: new Int32Array(), ranges: [], carried: [] },
  last: true,
});

const glossary = new Glossary([
  ['canto', 'coin'],
  ['casa', 'maison'],
]);
const codes = (original: string, target: string): string[] =>
  judged(original, target, glossary).map(({ code, found }) => `${code} ${found ?? ''}`);

describe('carriedTerms', () => {
  const found = (sentence: string, start: number, alignment: Link[], original = 'A casa do canto é azul.') =>
    carriedTerms(sentenceOf(sentence, start), { text: original, alignment }, glossary).map(({ range, target }) => [
      sentence.slice(...range),
      target,
    ]);
  // "The corner house is blue."
  const corner: Link = { source: [10, 15], target: [4, 10], weight: 0.9 };
  const house: Link = { source: [2, 6], target: [11, 16], weight: 0.6 };

  it('wants the terms of the original where the pivot words are that they became, in their order', () => {
    const weak: Link = { source: [2, 6], target: [4, 10], weight: 0.2 };
    expect(found('The corner house is blue.', 0, [corner, weak, house])).toEqual([
      ['corner', 'coin'],
      ['house', 'maison'],
    ]);
  });

  it('takes all words that a term of several words became', () => {
    const both = [
      { source: [0, 6], target: [4, 8], weight: 0.5 },
      { source: [7, 9], target: [12, 17], weight: 0.5 },
    ] satisfies Link[];
    const terms = new Glossary([['prazos da', 'échéances']]);
    const original = { text: 'Prazos da obra', alignment: both };
    expect(carriedTerms(sentenceOf('The time of limit', 0), original, terms)).toMatchObject([{ range: [4, 17] }]);
  });

  it('leaves out what was led nowhere, or into another sentence', () => {
    expect(found('The corner house is blue.', 0, [house])).toEqual([['house', 'maison']]);
    expect(found('house is blue.', 11, [corner, house])).toEqual([['house', 'maison']]);
    expect(found('The coin is blue.', 0, [{ ...house, target: [4, 8] }], 'A moeda é azul.')).toEqual([]);
  });
});

describe('judged', () => {
  it('says what of the original the translation lacks, wherever it was lost', () => {
    expect(
      codes('Venha às 8:45 à casa, https://a.example/b.', 'Venez à la maison à 8 h 45 : https://a.example/b.'),
    ).toEqual([]);
    expect(codes('Venha a casa: https://a.example/b.', 'Venez chez nous.')).toEqual([
      'lost-url https://a.example/b',
      'lost-term maison',
    ]);
    const [warning] = judged('São 37 barcos.', 'Ce sont des bateaux.', glossary);
    expect(warning).toMatchObject({ code: 'lost-number', range: [4, 6] });
  });

  it('notices a sentence that came back as it was', () => {
    expect(codes('os barcos chegam ao porto antes do sol', 'os barcos chegam ao porto antes do sol')).toEqual([
      'copied ',
    ]);
  });
});
