import { inflateSync } from 'node:zlib';

const SIGNATURE_BYTES = 8;

/** The RGB of a PNG with a palette of 8 bits, not interlaced: what the fixtures are. */
export function readPalettePng(file: Buffer): { width: number; height: number; rgb: Uint8Array } {
  const chunks = new Map<string, Buffer[]>();
  for (let at = SIGNATURE_BYTES; at < file.length;) {
    const length = file.readUInt32BE(at);
    const type = file.toString('latin1', at + 4, at + 8);
    chunks.set(type, [...(chunks.get(type) ?? []), file.subarray(at + 8, at + 8 + length)]);
    at += 12 + length;
  }
  const part = (type: string): Buffer => Buffer.concat(chunks.get(type) ?? []);
  const header = part('IHDR');
  const [width, height] = [header.readUInt32BE(0), header.readUInt32BE(4)];
  if (header.toString('hex', 8, 13) !== '0803000000') throw new Error('This PNG is of another kind.');
  const palette = part('PLTE');
  const data = inflateSync(part('IDAT'));
  const rgb = new Uint8Array(width * height * 3);
  let above = new Uint8Array(width);
  for (let y = 0; y < height; y++) {
    const line = data.subarray(y * (width + 1), (y + 1) * (width + 1));
    const row = unfiltered(line[0] ?? 0, line.subarray(1), above);
    row.forEach((index, x) => rgb.set(palette.subarray(3 * index, 3 * index + 3), 3 * (y * width + x)));
    above = row;
  }
  return { width, height, rgb };
}

/** PNG's filters, one byte a pixel. */
function unfiltered(filter: number, line: Uint8Array, above: Uint8Array): Uint8Array<ArrayBuffer> {
  const row = new Uint8Array(line.length);
  line.forEach((value, x) => {
    const [left, up, corner] = [row[x - 1] ?? 0, above[x] ?? 0, above[x - 1] ?? 0];
    const predicted = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter] ?? 0;
    row[x] = value + predicted;
  });
  return row;
}

function paeth(left: number, up: number, corner: number): number {
  const [a, b, c] = [left, up, corner].map((value) => Math.abs(left + up - corner - value)) as [number, number, number];
  if (a <= b && a <= c) return left;
  return b <= c ? up : corner;
}
