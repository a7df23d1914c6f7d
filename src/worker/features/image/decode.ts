import { EngineError } from '../../../protocol/errors.ts';

/** Bytes that tell the format of a file. */
const HEAD_BYTES = 16;

/** How files of pictures begin: what stands at which byte. HEIC and AVIF name themselves in their first box. */
const SIGNATURES: readonly [format: string, offset: number, ...beginnings: string[]][] = [
  ['JPEG', 0, '\xff\xd8\xff'],
  ['PNG', 0, '\x89PNG'],
  ['GIF', 0, 'GIF8'],
  ['WebP', 8, 'WEBP'],
  ['AVIF', 4, 'ftypavif', 'ftypavis'],
  ['HEIC', 4, 'ftyphei', 'ftyphev', 'ftypmif1', 'ftypmsf1'],
  ['TIFF', 0, 'II*\0', 'MM\0*'],
  ['BMP', 0, 'BM'],
  ['JPEG XL', 0, '\xff\x0a', '\0\0\0\x0cJXL '],
];

/** What every browser reads. */
const COMMON: readonly string[] = ['JPEG', 'PNG', 'GIF', 'WebP', 'BMP'];

/**
 * Decodes a file with the browser's own decoders, which turn it by its EXIF orientation and convert its colours to sRGB. Of an
 * animation the first frame.
 * @throws EngineError bad-input: empty, no picture, a format that this browser does not know, or damaged
 */
export async function decodeBlob(file: Blob): Promise<ImageBitmap> {
  if (file.size === 0) throw new EngineError('bad-input', 'The file is empty: it has 0 bytes.');
  try {
    return await createImageBitmap(file, { imageOrientation: 'from-image' });
  } catch (cause) {
    throw new EngineError('bad-input', whatIsWrong(await formatOf(file)), { cause });
  }
}

function whatIsWrong(format: string | null): string {
  if (format === null)
    return 'This is not a picture that can be read: choose a JPEG, PNG, WebP, AVIF, GIF or SVG file.';
  if (COMMON.includes(format)) return `This ${format} file is damaged, or too large for this browser: choose another.`;
  return `This browser cannot read this ${format} file: save it as JPEG or PNG first.`;
}

async function formatOf(file: Blob): Promise<string | null> {
  const bytes = new Uint8Array(await file.slice(0, HEAD_BYTES).arrayBuffer());
  const head = String.fromCharCode(...bytes);
  const known = SIGNATURES.find(([, offset, ...beginnings]) =>
    beginnings.some((beginning) => head.startsWith(beginning, offset)),
  );
  return known?.[0] ?? null;
}
