import { EngineError } from '../../../protocol/errors.ts';

/** Zero crossings of the sinc on each side of its middle: how sharp the filter is. */
const CROSSINGS = 32;
/** Kaiser's parameter for 75 dB of attenuation. */
const KAISER_BETA = 7.3;
/** Where the filter falls to half, as a share of the lower Nyquist frequency: it has fallen altogether at 1. */
const CUTOFF = 0.93;
const RATES_HZ = [1000, 768_000] as const;

/**
 * Changes the sample rate of a stream: a Kaiser-windowed sinc, one exact filter for each of the positions that an output
 * sample can have between two input samples (a polyphase filter). Without delay: output n is the input at n / outputRateHz.
 */
export class Resampler {
  /** The rates without their common factor: `#up` output samples for `#down` input samples. */
  readonly #up: number;
  readonly #down: number;
  /** Taps on each side. */
  readonly #reach: number;
  readonly #filters = new Map<number, Float32Array>();
  /** Input that later output needs; its first sample is input number `#start`. */
  #pending: Float32Array;
  #start: number;
  #received = 0;
  #given = 0;

  /** @throws EngineError bad-input: a rate outside 1..768 kHz */
  constructor(inputRateHz: number, outputRateHz: number) {
    for (const rate of [inputRateHz, outputRateHz]) {
      if (!(rate >= RATES_HZ[0] && rate <= RATES_HZ[1])) {
        throw new EngineError(
          'bad-input',
          `Audio of ${rate} samples a second cannot be used: give from ${RATES_HZ[0]} to ${RATES_HZ[1]}.`,
        );
      }
    }
    const [input, output] = [Math.round(inputRateHz), Math.round(outputRateHz)];
    const common = greatestCommonDivisor(input, output);
    this.#up = output / common;
    this.#down = input / common;
    this.#reach = 2 * Math.ceil((CROSSINGS / 2) * Math.max(1, this.#down / this.#up));
    this.#start = 1 - this.#reach;
    this.#pending = new Float32Array(this.#reach - 1);
  }

  /** All output that the input so far decides. May be empty. */
  push(samples: Float32Array): Float32Array {
    if (this.#up === this.#down) return samples;
    this.#received += samples.length;
    this.#append(samples);
    // The last input that output n needs is floor(n * down / up) + reach.
    const decided = this.#start + this.#pending.length - this.#reach;
    return this.#run(Math.ceil((decided * this.#up) / this.#down));
  }

  /** What is left once the input has ended: ceil(received * up / down) samples in all. Ends the stream. */
  flush(): Float32Array {
    if (this.#up === this.#down) return new Float32Array(0);
    this.#append(new Float32Array(this.#reach + 1));
    return this.#run(Math.ceil((this.#received * this.#up) / this.#down));
  }

  #append(samples: Float32Array): void {
    const joined = new Float32Array(this.#pending.length + samples.length);
    joined.set(this.#pending);
    joined.set(samples, this.#pending.length);
    this.#pending = joined;
  }

  /** The output samples up to number `end`. */
  #run(end: number): Float32Array {
    const output = new Float32Array(Math.max(0, end - this.#given));
    const taps = 2 * this.#reach;
    const input = this.#pending;
    for (let n = 0; n < output.length; n++) {
      const position = (this.#given + n) * this.#down;
      const phase = position % this.#up;
      const filter = this.#filters.get(phase) ?? this.#makeFilter(phase);
      const at = (position - phase) / this.#up + 1 - this.#reach - this.#start;
      // Four sums, so that an addition need not wait for the one before it. There are as many taps on both sides, and
      // their number on each is even.
      let sum0 = 0;
      let sum1 = 0;
      let sum2 = 0;
      let sum3 = 0;
      for (let tap = 0; tap < taps; tap += 4) {
        sum0 += filter[tap]! * input[at + tap]!;
        sum1 += filter[tap + 1]! * input[at + tap + 1]!;
        sum2 += filter[tap + 2]! * input[at + tap + 2]!;
        sum3 += filter[tap + 3]! * input[at + tap + 3]!;
      }
      output[n] = sum0 + sum1 + (sum2 + sum3);
    }
    this.#given += output.length;
    const needed = Math.floor((this.#given * this.#down) / this.#up) + 1 - this.#reach;
    if (needed > this.#start) {
      this.#pending = this.#pending.slice(needed - this.#start);
      this.#start = needed;
    }
    return output;
  }

  /** The filter of outputs that stand phase / up after an input sample; tap t is for the input t + 1 - reach after that one. */
  #makeFilter(phase: number): Float32Array {
    const cutoff = CUTOFF * Math.min(1, this.#up / this.#down);
    const weights = Array.from({ length: 2 * this.#reach }, (_, tap) => {
      const distance = tap + 1 - this.#reach - phase / this.#up;
      return cutoff * sinc(cutoff * distance) * kaiser(distance / this.#reach);
    });
    // Every phase passes a constant unchanged.
    const sum = weights.reduce((total, weight) => total + weight, 0);
    const filter = Float32Array.from(weights, (weight) => weight / sum);
    this.#filters.set(phase, filter);
    return filter;
  }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b);
}

function sinc(x: number): number {
  return x === 0 ? 1 : Math.sin(Math.PI * x) / (Math.PI * x);
}

/** Kaiser's window at x in -1..1; 0 outside. */
function kaiser(x: number): number {
  return Math.abs(x) >= 1 ? 0 : besselI0(KAISER_BETA * Math.sqrt(1 - x * x)) / besselI0(KAISER_BETA);
}

/** The modified Bessel function of the first kind and order zero, by its power series. */
function besselI0(x: number): number {
  let sum = 1;
  let term = 1;
  for (let k = 1; term > sum * 1e-12; k++) {
    term *= (x / (2 * k)) ** 2;
    sum += term;
  }
  return sum;
}
