import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { bestColumns, forbid, isLooping, noRepeatNgram, onceOfGroup } from './logits.ts';

const ids = (...values: number[]): Int32Array => Int32Array.from(values);
const columnOf = (id: number): number => id;

describe('bestColumns', () => {
  it('sorts as sort does', () => {
    fc.assert(
      fc.property(fc.float32Array({ maxLength: 40, noNaN: true }), fc.integer({ min: 1, max: 8 }), (scores, count) => {
        const sorted = [...scores.keys()]
          .filter((column) => scores[column] !== -Infinity && column % 3 !== 1)
          .sort((a, b) =>
            (scores[b] ?? 0) === (scores[a] ?? 0) ? a - b : (scores[b] ?? 0) > (scores[a] ?? 0) ? 1 : -1,
          );
        expect(bestColumns(scores, count, (column) => column % 3 === 1)).toEqual(sorted.slice(0, count));
      }),
    );
  });
});

describe('noRepeatNgram', () => {
  it('forbids exactly the tokens that would repeat an n-gram', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(3), { maxLength: 15 }), fc.integer({ min: 1, max: 4 }), (prefix, size) => {
        const scores = new Float32Array(4);
        noRepeatNgram(size)(scores, { ids: ids(...prefix), columnOf });
        for (let id = 0; id < 4; id++) {
          const next = [...prefix, id];
          const last = next.slice(-size).join();
          const repeated =
            next.length > size &&
            prefix.some((_, i) => i + size <= prefix.length && prefix.slice(i, i + size).join() === last);
          expect(scores[id]).toBe(repeated ? -Infinity : 0);
        }
      }),
    );
  });

  it('leaves ids outside the shortlist alone', () => {
    const scores = new Float32Array(2);
    noRepeatNgram(1)(scores, { ids: ids(7, 9), columnOf: (id) => (id === 9 ? 1 : -1) });
    expect([...scores]).toEqual([0, -Infinity]);
  });
});

describe('isLooping', () => {
  const plain = ids(1, 2, 3, 4, 5);
  const phrase = [11, 12, 13, 14, 15, 16, 17, 18];

  it.each([
    ['a token five times', [9, 4, 4, 4, 4, 4], true],
    ['a token four times', [9, 4, 4, 4, 4, 9], false],
    ['two tokens four times', [1, 2, 1, 2, 1, 2, 1, 2], true],
    ['two tokens three times', [1, 2, 1, 2, 1, 2, 3], false],
    ['three tokens three times in the middle', [8, 1, 2, 3, 1, 2, 3, 1, 2, 3, 9, 7], true],
    ['a clause twice', [...phrase, ...phrase], true],
    ['a clause twice but not in a row', [...phrase, 1, ...phrase], false],
    ['nothing', [], false],
  ])('%s', (_, output, looping) => {
    expect(isLooping(ids(...output), plain)).toBe(looping);
  });

  it('lets a source that repeats be translated', () => {
    const laughter = ids(7, 7, 7, 7, 7, 7, 0);
    expect(isLooping(ids(3, 3, 3, 3, 3, 3, 3), laughter)).toBe(false);
    expect(isLooping(ids(...Array.from({ length: 20 }, () => 3)), laughter)).toBe(true);
  });
});

describe('forbid', () => {
  it('makes tokens impossible and leaves the others as they are', () => {
    const scores = Float32Array.of(-1, -2, -3);
    forbid([1, 9])(scores, { ids: ids(), columnOf: (id) => (id === 9 ? -1 : id) });
    expect([...scores]).toEqual([-1, -Infinity, -3]);
  });
});

describe('onceOfGroup', () => {
  const groups = Int32Array.of(-1, 0, 0, 1, -1);
  const allowed = (...said: number[]): number[] => {
    const scores = new Float32Array(5);
    onceOfGroup(groups)(scores, { ids: ids(...said), columnOf });
    return [...scores.keys()].filter((id) => scores[id] === 0);
  };

  it('lets one of a group be said, and nothing twice in a row', () => {
    expect(allowed()).toEqual([0, 1, 2, 3, 4]);
    expect(allowed(0)).toEqual([1, 2, 3, 4]);
    expect(allowed(2, 0)).toEqual([3, 4]);
    expect(allowed(1, 3, 4, 0)).toEqual([4]);
  });
});
