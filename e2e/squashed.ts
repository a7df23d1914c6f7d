import { readFileSync } from 'node:fs';
import { readPalettePng } from './readPalettePng.ts';

/** A picture of e2e/pictures/squashed, as RGBA too. */
export function readSquashed(file: string) {
  const { width, height, rgb } = readPalettePng(readFileSync(new URL(`./pictures/squashed/${file}`, import.meta.url)));
  const rgba = new Uint8ClampedArray(width * height * 4).fill(255);
  rgb.forEach((value, i) => (rgba[Math.floor(i / 3) * 4 + (i % 3)] = value));
  return { width, height, rgb, rgba };
}
