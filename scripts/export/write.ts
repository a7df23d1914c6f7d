import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import * as v from 'valibot';
import type { ConvertedPart } from '../../src/convert/converted.ts';
import { manifestSchema, type Manifest, type ManifestPart } from '../../src/protocol/manifest.ts';
import { describeModel } from './describe.ts';
import { writeJson } from './writeJson.ts';

const MODELS = 'models';

type Described<M extends Manifest> = M extends Manifest
  ? Omit<M, 'format' | 'parts' | 'quality' | 'licenceUrl' | 'sourceUrl'>
  : never;

/** Writes a model's card. @param previous the card before, of which what was measured is kept */
export type Card = (manifest: Manifest, folder: string, previous: string) => string;

/** Packs a converted model into models/<id>/ with its manifest and card, and lists it in models/index.json. */
export function writeModel(
  described: Described<Manifest>,
  converted: ConvertedPart[],
  { card, maxPackedBytes }: { card: Card; maxPackedBytes: number },
): void {
  const folder = join(MODELS, described.id);
  mkdirSync(folder, { recursive: true });
  const parts = converted.map(({ bytes, file, ...part }): ManifestPart => {
    const packed = writePacked(join(folder, `${file}.gz`), bytes);
    const sums = { packedSha256: sha256(packed), unpackedSha256: sha256(bytes) };
    return { ...part, file: `${file}.gz`, packedBytes: packed.length, unpackedBytes: bytes.length, ...sums };
  });
  const manifest = v.parse(manifestSchema, { format: 1, ...described, ...describeModel(described.id), parts });
  writeJson(join(folder, 'manifest.json'), manifest);
  const readme = join(folder, 'README.md');
  writeFileSync(readme, card(manifest, folder, existsSync(readme) ? readFileSync(readme, 'utf8') : ''));
  const ids = readdirSync(MODELS, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(join(MODELS, entry.name, 'manifest.json')),
  );
  writeJson(join(MODELS, 'index.json'), ids.map((entry) => entry.name).sort());

  const packedBytes = packedSize(manifest);
  for (const part of parts) console.log(`${String(part.packedBytes).padStart(10)}  ${part.file}`);
  console.log(`${String(packedBytes).padStart(10)}  ${folder}`);
  if (packedBytes > maxPackedBytes)
    throw new Error(`${folder} takes ${packedBytes} bytes; the most is ${maxPackedBytes}.`);
}

/** Bytes of all files as shipped. */
export function packedSize(manifest: Manifest): number {
  return manifest.parts.reduce((sum, part) => sum + part.packedBytes, 0);
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

/**
 * Writes a gzipped file without a time and with an unknown system in its header. Versions of zlib pack differently, so a file that
 * already holds these bytes stays as it is: history keeps every version of a weight.
 */
function writePacked(path: string, bytes: Uint8Array): Uint8Array {
  if (existsSync(path)) {
    const present = readFileSync(path);
    if (unpacks(present, bytes)) return present;
  }
  const packed = gzipSync(bytes, { level: constants.Z_BEST_COMPRESSION });
  packed[9] = 255;
  writeFileSync(path, packed);
  return packed;
}

function unpacks(packed: Uint8Array, bytes: Uint8Array): boolean {
  try {
    return gunzipSync(packed, { maxOutputLength: bytes.length }).equals(bytes);
  } catch {
    return false;
  }
}
