import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import { float32Variable, int8Variable, writeCTranslate2 } from './ctranslate2.fixture.ts';
import { valuesOf, parseCTranslate2 } from './ctranslate2.ts';

const variable = (type: number, bytes: readonly number[], shape: readonly number[]) => {
  return { name: 'v', shape, type, bytes: Uint8Array.from(bytes) };
};
const FILE = writeCTranslate2({
  variables: [float32Variable('a/weight', [2, 3], [1, -2, 3.5, 0, 1e-8, 6]), int8Variable('heads', 6)],
  aliases: [['b/weight', 'a/weight']],
});

function failure(bytes: Uint8Array): EngineError {
  try {
    parseCTranslate2(bytes);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('it was read without an error');
}

describe('parseCTranslate2', () => {
  it('reads names, shapes and values', () => {
    const { specification, revision, variables } = parseCTranslate2(FILE);
    expect([specification, revision, [...variables.keys()]]).toEqual([
      'WhisperSpec',
      3,
      ['a/weight', 'heads', 'b/weight'],
    ]);
    const weight = variables.get('a/weight');
    expect(weight?.shape).toEqual([2, 3]);
    expect(weight && valuesOf(weight)).toEqual(Float32Array.of(1, -2, 3.5, 0, 1e-8, 6));
    expect(variables.get('b/weight')).toBe(weight);
    expect(variables.get('heads')).toEqual({ type: 'int8', shape: [], bytes: Uint8Array.of(6) });
  });

  it.each([
    ['another version', writeCTranslate2({ version: 5, variables: [] }), 'version is 5'],
    ['an unknown type', writeCTranslate2({ variables: [variable(9, [0], [1])] }), 'unknown type 9'],
    ['a shape that does not fit', writeCTranslate2({ variables: [variable(0, [0, 0], [1])] }), 'asks for 4'],
    ['an alias of nothing', writeCTranslate2({ variables: [], aliases: [['x', 'y']] }), 'x stands for y'],
    ['something after the end', Uint8Array.of(...FILE, 0), '1 bytes follow'],
    [
      'two variables of one name',
      writeCTranslate2({ variables: [variable(0, [0, 0, 0, 0], [1]), variable(0, [0, 0, 0, 0], [1])] }),
      'two',
    ],
    ['a name that fills a screen', writeCTranslate2({ specification: 'x'.repeat(9000), variables: [] }), '9001 bytes'],
    ['a huge count', FILE.with(25, 255), 'number of variables'],
  ])('refuses %s', (_, bytes, reason) => {
    const { code, message } = failure(bytes);
    expect([code, message]).toEqual(['model-corrupt', expect.stringContaining(reason)]);
  });

  it('refuses a file that is cut off anywhere', () => {
    for (let length = 0; length < FILE.length; length++)
      expect(failure(FILE.subarray(0, length)).code).toBe('model-corrupt');
  });

  it('reads or refuses any changed file, quickly', () => {
    const change = fc.record({ at: fc.nat(FILE.length - 1), value: fc.nat(255) });
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 4 }), (changes) => {
        const bytes = FILE.slice();
        for (const { at, value } of changes) bytes[at] = value;
        const before = performance.now();
        try {
          parseCTranslate2(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
        expect(performance.now() - before).toBeLessThan(500);
      }),
      { numRuns: 500 },
    );
  });
});

describe('valuesOf', () => {
  it('reads half precision: normal, subnormal, infinite and negative', () => {
    const halves = [0x3c00, 0xc000, 0x3555, 0x0001, 0x8400, 0x7bff, 0x7c00, 0xfc00, 0x8000];
    const bytes = halves.flatMap((half) => [half & 255, half >> 8]);
    const { variables } = parseCTranslate2(writeCTranslate2({ variables: [variable(4, bytes, [9])] }));
    const values = [...valuesOf(variables.get('v')!)];
    expect(values).toEqual([1, -2, 0.333251953125, 2 ** -24, -(2 ** -14), 65504, Infinity, -Infinity, -0]);
  });

  it('reads bfloat16', () => {
    const { variables } = parseCTranslate2(writeCTranslate2({ variables: [variable(5, [0x80, 0x3f, 0, 0xc1], [2])] }));
    expect([...valuesOf(variables.get('v')!)]).toEqual([1, -8]);
  });

  it('reads integers, and what they stand for: divided by one scale, or by one a row', () => {
    const bytes = Uint8Array.of(1, 255, 10, 246);
    const int8 = { type: 'int8' as const, shape: [2, 2], bytes };
    expect([...valuesOf(int8)]).toEqual([1, -1, 10, -10]);
    expect([...valuesOf(int8, Float32Array.of(2))]).toEqual([0.5, -0.5, 5, -5]);
    expect([...valuesOf(int8, Float32Array.of(2, 5))]).toEqual([0.5, -0.5, 2, -2]);
    expect([...valuesOf({ type: 'int16', shape: [2], bytes })]).toEqual([-255, -2550]);
    expect([...valuesOf({ type: 'int32', shape: [1], bytes: Uint8Array.of(254, 255, 255, 255) })]).toEqual([-2]);
  });
});
