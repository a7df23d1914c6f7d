import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { Fourier } from './fourier.ts';
import { LogMel } from './logMel.ts';

interface Golden {
  library: string;
  cases: { samples: number; frames: number; mels: number; every: number; features: string }[];
}

const golden = JSON.parse(
  gunzipSync(readFileSync(new URL('./logMel.golden.json.gz', import.meta.url))).toString(),
) as Golden;

/** The signal of scripts/reference/log_mel_golden.py. */
function signal(samples: number): Float32Array {
  let state = 1;
  return Float32Array.from({ length: samples }, (_, n) => {
    const t = n / 16_000;
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    const noise = state / 2 ** 31 - 1;
    return 0.4 * Math.sin(2 * Math.PI * (150 + 900 * t) * t) + (0.2 * noise * n) / samples;
  });
}

function largestDifference(a: Float32Array, b: Float32Array): number {
  expect(a.length).toBe(b.length);
  return a.reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}

describe('log-mel features', () => {
  it.each(golden.cases)(
    'of $samples samples in $frames frames, $mels bands, are those of the reference to 1e-4',
    ({ samples, frames, mels, every, features }) => {
      const bytes = Buffer.from(features, 'base64');
      const expected = new Float32Array(bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.length));
      const { data } = new LogMel(mels).extract(signal(samples), frames);
      expect(data.length).toBe(mels * frames);
      const keptFrames = Math.ceil(frames / every);
      const kept = Float32Array.from({ length: expected.length }, (_, i) => {
        return data[Math.floor(i / keptFrames) * frames + (i % keptFrames) * every]!;
      });
      expect(largestDifference(kept, expected)).toBeLessThan(1e-4);
    },
  );

  it('of silence are one value, and finite', () => {
    const { data } = new LogMel(80).extract(new Float32Array(1600), 100);
    expect(new Set(data)).toEqual(new Set([Math.fround(-1.5)]));
    expect(new LogMel(80).extract(new Float32Array(0), 10).data).toEqual(new Float32Array(800).fill(-1.5));
  });

  it('keep nothing from one window to the next', () => {
    const logMel = new LogMel(80);
    const first = logMel.extract(signal(20_001), 150);
    logMel.extract(
      signal(3000).map((sample) => -sample),
      51,
    );
    expect(logMel.extract(signal(20_001), 150)).toEqual(first);
  });

  it('of a shortened window are the beginning of those of the long one', () => {
    const logMel = new LogMel(80);
    const [long, short] = [logMel.extract(signal(16_000), 3000), logMel.extract(signal(16_000), 150)];
    for (let band = 0; band < 80; band++) {
      expect(long.data.slice(band * 3000, band * 3000 + 150)).toEqual(short.data.slice(band * 150, band * 150 + 150));
    }
  });

  it('refuse more samples than the window has', () => {
    expect(() => new LogMel(80).extract(new Float32Array(1601), 10)).toThrow(RangeError);
  });
});

describe('the Fourier transform', () => {
  it.each([2, 10, 16, 50, 400])('of two signals of %i points is that of the definition', (size) => {
    const fourier = new Fourier(size);
    const signals = [signal(size), signal(size).map((sample, n) => Math.cos(n) - sample)] as const;
    fourier.first.set(signals[0]);
    fourier.second.set(signals[1]);
    const powers = [new Float64Array(size / 2 + 1), new Float64Array(size / 2 + 1)] as const;
    fourier.powers(...powers);
    for (const [i, x] of signals.entries()) {
      for (let k = 0; k <= size / 2; k++) {
        let [re, im] = [0, 0];
        x.forEach((sample, n) => {
          re += sample * Math.cos((2 * Math.PI * k * n) / size);
          im -= sample * Math.sin((2 * Math.PI * k * n) / size);
        });
        expect(powers[i]![k]).toBeCloseTo(re * re + im * im, 8);
      }
    }
  });

  it('is built for factors of 2 and 5 alone', () => {
    expect(() => new Fourier(30)).toThrow(RangeError);
  });
});
