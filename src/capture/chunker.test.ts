import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Chunker } from './chunker.ts';
import { levelOf } from './levels.ts';

describe('a chunker', () => {
  it('gives every sample once, in order, in chunks of its length', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 600 }), fc.array(fc.integer({ min: 0, max: 300 })), (length, blocks) => {
        const chunker = new Chunker(length);
        const chunks: Float32Array[] = [];
        let sent = 0;
        for (const size of blocks) {
          chunker.push([Float32Array.from({ length: size }, () => sent++)], (chunk) => chunks.push(chunk));
        }
        expect(chunks.every((chunk) => chunk.length === length)).toBe(true);
        const rest = chunker.take();
        expect(rest.length).toBeLessThan(length);
        expect([...chunks, rest].flatMap((chunk) => [...chunk])).toEqual(Array.from({ length: sent }, (_, n) => n));
        expect(chunker.take().length).toBe(0);
      }),
    );
  });

  it('mixes channels, and takes a source without any', () => {
    const chunker = new Chunker(2);
    const chunks: Float32Array[] = [];
    const give = (chunk: Float32Array): void => void chunks.push(chunk);
    chunker.push([Float32Array.of(1, 0), Float32Array.of(0, 0.5)], give);
    chunker.push([], give);
    expect(chunks).toEqual([Float32Array.of(0.5, 0.25)]);
  });
});

describe('the level of a piece of sound', () => {
  it('is its root mean square and its highest sample', () => {
    expect(levelOf(Float32Array.of(0.6, -0.8, 0, 0))).toEqual({
      rms: expect.closeTo(0.5, 6) as number,
      peak: expect.closeTo(0.8, 6) as number,
    });
    expect(levelOf(new Float32Array(0))).toEqual({ rms: 0, peak: 0 });
  });
});
