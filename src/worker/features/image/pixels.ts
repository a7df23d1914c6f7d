import type { CaptionerArchitecture } from '../../../protocol/manifest.ts';
import { squash, type PixelRows } from './squash.ts';

/** What pictures are made into for a captioner. */
export type PictureForm = Pick<CaptionerArchitecture, 'size' | 'mean' | 'deviation'>;

/**
 * A picture as the encoder wants it: squashed to a square and normalised.
 * @returns [3, size, size]
 */
export function toPixels(picture: PixelRows, { size, mean, deviation }: PictureForm): Float32Array {
  const rgb = squash(picture, size);
  const area = size * size;
  const pixels = new Float32Array(3 * area);
  for (let channel = 0; channel < 3; channel++) {
    const [shift, scale] = [mean[channel] ?? 0, deviation[channel] ?? 1];
    const values = Float32Array.from({ length: 256 }, (_, value) => (value / 255 - shift) / scale);
    for (let i = 0; i < area; i++) pixels[channel * area + i] = values[rgb[3 * i + channel]!]!;
  }
  return pixels;
}
