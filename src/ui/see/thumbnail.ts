import { drawSvg, isSvg } from '../../capture/drawSvg.ts';

/** The longest side of the small copy that lists show. Pixels. */
const SIDE = 320;
const QUALITY = 0.8;

/** What is known of a picture once it was opened. */
export interface Look {
  size: { width: number; height: number };
  thumbnail: Blob;
  /** See `differenceHash`. */
  look: string | null;
}

/**
 * Opens a picture once: how large it is, a small copy (WebP where the browser writes it), and what it looks like. The picture
 * itself is decoded for no longer than that. Throws what the browser throws where it cannot be decoded.
 */
export async function lookAt(file: Blob): Promise<Look> {
  const picture = await decode(file);
  try {
    const { width, height } = picture;
    const scale = Math.min(1, SIDE / Math.max(width, height));
    const [small, context] = canvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    context.fillStyle = 'white';
    context.fillRect(0, 0, small.width, small.height);
    context.drawImage(picture, 0, 0, small.width, small.height);
    const thumbnail = await small.convertToBlob({ type: 'image/webp', quality: QUALITY });
    return { size: { width, height }, thumbnail, look: differenceHash(brightness(small)) };
  } finally {
    picture.close();
  }
}

/** Drawings are drawn by the page: browsers decode them for image elements alone. */
const decode = async (file: Blob): Promise<ImageBitmap> =>
  (await isSvg(file)) ? drawSvg(file) : createImageBitmap(file, { imageOrientation: 'from-image' });

function canvas(width: number, height: number): [OffscreenCanvas, OffscreenCanvasRenderingContext2D] {
  const made = new OffscreenCanvas(width, height);
  const context = made.getContext('2d', { willReadFrequently: true });
  if (!context) throw new Error('This browser gives no canvas to draw on.');
  context.imageSmoothingQuality = 'high';
  return [made, context];
}

const [COLUMNS, ROWS] = [9, 8];

/** A picture's brightness, 0..255, squashed to 9 x 8. */
function brightness(picture: OffscreenCanvas): number[] {
  const [, context] = canvas(COLUMNS, ROWS);
  context.drawImage(picture, 0, 0, COLUMNS, ROWS);
  const { data } = context.getImageData(0, 0, COLUMNS, ROWS);
  // The luma of ITU-R BT.601.
  return Array.from(
    { length: COLUMNS * ROWS },
    (_, i) => 0.299 * data[i * 4]! + 0.587 * data[i * 4 + 1]! + 0.114 * data[i * 4 + 2]!,
  );
}

/** Differences smaller than this are noise of compression. */
const NOISE = 2;
/** With fewer edges than this, everything pale would look alike. */
const LEAST_EDGES = 12;

/**
 * The difference hash (dHash) of a picture: for each cell of 8 x 8, whether it is darker than its right neighbour, as 16
 * hexadecimal digits; null where there is too little in the picture to tell it from another.
 * @param cells brightness 0..255 of 9 x 8 cells, row by row
 */
export function differenceHash(cells: readonly number[]): string | null {
  let bits = '';
  let edges = 0;
  for (let row = 0; row < ROWS; row++) {
    for (let column = 0; column < COLUMNS - 1; column++) {
      const rise = cells[row * COLUMNS + column + 1]! - cells[row * COLUMNS + column]!;
      bits += rise > NOISE ? '1' : '0';
      if (Math.abs(rise) > NOISE) edges++;
    }
  }
  if (edges < LEAST_EDGES) return null;
  return (bits.match(/.{4}/g) ?? []).map((four) => Number.parseInt(four, 2).toString(16)).join('');
}
