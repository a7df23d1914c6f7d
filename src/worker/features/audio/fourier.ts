/**
 * Discrete Fourier transforms of a fixed size whose only prime factors are 2 and 5, of two real signals at a time: one is
 * the real part of a complex signal, the other its imaginary part, and symmetry tells their spectra apart.
 */
export class Fourier {
  readonly size: number;
  readonly #radices: number[];
  /** exp(-2πi k / size) for every k. */
  readonly #cos: Float64Array;
  readonly #sin: Float64Array;
  /** The two signals, put here by the caller. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  readonly #re: Float64Array;
  readonly #im: Float64Array;

  constructor(size: number) {
    this.size = size;
    this.#radices = factorise(size);
    this.#cos = Float64Array.from({ length: size }, (_, k) => Math.cos((2 * Math.PI * k) / size));
    this.#sin = Float64Array.from({ length: size }, (_, k) => -Math.sin((2 * Math.PI * k) / size));
    this.first = new Float64Array(size);
    this.second = new Float64Array(size);
    this.#re = new Float64Array(size);
    this.#im = new Float64Array(size);
  }

  /**
   * Squared magnitudes of the bins 0..size/2 of `first` and `second`, which it uses up.
   * @param power1 receives those of `first`, from its start
   * @param power2 receives those of `second`
   */
  powers(power1: Float64Array, power2: Float64Array): void {
    const { size } = this;
    const [re, im] = this.#transform();
    for (let k = 0; k <= size / 2; k++) {
      const mirror = k === 0 ? 0 : size - k;
      const evenRe = re[k]! + re[mirror]!;
      const oddIm = im[k]! - im[mirror]!;
      const evenIm = im[k]! + im[mirror]!;
      const oddRe = re[k]! - re[mirror]!;
      power1[k] = (evenRe * evenRe + oddIm * oddIm) / 4;
      power2[k] = (evenIm * evenIm + oddRe * oddRe) / 4;
    }
  }

  /** Stockham's self-sorting passes, from one pair of buffers to the other and back; those that hold the result. */
  #transform(): [re: Float64Array, im: Float64Array] {
    let [fromRe, fromIm, toRe, toIm] = [this.first, this.second, this.#re, this.#im];
    let length = this.size;
    let stride = 1;
    for (const radix of this.#radices) {
      if (radix === 5) this.#pass5(fromRe, fromIm, toRe, toIm, length, stride);
      else if (radix === 4) this.#pass4(fromRe, fromIm, toRe, toIm, length, stride);
      else this.#pass2(fromRe, fromIm, toRe, toIm, length, stride);
      [fromRe, fromIm, toRe, toIm] = [toRe, toIm, fromRe, fromIm];
      length /= radix;
      stride *= radix;
    }
    return [fromRe, fromIm];
  }

