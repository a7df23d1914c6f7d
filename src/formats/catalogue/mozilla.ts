import * as v from 'valibot';
import type { CatalogueEntry, CatalogueFile } from '../../protocol/catalogue.ts';
import { sourceNamed } from '../../protocol/hosts.ts';
import { idOf, listed, readIndex, tagOf } from './readIndex.ts';

/*
 * Mozilla's registry of the models that Firefox translates with, `db/models.json` of the bucket that its training pipeline
 * (https://github.com/mozilla/translations) exports to:
 *
 *     { "generated": "...", "baseUrl": "https://storage.googleapis.com/<bucket>",
 *       "models": { "en-ru": [ { "architecture": "base-memory", "releaseStatus": "Release",
 *         "sourceLanguage": "en", "targetLanguage": "ru",
 *         "files": { "model": { "path": "models/en-ru/.../model.enru.intgemm.alphas.bin.gz",
 *                               "uncompressedSize": 30000000, "uncompressedHash": "<sha256>" },
 *                    "lexicalShortlist": { "path": "..." }, "vocab": { "path": "..." } } } ] } }
 *
 * Where the languages have vocabularies of their own there are `srcVocab` and `trgVocab` instead of `vocab`. Only the model
 * itself is listed with size and checksum, both of what is in the gzip.
 */

const SCRIPTS: Record<string, string> = { zh_hant: 'zh-Hant', 'zh-hant': 'zh-Hant' };

const PATH = v.pipe(v.string(), v.regex(/^models(\/(?!\.)[\w.-]+){2,9}$/), v.maxLength(150));

const file = v.object({
  path: PATH,
  uncompressedSize: v.optional(v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 32))),
  uncompressedHash: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/))),
});

const model = v.object({
  architecture: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,30}$/)),
  releaseStatus: v.optional(v.nullable(v.string())),
  sourceLanguage: v.string(),
  targetLanguage: v.string(),
  files: v.object({
    model: file,
    lexicalShortlist: v.optional(file),
    vocab: v.optional(file),
    srcVocab: v.optional(file),
    trgVocab: v.optional(file),
  }),
});

const index = v.object({ models: v.record(v.string(), v.array(v.unknown())) });

/** Where the registry lies. */
export const MOZILLA_INDEX = addressIn('db/models.json');

/** Through the JSON API of Cloud Storage, an object's name is one step of the path. */
function addressIn(path: string): string {
  return `${sourceNamed('mozilla').addresses[0] ?? ''}o/${encodeURIComponent(path)}?alt=media`;
}

/** The released models. What a newer form of the registry says of one that is not understood leaves that one out. @throws EngineError not-a-model */
export function readMozilla(text: string): CatalogueEntry[] {
  const { models } = readIndex(index, text);
  return listed(
    'mozilla',
    Object.values(models)
      .flat()
      .flatMap((given) => {
        const parsed = v.safeParse(model, given);
        return parsed.success ? entryOf(parsed.output) : [];
      }),
  );
}

function entryOf({ architecture, releaseStatus, sourceLanguage, targetLanguage, files }: v.InferOutput<typeof model>) {
  const from = tagOf(SCRIPTS[sourceLanguage.toLowerCase()] ?? sourceLanguage);
  const to = tagOf(SCRIPTS[targetLanguage.toLowerCase()] ?? targetLanguage);
  const vocabularies = files.vocab ? [files.vocab] : [files.srcVocab, files.trgVocab];
  if (!releaseStatus?.startsWith('Release') || from === null || to === null || vocabularies.includes(undefined))
    return [];
  const all = [files.model, files.lexicalShortlist, ...vocabularies].filter((each) => each !== undefined);
  const entry: CatalogueEntry = {
    source: 'mozilla',
    id: idOf('mozilla', from, to, architecture),
    name: `${from} → ${to}, ${architecture}`,
    variant: architecture,
    kind: 'translation',
    from: [from],
    to: [to],
    ...(files.model.uncompressedSize !== undefined && { bytes: files.model.uncompressedSize, about: true }),
    licence: 'MPL-2.0',
    licenceUrl: 'https://github.com/mozilla/translations/blob/main/LICENSE',
    page: sourceNamed('mozilla').page,
    files: all.map(fileOf),
  };
  return [entry];
}

function fileOf({ path, uncompressedSize, uncompressedHash }: v.InferOutput<typeof file>): CatalogueFile {
  return {
    path: (path.split('/').at(-1) ?? '').replace(/\.gz$/, ''),
    url: addressIn(path),
    ...(path.endsWith('.gz') && { gzip: true }),
    ...(uncompressedSize !== undefined && { unpackedBytes: uncompressedSize }),
    ...(uncompressedHash !== undefined && { sha256: uncompressedHash }),
  };
}
