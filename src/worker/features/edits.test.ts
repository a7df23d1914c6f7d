import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Range } from '../../protocol/types.ts';
import { applyEdits } from './edits.ts';

describe('applyEdits', () => {
  it('replaces, inserts and removes', () => {
    const { text } = applyEdits('one two three', [
      { range: [8, 13], text: '3' },
      { range: [0, 3], text: 'eins' },
      { range: [4, 4], text: 'and ' },
    ]);
    expect(text).toBe('eins and two 3');
  });

  it('keeps the first of two that overlap', () => {
    const edits = [
      { range: [0, 4] as Range, text: 'X' },
      { range: [2, 6] as Range, text: 'Y' },
    ];
    expect(applyEdits('abcdef', edits).text).toBe('Xef');
  });

  it('says where ranges went', () => {
    const { text, moved } = applyEdits('Hi X1, see X2!', [
      { range: [3, 5], text: '{name}' },
      { range: [11, 13], text: 'a.b' },
      { range: [0, 0], text: '>' },
    ]);
    expect(text).toBe('>Hi {name}, see a.b!');
    const at = (from: number, to: number): string => text.slice(...moved([from, to]));
    expect([at(0, 2), at(3, 5), at(3, 4), at(4, 5), at(7, 10), at(11, 14)]).toEqual([
      'Hi',
      '{name}',
      '{name}',
      '{name}',
      'see',
      'a.b!',
    ]);
  });

  it('keeps what it does not touch under its moved range', () => {
    const edit = fc.record({ from: fc.nat(20), length: fc.nat(5), text: fc.string({ maxLength: 4 }) });
    fc.assert(
      fc.property(
        fc.string({ minLength: 30, maxLength: 30 }),
        fc.array(edit, { maxLength: 5 }),
        fc.nat(29),
        (text, list, at) => {
          const edits = list.map(({ from, length, text: replacement }) => ({
            range: [from, from + length] as Range,
            text: replacement,
          }));
          if (edits.some(({ range }) => at >= range[0] && at < range[1])) return;
          const edited = applyEdits(text, edits);
          expect(edited.text.slice(...edited.moved([at, at + 1]))).toBe(text[at]);
        },
      ),
    );
  });
});