  #pass2(xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, length: number, stride: number): void {
    const part = length / 2;
    for (let p = 0; p < part; p++) {
      const cos = this.#cos[p * stride]!;
      const sin = this.#sin[p * stride]!;
      const at = stride * p;
      const to = stride * 2 * p;
      for (let q = 0; q < stride; q++) {
        const a = at + q;
        const b = a + stride * part;
        const dr = xr[a]! - xr[b]!;
        const di = xi[a]! - xi[b]!;
        yr[to + q] = xr[a]! + xr[b]!;
        yi[to + q] = xi[a]! + xi[b]!;
        yr[to + q + stride] = dr * cos - di * sin;
        yi[to + q + stride] = dr * sin + di * cos;
      }
    }
  }

  #pass4(xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, length: number, stride: number): void {
    const [cos, sin] = [this.#cos, this.#sin];
    const part = length / 4;
    const step = stride * part;
    for (let p = 0; p < part; p++) {
      const turn = p * stride;
      const c1 = cos[turn]!;
      const s1 = sin[turn]!;
      const c2 = cos[2 * turn]!;
      const s2 = sin[2 * turn]!;
      const c3 = cos[3 * turn]!;
      const s3 = sin[3 * turn]!;
      for (let q = 0; q < stride; q++) {
        const a = stride * p + q;
        const to = stride * 4 * p + q;
        const sumR = xr[a]! + xr[a + 2 * step]!;
        const sumI = xi[a]! + xi[a + 2 * step]!;
        const difR = xr[a]! - xr[a + 2 * step]!;
        const difI = xi[a]! - xi[a + 2 * step]!;
        const oddR = xr[a + step]! + xr[a + 3 * step]!;
        const oddI = xi[a + step]! + xi[a + 3 * step]!;
        // -i times the difference of the odd ones.
        const turnR = xi[a + step]! - xi[a + 3 * step]!;
        const turnI = xr[a + 3 * step]! - xr[a + step]!;
        yr[to] = sumR + oddR;
        yi[to] = sumI + oddI;
        yr[to + stride] = (difR + turnR) * c1 - (difI + turnI) * s1;
        yi[to + stride] = (difR + turnR) * s1 + (difI + turnI) * c1;
        yr[to + 2 * stride] = (sumR - oddR) * c2 - (sumI - oddI) * s2;
        yi[to + 2 * stride] = (sumR - oddR) * s2 + (sumI - oddI) * c2;
        yr[to + 3 * stride] = (difR - turnR) * c3 - (difI - turnI) * s3;
        yi[to + 3 * stride] = (difR - turnR) * s3 + (difI - turnI) * c3;
      }
    }
  }

  #pass5(xr: Float64Array, xi: Float64Array, yr: Float64Array, yi: Float64Array, length: number, stride: number): void {
    const [cos, sin] = [this.#cos, this.#sin];
    const part = length / 5;
    const step = stride * part;
    for (let p = 0; p < part; p++) {
      const turn = p * stride;
      for (let q = 0; q < stride; q++) {
        const a = stride * p + q;
        const to = stride * 5 * p + q;
        const r0 = xr[a]!;
        const i0 = xi[a]!;
        const sum1R = xr[a + step]! + xr[a + 4 * step]!;
        const sum1I = xi[a + step]! + xi[a + 4 * step]!;
        const dif1R = xr[a + step]! - xr[a + 4 * step]!;
        const dif1I = xi[a + step]! - xi[a + 4 * step]!;
        const sum2R = xr[a + 2 * step]! + xr[a + 3 * step]!;
        const sum2I = xi[a + 2 * step]! + xi[a + 3 * step]!;
        const dif2R = xr[a + 2 * step]! - xr[a + 3 * step]!;
        const dif2I = xi[a + 2 * step]! - xi[a + 3 * step]!;
        const even1R = r0 + COS72 * sum1R + COS144 * sum2R;
        const even1I = i0 + COS72 * sum1I + COS144 * sum2I;
        const even2R = r0 + COS144 * sum1R + COS72 * sum2R;
        const even2I = i0 + COS144 * sum1I + COS72 * sum2I;
        // -i times the odd parts.
        const odd1R = SIN72 * dif1I + SIN144 * dif2I;
        const odd1I = -SIN72 * dif1R - SIN144 * dif2R;
        const odd2R = SIN144 * dif1I - SIN72 * dif2I;
        const odd2I = -SIN144 * dif1R + SIN72 * dif2R;
        yr[to] = r0 + sum1R + sum2R;
        yi[to] = i0 + sum1I + sum2I;
        rotate(yr, yi, to + stride, even1R + odd1R, even1I + odd1I, cos[turn]!, sin[turn]!);
        rotate(yr, yi, to + 2 * stride, even2R + odd2R, even2I + odd2I, cos[2 * turn]!, sin[2 * turn]!);
        rotate(yr, yi, to + 3 * stride, even2R - odd2R, even2I - odd2I, cos[3 * turn]!, sin[3 * turn]!);
        rotate(yr, yi, to + 4 * stride, even1R - odd1R, even1I - odd1I, cos[4 * turn]!, sin[4 * turn]!);
      }
    }
  }
}

const COS72 = Math.cos((2 * Math.PI) / 5);
const SIN72 = Math.sin((2 * Math.PI) / 5);
const COS144 = Math.cos((4 * Math.PI) / 5);
const SIN144 = Math.sin((4 * Math.PI) / 5);

function rotate(yr: Float64Array, yi: Float64Array, to: number, r: number, i: number, cos: number, sin: number): void {
  yr[to] = r * cos - i * sin;
  yi[to] = r * sin + i * cos;
}

function factorise(size: number): number[] {
  const radices: number[] = [];
  let rest = size;
  for (const radix of [5, 4, 2]) {
    while (rest % radix === 0) {
      radices.push(radix);
      rest /= radix;
    }
  }
  if (rest !== 1) throw new RangeError(`A transform of ${size} points is not built: only factors 2 and 5 are.`);
  return radices;
}
