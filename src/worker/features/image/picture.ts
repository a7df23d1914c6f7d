import { EngineError } from '../../../protocol/errors.ts';
import { decodeBlob } from './decode.ts';
import type { PixelRows } from './squash.ts';

/** A picture of any origin, decoded, on white and turned the way it is shown. */
export interface Picture extends PixelRows {
  /** Frees what was decoded. */
  close(): void;
}

/**
 * Opens an encoded picture, or pixels. A bitmap becomes the picture's: it is closed with it.
 * @throws EngineError bad-input: no picture, or none that this browser can read
 */
export async function openPicture(image: Blob | ImageBitmap | ImageData): Promise<Picture> {
  if ('data' in image) {
    const { data, width, height } = image;
    // Only a canvas turns other colours and depths into these.
    if (image.colorSpace === 'srgb' && data instanceof Uint8ClampedArray) return pixelPicture(data, width, height);
    return bitmapPicture(await createImageBitmap(image));
  }
  return bitmapPicture(image instanceof Blob ? await decodeBlob(image) : image);
}

/** @param data RGBA, not premultiplied */
export function pixelPicture(data: Uint8ClampedArray, width: number, height: number): Picture {
  return {
    width,
    height,
    rows: (from, count) => onWhite(data.subarray(4 * from * width, 4 * (from + count) * width)),
    close: () => undefined,
  };
}

function bitmapPicture(bitmap: ImageBitmap): Picture {
  const { width, height } = bitmap;
  if (width === 0 || height === 0) {
    throw new EngineError('bad-input', 'The bitmap was closed or given away: make a new one.');
  }
  let canvas: OffscreenCanvas | undefined;
  return {
    width,
    height,
    rows(from, count) {
      if (canvas?.height !== count) canvas = new OffscreenCanvas(width, count);
      const context = canvas.getContext('2d', { willReadFrequently: true });
      if (!context)
        throw new EngineError('out-of-memory', 'There is not enough memory for this picture: make it smaller.');
      context.fillStyle = 'white';
      context.fillRect(0, 0, width, count);
      context.drawImage(bitmap, 0, -from);
      return context.getImageData(0, 0, width, count).data;
    },
    close: () => bitmap.close(),
  };
}

/** What is not opaque laid on white; the pixels themselves where all is. */
function onWhite(pixels: Uint8ClampedArray): Uint8ClampedArray {
  let at = 3;
  while (at < pixels.length && pixels[at] === 255) at += 4;
  if (at >= pixels.length) return pixels;
  const blended = pixels.slice();
  for (let i = 0; i < blended.length; i++) {
    if ((i & 3) === 3) continue;
    const alpha = pixels[i | 3]!;
    const sum = pixels[i]! * alpha + 255 * (255 - alpha) + 128;
    // sum / 255, rounded
    blended[i] = ((sum >> 8) + sum) >> 8;
  }
  return blended;
}
