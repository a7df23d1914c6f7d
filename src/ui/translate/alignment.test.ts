import { describe, expect, it } from 'vitest';
import type { Link } from '../../protocol/types.ts';
import { commonWords, findTerm, linkedRanges, usedTerms, words } from './alignment.ts';

describe('words', () => {
  it.each([
    ['en', 'It’s 8:45, go!', ['It’s', '8', '45', 'go']],
    ['pt', 'lê-la às 8h45', ['lê', 'la', 'às', '8h45']],
    ['ja', '図書館は九時に開く', ['図書館', 'は', '九時', 'に', '開く']],
  ])('are found in %s', (language, text, expected) => {
    const all = words(text, language);
    expect(all.map(({ range }) => text.slice(...range)).join('')).toBe(text);
    expect(all.filter(({ word }) => word).map(({ range }) => text.slice(...range))).toEqual(expected);
  });
});

describe('linkedRanges', () => {
  const links: Link[] = [
    { source: [0, 3], target: [0, 1], weight: 0.9 },
    { source: [4, 9], target: [2, 8], weight: 0.6 },
    { source: [4, 9], target: [9, 12], weight: 0.5 },
    { source: [4, 9], target: [0, 1], weight: 0.1 },
  ];

  it('follows the strong links of a word and leaves the faint ones', () => {
    expect(linkedRanges(links, 'source', [4, 9])).toEqual([
      [2, 8],
      [9, 12],
    ]);
  });

  it('goes both ways, and touching is not overlapping', () => {
    expect(linkedRanges(links, 'target', [0, 1])).toEqual([[0, 3]]);
    expect(linkedRanges(links, 'source', [3, 4])).toEqual([]);
  });
});

describe('terms', () => {
  it('are found as whole words whatever their case, and taken literally', () => {
    expect(findTerm('A Court, the courts, court.', 'court')).toEqual([
      [2, 7],
      [21, 26],
    ]);
    expect(findTerm('C++ and C', 'C++')).toEqual([[0, 3]]);
    expect(findTerm('anything', '')).toEqual([]);
  });

  it('count as used only where source and target have them', () => {
    expect(usedTerms('The court rose.', 'O tribunal levantou-se.', [['court', 'tribunal']])).toEqual([[2, 10]]);
    expect(usedTerms('The yard.', 'O tribunal.', [['court', 'tribunal']])).toEqual([]);
  });
});

describe('commonWords', () => {
  it.each([
    ['a b c', 'a b c', [0, 1, 2]],
    ['old house big', 'house old big', [0, 2]],
    ['', 'a', []],
    ['x y', 'a b', []],
  ])('of %j and %j', (a, b, expected) => {
    expect(commonWords(a.split(' '), b.split(' '))).toEqual(expected);
  });
});
