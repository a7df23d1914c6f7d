import { describe, expect, it } from 'vitest';
import type { Link, Range } from '../protocol/types.ts';
import { composeLinks } from './composeLinks.ts';

const link = (source: Range, target: Range, weight: number): Link => ({ source, target, weight });

// "casa azul" -> "blue house" -> "casa azul"
const [casa, azul, blue, house]: Range[] = [
  [0, 4],
  [5, 9],
  [0, 4],
  [5, 10],
];

describe('composeLinks', () => {
  it('links what a pivot word links, the weights multiplied, sorted by target', () => {
    const links = composeLinks(
      [link(azul!, blue!, 0.9), link(casa!, house!, 0.8)],
      [link(house!, casa!, 0.5), link(blue!, azul!, 1)],
    );
    expect(links).toEqual([link(casa!, casa!, 0.4), link(azul!, azul!, 0.9)]);
  });

  it('adds up what comes by several pivot words', () => {
    const [first, second, source, target]: Range[] = [
      [0, 3],
      [4, 7],
      [0, 5],
      [0, 6],
    ];
    const links = composeLinks(
      [link(source!, first!, 0.5), link(source!, second!, 0.75)],
      [link(first!, target!, 0.5), link(second!, target!, 0.5)],
    );
    expect(links).toEqual([link(source!, target!, 0.625)]);
  });

  it('counts a pivot word that the models cut differently by the share that they have in common', () => {
    // The first model's word is "well", the second's "well-known".
    const links = composeLinks([link([0, 3], [0, 4], 1)], [link([0, 10], [0, 5], 0.5)]);
    expect(links).toEqual([link([0, 3], [0, 5], 0.2)]);
  });

  it('keeps of a target word its strongest link and those near to it, and none that say nothing', () => {
    const first = [link([0, 1], [0, 4], 0.9), link([2, 3], [0, 4], 0.5), link([4, 5], [0, 4], 0.4)];
    expect(composeLinks(first, [link([0, 4], [0, 2], 1)]).map(({ weight }) => weight)).toEqual([0.9, 0.5]);
    expect(composeLinks(first, [link([0, 4], [0, 2], 0.05)])).toEqual([]);
    expect(composeLinks(first, [link([4, 9], [0, 2], 1)])).toEqual([]);
    expect(composeLinks([], [link([4, 9], [0, 2], 1)])).toEqual([]);
  });
});
