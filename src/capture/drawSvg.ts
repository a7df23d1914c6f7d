import { EngineError } from '../protocol/errors.ts';

/** A vector picture has no pixels: its longer side is drawn with so many where it names fewer or more itself. */
const LEAST_SIDE = 512;
const MOST_SIDE = 2048;
/** What of a file is looked at: an XML declaration, a comment and a doctype may come first. */
const HEAD_BYTES = 1024;
/** File types that an SVG may come under; `''` is none. */
const XML_TYPES: readonly string[] = ['', 'text/plain', 'text/xml', 'application/xml', 'application/octet-stream'];

/** Whether a file is an SVG, by its type, or by its beginning where its type does not say. */
export async function isSvg(file: Blob): Promise<boolean> {
  const type = file.type.split(';')[0]?.trim().toLowerCase() ?? '';
  if (type === 'image/svg+xml') return true;
  if (!XML_TYPES.includes(type)) return false;
  const head = await file.slice(0, HEAD_BYTES).text();
  // Comments go first, one by one: an expression that looked for any number of them could try for ever.
  const markup = head.replace(/<!--[\s\S]*?-->/g, ' ');
  return /^\s*(<\?xml[^>]*>\s*)?(<!doctype\s+svg[^>]*>\s*)?<svg[\s>]/i.test(markup);
}

/**
 * Draws an SVG, which only a page can: as an image, so that nothing in it runs or is fetched.
 * @throws EngineError bad-input: damaged, or nothing to draw
 */
export async function drawSvg(file: Blob): Promise<ImageBitmap> {
  const url = URL.createObjectURL(new Blob([file], { type: 'image/svg+xml' }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const [width, height] = [image.naturalWidth || LEAST_SIDE, image.naturalHeight || LEAST_SIDE];
    const longer = Math.max(width, height);
    const scale = Math.min(Math.max(longer, LEAST_SIDE), MOST_SIDE) / longer;
    const canvas = new OffscreenCanvas(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
    const context = canvas.getContext('2d');
    if (!context) throw new Error('This page has no more canvases.');
    context.drawImage(image, 0, 0, canvas.width, canvas.height);
    return canvas.transferToImageBitmap();
  } catch (cause) {
    throw new EngineError('bad-input', 'This SVG file is damaged and cannot be drawn: choose another.', { cause });
  } finally {
    URL.revokeObjectURL(url);
  }
}
