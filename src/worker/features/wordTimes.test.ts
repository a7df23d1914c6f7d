import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ATTENTION_FRAME_S, loudness, tokenOnsets, wordSpans } from './wordTimes.ts';

/** Attention of heads that look at one stretch of frames a token, and a head that looks nowhere in particular. */
function attentionTo(stretches: [number, number][], frames: number): Float32Array {
  const heads = 2;
  const attention = new Float32Array(stretches.length * heads * frames);
  stretches.forEach(([from, to], token) => {
    const at = token * heads * frames;
    attention.fill(0.9 / (to - from), at + from, at + to);
    attention.fill(1 / frames, at + frames, at + 2 * frames);
  });
  return attention;
}

describe('tokenOnsets', () => {
  it('finds where each token is looked at', () => {
    const attention = attentionTo(
      [
        [10, 30],
        [30, 40],
        [40, 80],
        [80, 100],
      ],
      120,
    );
    const onsets = tokenOnsets({ attention, tokens: 4, heads: 2, frames: 120 }, 0, 120);
    expect([...onsets]).toEqual([0, 30, 40, 80]);
  });

  it('looks at nothing before and behind the audio', () => {
    const attention = attentionTo(
      [
        [10, 30],
        [30, 40],
        [40, 80],
        [80, 100],
      ],
      120,
    );
    const onsets = tokenOnsets({ attention, tokens: 4, heads: 2, frames: 120 }, 35, 60);
    expect(Math.min(...onsets)).toBe(35);
    expect(Math.max(...onsets)).toBeLessThan(60);
  });

  it('never goes back, whatever the attention', () => {
    const shape = fc.record({ tokens: fc.integer({ min: 1, max: 8 }), frames: fc.integer({ min: 1, max: 30 }) });
    fc.assert(
      fc.property(shape, fc.infiniteStream(fc.float({ min: 0, max: 1, noNaN: true })), (size, values) => {
        const attention = Float32Array.from({ length: size.tokens * size.frames }, () => values.next().value as number);
        const onsets = tokenOnsets({ attention, ...size, heads: 1 }, 0, size.frames);
        expect([...onsets]).toEqual([...onsets].sort((a, b) => a - b));
        expect(onsets[0]).toBe(0);
        expect(onsets.at(-1)).toBeLessThan(size.frames);
      }),
    );
  });
});

describe('wordSpans', () => {
  const loud = (...stretches: [number, number][]): Uint8Array => {
    const frames = new Uint8Array(200);
    for (const [fromS, toS] of stretches) frames.fill(1, fromS / ATTENTION_FRAME_S, toS / ATTENTION_FRAME_S);
    return frames;
  };
  const bounds = { startS: 0, endS: 4 };

  it('has each word end where the next one begins', () => {
    const spans = wordSpans([0, 0.4, 1], [3, 4], bounds, loud([0, 1]));
    expect(spans).toEqual([
      { startS: 0, endS: 0.4 },
      { startS: 0.4, endS: 1 },
    ]);
  });

  it('leaves pauses out, before words and after them', () => {
    const spans = wordSpans([0, 0.6, 3], [3, 4], bounds, loud([0.2, 0.5], [1.4, 2]));
    expect(spans.map(({ startS, endS }) => [startS.toFixed(2), endS.toFixed(2)])).toEqual([
      ['0.20', '0.50'],
      ['1.40', '2.00'],
    ]);
  });

  it('changes words in the pause near where the attention does, not there', () => {
    const spans = wordSpans([0, 1.3, 2], [6, 6], bounds, loud([0, 0.9], [1.2, 2]));
    expect(spans.map(({ startS, endS }) => [startS.toFixed(2), endS.toFixed(2)])).toEqual([
      ['0.00', '0.90'],
      ['1.20', '2.00'],
    ]);
  });

  it('does not let a short word last for seconds', () => {
    const [span] = wordSpans([0, 4], [1], bounds, loud([0, 4]));
    expect(span!.endS - span!.startS).toBeLessThan(0.6);
  });

  it('gives words in order, none empty, all inside the audio, whatever the onsets', () => {
    const time = fc.double({ min: 0, max: 4, noNaN: true });
    fc.assert(
      fc.property(fc.array(time, { minLength: 2, maxLength: 40 }), fc.array(time), (times, noisy) => {
        const onsets = times.toSorted((a, b) => a - b);
        const letters = onsets.slice(1).map((_, i) => 1 + (i % 9));
        const spans = wordSpans(onsets, letters, bounds, loud(...noisy.map((at): [number, number] => [at, at + 0.1])));
        let last = 0;
        for (const { startS, endS } of spans) {
          expect(startS).toBeGreaterThanOrEqual(last - 1e-9);
          expect(endS).toBeGreaterThan(startS);
          last = endS;
        }
        expect(last).toBeLessThanOrEqual(4 + 1e-9);
      }),
    );
  });
});

describe('loudness', () => {
  it('tells sound from the noise between', () => {
    const samples = Float32Array.from(
      { length: 16_000 },
      (_, i) => Math.sin(i / 5) * (Math.floor(i / 4000) % 2 === 0 ? 0.5 : 0.002),
    );
    const frames = loudness(samples, 16_000);
    expect(frames).toHaveLength(50);
    expect([frames[3], frames[18], frames[30], frames[45]]).toEqual([1, 0, 1, 0]);
  });

  it('calls no silence loud', () => {
    expect([...loudness(new Float32Array(1000), 16_000)]).toEqual([0, 0, 0, 0]);
  });
});
