import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../../../protocol/errors.ts';
import { Resampler } from './resample.ts';

const SPEECH_RATE_HZ = 16_000;

function tone(hertz: number, rateHz: number, seconds: number): Float32Array {
  return Float32Array.from({ length: rateHz * seconds }, (_, n) => Math.sin((2 * Math.PI * hertz * n) / rateHz));
}

function resample(
  samples: Float32Array,
  fromHz: number,
  toHz = SPEECH_RATE_HZ,
  pieceLength = samples.length,
): Float32Array {
  const resampler = new Resampler(fromHz, toHz);
  const pieces: Float32Array[] = [];
  for (let from = 0; from < samples.length; from += pieceLength) {
    pieces.push(resampler.push(samples.subarray(from, from + pieceLength)));
  }
  pieces.push(resampler.flush());
  return Float32Array.from(pieces.flatMap((piece) => [...piece]));
}

/** Away from the ends, where the filter sees silence. */
function middle(samples: Float32Array): Float32Array {
  return samples.subarray(samples.length / 4, (samples.length * 3) / 4);
}

function decibels(samples: Float32Array): number {
  const power = samples.reduce((sum, sample) => sum + sample * sample, 0) / samples.length;
  return 10 * Math.log10(power + 1e-20);
}

/** A tone at full scale has half the power of a constant. */
const FULL_TONE_DB = 10 * Math.log10(0.5);

describe.each([8000, 11_025, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 192_000])(
  '%i Hz to 16 kHz',
  (rateHz) => {
    const nyquistHz = Math.min(rateHz, SPEECH_RATE_HZ) / 2;

    it.each([0.01, 0.1, 0.5, 0.8])('passes a tone at %f of the band, in step and at its loudness', (share) => {
      const hertz = share * nyquistHz;
      const output = middle(resample(tone(hertz, rateHz, 0.5), rateHz));
      const wanted = middle(tone(hertz, SPEECH_RATE_HZ, 0.5));
      expect(decibels(output.map((sample, n) => sample - wanted[n]!))).toBeLessThan(FULL_TONE_DB - 60);
    });

    it('lets no image or alias through', () => {
      if (rateHz > SPEECH_RATE_HZ) {
        for (const share of [1.02, 1.2, 1.6, 1.9]) {
          const hertz = share * (SPEECH_RATE_HZ / 2);
          if (hertz < rateHz / 2)
            expect(decibels(middle(resample(tone(hertz, rateHz, 0.5), rateHz)))).toBeLessThan(-70);
        }
      } else {
        // What the tone's spectrum has beside the tone itself: nothing was left of its mirror image.
        const output = middle(resample(tone(0.7 * nyquistHz, rateHz, 0.5), rateHz));
        const wanted = middle(tone(0.7 * nyquistHz, SPEECH_RATE_HZ, 0.5));
        expect(decibels(output.map((sample, n) => sample - wanted[n]!))).toBeLessThan(-65);
      }
    });
  },
);

describe('a resampler', () => {
  it('gives the same whatever the pieces are, in all as many samples as the time takes', () => {
    const rates = fc.constantFrom(8000, 11_025, 16_000, 44_100, 48_000, 47_999);
    fc.assert(
      fc.property(
        rates,
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 700 }),
        (rateHz, length, piece) => {
          const samples = Float32Array.from({ length }, (_, n) => Math.sin(n * n * 0.001));
          const whole = resample(samples, rateHz);
          expect(whole.length).toBe(Math.ceil((length * SPEECH_RATE_HZ) / rateHz));
          expect(resample(samples, rateHz, SPEECH_RATE_HZ, piece)).toEqual(whole);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('leaves a constant as it is, and its own rate', () => {
    const output = resample(new Float32Array(4410).fill(0.5), 44_100);
    expect(output[800]).toBeCloseTo(0.5, 6);
    const samples = tone(440, 16_000, 0.01);
    expect(resample(samples, 16_000)).toEqual(samples);
  });

  it('keeps only what its filter reaches, however long the stream', () => {
    const resampler = new Resampler(48_000, 16_000);
    let given = 0;
    for (let second = 0; second < 100; second++) given += resampler.push(new Float32Array(48_000)).length;
    expect(given).toBeGreaterThan(100 * 16_000 - 40);
    given += resampler.flush().length;
    expect(given).toBe(100 * 16_000);
  });

  it.each([0, -1, 500, 1_000_000, Number.NaN, Infinity])('says that %d samples a second cannot be used', (rateHz) => {
    expect(() => new Resampler(rateHz, 16_000)).toThrow(EngineError);
  });
});
