import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { hubCase } from '../../../scripts/compat/hub.ts';
import { createHubTokeniser } from './hubTokeniser.ts';
import { pieceRanges } from './pieceRanges.ts';

const bytesOf = (name: string, path: string): Uint8Array => hubCase(name).files.get(path) ?? new Uint8Array();
const tokeniserOf = (name: string) =>
  createHubTokeniser(bytesOf(name, 'tokenizer.json'), bytesOf(name, 'tokenizer_config.json'));

/** How many tokens are put before a text; after it comes one. */
const BEFORE: [name: string, before: number][] = [
  ['marian', 0],
  ['nllb', 1],
  ['t5', 0],
  ['bart', 1],
];

describe.each(BEFORE)('the tokeniser of %s', (name, before) => {
  const tokeniser = tokeniserOf(name);
  const { runs } = hubCase(name);

  it('finds the ids of the Hub’s own, and where they stand', () => {
    for (const { source, ids, offsets } of runs) {
      const { ids: found, ranges } = tokeniser.encode(source);
      expect([...found]).toEqual(ids.slice(before, -1));
      ranges.forEach(([, to], i) => {
        // White space by itself stands with the word after it.
        if (tokeniser.piece(found[i] ?? -1) !== '\u2581') expect(to).toBe(offsets[before + i]?.[1]);
      });
    }
  });

  it('writes what the Hub’s own writes', () => {
    const plain = (text: string): string => text.replaceAll(/\s/g, '');
    for (const { beams, beamsText } of runs) expect(plain(tokeniser.decode(beams).text)).toBe(plain(beamsText));
  });

  it('gives pieces that touch and cover all that they write', () => {
    for (const { beams, greedy } of runs) {
      for (const said of [beams, greedy]) {
        const { text, ranges } = tokeniser.decode(said);
        expect(ranges).toHaveLength(said.length);
        expect(ranges.map(([from, to]) => text.slice(from, to)).join('')).toBe(text.trimEnd());
      }
    }
  });

  it('says nothing for special tokens, and refuses what is no token', () => {
    expect(tokeniser.decode([0])).toEqual({ text: '', ranges: [[0, 0]] });
    expect(() => tokeniser.decode([-1])).toThrow(/no piece -1/);
  });
});

describe('covers', () => {
  it('knows the characters that have a piece', () => {
    const tokeniser = tokeniserOf('t5');
    expect([tokeniser.covers('The cat'), tokeniser.covers('The 猫')]).toEqual([true, false]);
    expect(tokeniserOf('bart').covers('The 猫')).toBe(true);
  });

  it('gives an unknown word its place', () => {
    const { ids, ranges } = tokeniserOf('t5').encode('The 猫 sat');
    const at = ids.indexOf(tokeniserOf('t5').unkId);
    expect('The 猫 sat'.slice(...(ranges[at] ?? [0, 0])).trim()).toBe('猫');
  });
});

describe('pieceRanges', () => {
  it('finds pieces that were normalised', () => {
    const text = 'Ｔhe ﬁrst  Ünit';
    const ranges = pieceRanges([' the', ' fi', 'rst', ' un', 'it'], text);
    expect(ranges.map(([from, to]) => text.slice(from, to))).toEqual(['Ｔhe', ' ﬁ', 'rst', '  Ün', 'it']);
  });

  it('keeps pieces in order and inside the text, whatever they are', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme' })), fc.string({ unit: 'grapheme' }), (pieces, text) => {
        const ranges = pieceRanges(pieces, text);
        let last = 0;
        for (const [from, to] of ranges) {
          expect(from).toBe(last);
          expect(to).toBeGreaterThanOrEqual(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });
});
