import { isSvg } from '../../src/capture/drawSvg.ts';
import { decodeBlob } from '../../src/worker/features/image/decode.ts';
import { pixelPicture } from '../../src/worker/features/image/picture.ts';
import { toPixels } from '../../src/worker/features/image/pixels.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';

const text = (value: string): Uint8Array => new TextEncoder().encode(value);
const svg =
  '<?xml version="1.0"?>\n<!-- a comment -->\n<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN">\n<svg width="1"/>';

export const pictureTargets: Target[] = [
  {
    // What a browser's decoder does with the rest of a file is the browser's: here none is there, and every file is explained.
    name: 'picture',
    seeds: [
      Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13, 0x49, 0x48, 0x44, 0x52),
      Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 16, 0x4a, 0x46, 0x49, 0x46, 0),
      text('RIFF\0\0\0\0WEBPVP8 '),
      text('\0\0\0\x1cftypavif\0\0\0\0'),
    ],
    words: ['\x89PNG', 'GIF89a', 'BM', 'II*\0', 'ftypheic', 'ftyp', 'WEBP', Uint8Array.of(0xff, 0x0a)],
    read: (file) => decodeBlob(new Blob([file])),
    refusals: ['bad-input'],
  },
  {
    name: 'svg',
    seeds: [text(svg), text('<svg xmlns="http://www.w3.org/2000/svg"/>')],
    words: [
      '<!--',
      '-->',
      '<!---->',
      '<?xml',
      '?>',
      '<?xml ?>',
      '<!doctype svg',
      '<!DOCTYPE svg>',
      '>',
      '<svg>',
      '<svg ',
      ' ',
      '\n',
    ],
    read: (file) => isSvg(new Blob([file])),
    refusals: [],
  },
  {
    // The first four bytes are the sides, the next the side of the square: every relation of sizes, not every picture.
    name: 'pixels',
    seeds: [Uint8Array.of(40, 0, 30, 0, 32, 200, 10, 90, 255, 0, 128), Uint8Array.of(1, 0, 0, 16, 40, 1, 2, 3)],
    read: (file) => {
      const [wide = 0, wider = 0, high = 0, higher = 0, side = 0] = file;
      const width = 1 + wide + 256 * (wider % 16);
      const height = Math.min(1 + high + 256 * (higher % 16), Math.ceil(16_384 / width));
      const data = new Uint8ClampedArray(4 * width * height).map((_, i) => file[5 + (i % 97)] ?? 0);
      const pixels = toPixels(pixelPicture(data, width, height), {
        size: 32 + (side % 32),
        mean: [0, 0, 0],
        deviation: [1, 1, 1],
      });
      expect(
        pixels.every((value) => value >= 0 && value <= 1),
        'colours are from 0 to 1',
      );
      return pixels;
    },
    refusals: [],
  },
];
