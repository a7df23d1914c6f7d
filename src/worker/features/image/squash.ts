/**
 * Pillow's `Image.resize((size, size), BICUBIC, reducing_gap=3)` to the bit: a picture squashed to a square. Its
 * arithmetic, 8-bit fixed point, is what the captioner was trained on
 * (https://github.com/python-pillow/Pillow: src/libImaging/{Resample,Reduce}.c).
 *
 * The picture is read a strip at a time, so that memory does not grow with it.
 */

/** Something that gives its pixels row by row. */
export interface PixelRows {
  readonly width: number;
  readonly height: number;
  /** RGBA of `count` rows from row `from` on; nothing in it is transparent. Valid until the next call. */
  rows(from: number, count: number): Uint8ClampedArray;
}

/** Catmull and Rom's cubic, which is zero from two pixels on. */
const SUPPORT = 2;
/** A picture this many times larger than needed, or more, is first averaged over whole boxes of pixels. */
const REDUCING_GAP = 3;
/** Bits behind the point of a weight, and of the reciprocal of a box's area. */
const WEIGHT_BITS = 22;
const AREA_BITS = 24;
const CHANNELS = 3;
/** Pixels of a strip: 4 MB as RGBA. */
const STRIP_PIXELS = 2 ** 20;

/** Which input pixels make an output pixel, and how much of each. */
interface Window {
  from: number;
  weights: Int32Array;
}

/** RGB, row by row. */
interface Raster {
  width: number;
  height: number;
  data: Uint8ClampedArray;
}

/** @returns RGB, [size, size, 3] */
export function squash(picture: PixelRows, size: number): Uint8ClampedArray {
  const boxWidth = boxSide(picture.width, size);
  const boxHeight = boxSide(picture.height, size);
  const reduced = reduce(picture, boxWidth, boxHeight);
  const across = windows(reduced.width, picture.width / boxWidth, size);
  const down = windows(reduced.height, picture.height / boxHeight, size);
  // Which of the two comes first shows in the last bits. Pillow does what takes less time; its rule was found by trial.
  const downFirst = reduced.height > size && reduced.height + size > 2 * reduced.width;
  return (downFirst ? resizeAcross(resizeDown(reduced, down), across) : resizeDown(resizeAcross(reduced, across), down))
    .data;
}

function boxSide(from: number, to: number): number {
  return Math.max(1, Math.floor(from / to / REDUCING_GAP));
}

/** @param extent of the input that the output spans: a last box that is cut off counts for less than a pixel */
function windows(inputs: number, extent: number, outputs: number): Window[] {
  const scale = extent / outputs;
  const stretch = Math.max(1, scale);
  const reach = SUPPORT * stretch;
  return Array.from({ length: outputs }, (_, i): Window => {
    const centre = (i + 0.5) * scale;
    const from = Math.max(0, Math.trunc(centre - reach + 0.5));
    const to = Math.min(inputs, Math.trunc(centre + reach + 0.5));
    const exact = Array.from({ length: to - from }, (_, x) => cubic((x + from - centre + 0.5) / stretch));
    const total = exact.reduce((sum, weight) => sum + weight, 0);
    return { from, weights: Int32Array.from(exact, (weight) => roundAway((weight / total) * 2 ** WEIGHT_BITS)) };
  });
}

/** With a = -1/2. */
function cubic(x: number): number {
  const a = -0.5;
  const d = Math.abs(x);
  if (d < 1) return ((a + 2) * d - (a + 3)) * d * d + 1;
  return d < 2 ? (((d - 5) * d + 8) * d - 4) * a : 0;
}

function roundAway(value: number): number {
  return Math.trunc(value + Math.sign(value) * 0.5);
}

/** The means over boxes of pixels; those at the right and at the bottom may be cut off. */
function reduce(picture: PixelRows, boxWidth: number, boxHeight: number): Raster {
  const width = Math.ceil(picture.width / boxWidth);
  const height = Math.ceil(picture.height / boxHeight);
  const data = new Uint8ClampedArray(width * height * CHANNELS);
  const stripHeight = Math.max(1, Math.floor(STRIP_PIXELS / (picture.width * boxHeight))) * boxHeight;
  let at = 0;
  for (let top = 0; top < picture.height; top += stripHeight) {
    const count = Math.min(stripHeight, picture.height - top);
    const strip = picture.rows(top, count);
    for (let y = 0; y < count; y += boxHeight, at += width * CHANNELS) {
      const rows = strip.subarray(4 * y * picture.width);
      reduceRow(rows, picture.width, Math.min(boxHeight, count - y), boxWidth, data.subarray(at));
    }
  }
  return { width, height, data };
}

/** The means over a row of boxes. @param rows RGBA, `height` rows of `width` */
function reduceRow(
  rows: Uint8ClampedArray,
  width: number,
  height: number,
  boxWidth: number,
  to: Uint8ClampedArray,
): void {
  for (let x = 0, at = 0; x < width; x += boxWidth, at += CHANNELS) {
    const columns = Math.min(boxWidth, width - x);
    const area = columns * height;
    let red = area >> 1;
    let green = red;
    let blue = red;
    for (let y = 0; y < height; y++) {
      const start = 4 * (y * width + x);
      for (let i = start; i < start + 4 * columns; i += 4) {
        red += rows[i]!;
        green += rows[i + 1]!;
        blue += rows[i + 2]!;
      }
    }
    if (area > 1) {
      // As Pillow does it: a product instead of a division. It may exceed 32 bits.
      const reciprocal = Math.floor(2 ** AREA_BITS / area);
      red = Math.floor((red * reciprocal) / 2 ** AREA_BITS);
      green = Math.floor((green * reciprocal) / 2 ** AREA_BITS);
      blue = Math.floor((blue * reciprocal) / 2 ** AREA_BITS);
    }
    to[at] = red;
    to[at + 1] = green;
    to[at + 2] = blue;
  }
}

/** Every row to as many pixels as there are windows. */
function resizeAcross({ width, height, data }: Raster, across: Window[]): Raster {
  const resized = new Uint8ClampedArray(across.length * height * CHANNELS);
  let at = 0;
  for (let y = 0; y < height; y++) {
    for (const { from, weights } of across) {
      let red = 1 << (WEIGHT_BITS - 1);
      let green = red;
      let blue = red;
      let pixel = (y * width + from) * CHANNELS;
      for (const weight of weights) {
        red += data[pixel++]! * weight;
        green += data[pixel++]! * weight;
        blue += data[pixel++]! * weight;
      }
      // A clamped array clips.
      resized[at++] = red >> WEIGHT_BITS;
      resized[at++] = green >> WEIGHT_BITS;
      resized[at++] = blue >> WEIGHT_BITS;
    }
  }
  return { width: across.length, height, data: resized };
}

/** All rows to as many as there are windows. */
function resizeDown({ width, data }: Raster, down: Window[]): Raster {
  const length = width * CHANNELS;
  const resized = new Uint8ClampedArray(down.length * length);
  const sums = new Int32Array(length);
  down.forEach(({ from, weights }, y) => {
    sums.fill(1 << (WEIGHT_BITS - 1));
    weights.forEach((weight, i) => {
      const start = (from + i) * length;
      for (let x = 0; x < length; x++) sums[x]! += data[start + x]! * weight;
    });
    for (let x = 0; x < length; x++) resized[y * length + x] = sums[x]! >> WEIGHT_BITS;
  });
  return { width, height: down.length, data: resized };
}
