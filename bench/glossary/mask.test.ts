import { describe, expect, it } from 'vitest';
import type { Link } from '../../src/protocol/types.ts';
import { findAligned, findTerm, mask } from './mask.ts';

describe('findTerm', () => {
  it('finds whole words in any case, accents included', () => {
    expect(findTerm('O comboio parte.', 'comboio')).toEqual([2, 9]);
    expect(findTerm('Comboio que parte', 'comboio')).toEqual([0, 7]);
    expect(findTerm('Tomei o pequeno-almoço.', 'pequeno-almoço')).toEqual([8, 22]);
    expect(findTerm('um título do Tesouro', 'título do tesouro')).toEqual([3, 20]);
  });

  it('does not find a part of a word, nor read the term as a pattern', () => {
    expect(findTerm('Os comboios', 'comboio')).toBeUndefined();
    expect(findTerm('ação', 'a')).toBeUndefined();
    expect(findTerm('abc', 'a.c')).toBeUndefined();
    expect(findTerm('em C (novo)', 'C (novo)')).toEqual([3, 11]);
  });
});

describe('findAligned', () => {
  // "the cell phone rang" -> "o telefone celular tocou"
  const target = 'o telefone celular tocou';
  const link = (source: [number, number], to: [number, number], weight: number): Link => ({
    source,
    target: to,
    weight,
  });
  const alignment = [
    link([0, 3], [0, 1], 0.9),
    link([9, 14], [2, 10], 0.8),
    link([4, 8], [11, 18], 0.7),
    link([15, 19], [19, 24], 0.9),
  ];

  it('joins neighbouring words that are linked to the term', () => {
    expect(findAligned(target, alignment, [4, 14])).toEqual([2, 18]);
  });

  it('takes the stretch with most weight', () => {
    expect(findAligned(target, [...alignment, link([4, 8], [0, 1], 0.2)], [4, 8])).toEqual([11, 18]);
  });

  it('says so when nothing is linked', () => {
    expect(findAligned(target, alignment, [14, 15])).toBeUndefined();
  });
});

it('masks a range, or nothing', () => {
  expect(mask('o telefone tocou', [2, 10])).toBe('o TERM tocou');
  expect(mask('o telefone tocou', undefined)).toBe('o telefone tocou');
});
