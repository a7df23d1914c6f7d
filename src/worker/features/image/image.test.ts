import { describe, expect, it } from 'vitest';
import { openPicture, pixelPicture } from './picture.ts';
import { toPixels } from './pixels.ts';
import golden from './squash.golden.json' with { type: 'json' };
import { squash } from './squash.ts';

/** What scripts/reference/squash_golden.py makes of the coordinates: RGBA. */
function pixels(width: number, height: number, transparent: boolean): Uint8ClampedArray {
  const all = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      const at = 4 * (y * width + x);
      for (let c = 0; c < 3; c++) all[at + c] = (x * 7 + y * 13 + x * y * 3 + c * 29) % 256;
      all[at + 3] = transparent ? (x * 11 + y * 5) % 256 : 255;
    }
  }
  return all;
}

describe('a picture is squashed to a square', () => {
  it.each(golden.cases)('as Pillow does: $width x $height to $size, transparent $transparent', (wanted) => {
    const { width, height, size, transparent, rgb } = wanted;
    const found = squash(pixelPicture(pixels(width, height, transparent), width, height), size);
    expect([...found]).toEqual([...Buffer.from(rgb, 'base64')]);
  });

  it('reads a large picture in strips', () => {
    const width = 3000;
    const strips: number[] = [];
    const whole = pixelPicture(pixels(width, 900, false), width, 900);
    const rows = (from: number, count: number): Uint8ClampedArray => {
      strips.push(count);
      return whole.rows(from, count);
    };
    squash({ width, height: 900, rows }, 16);
    expect(Math.max(...strips) * width).toBeLessThanOrEqual(2 ** 20);
    expect(strips.reduce((sum, count) => sum + count)).toBe(900);
  });
});

describe('toPixels', () => {
  it('normalises each colour by its own mean and deviation, one plane after the other', () => {
    const white = pixelPicture(new Uint8ClampedArray(4).fill(255), 1, 1);
    const found = toPixels(white, { size: 2, mean: [0.5, 0.25, 0], deviation: [0.5, 0.5, 0.2] });
    expect([...found].map((value) => Number(value.toFixed(6)))).toEqual([1, 1, 1, 1, 1.5, 1.5, 1.5, 1.5, 5, 5, 5, 5]);
  });
});

describe('openPicture', () => {
  it('says what is wrong with an empty file', async () => {
    await expect(openPicture(new Blob([]))).rejects.toMatchObject({ code: 'bad-input', message: /empty/ });
  });

  it.each([
    ['text', /not a picture/],
    ['\x89PNG', /PNG file is damaged/],
    ['\0\0\0\x18ftypheic', /cannot read this HEIC/],
  ])('says what is wrong with %j', async (head, message) => {
    const bytes = Uint8Array.from(head, (character) => character.charCodeAt(0));
    const refused = openPicture(new Blob([bytes]));
    await expect(refused).rejects.toMatchObject({ code: 'bad-input' });
    await expect(refused).rejects.toThrow(message);
  });
});
