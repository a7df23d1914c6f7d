import * as v from 'valibot';
import type { CatalogueEntry, CatalogueFile } from '../../protocol/catalogue.ts';
import { sourceNamed } from '../../protocol/hosts.ts';
import { addressOf, idOf, listed, nameIn, own, readIndex, tagOf } from './readIndex.ts';

/*
 * The index that the Bergamot project's own translator reads (TranslatorBacking in wasm/module/translator.js of
 * https://github.com/browsermt/bergamot-translator):
 *
 *     { "deen": { "model": { "name": "<address>", "size": 17140837, "estimatedCompressedSize": 12995752,
 *                            "expectedSha256Hash": "<sha256>" },
 *                 "lex": {...}, "vocab": {...}, "config": { "gemm-precision": "int8shiftAll" } } }
 *
 * A key is two codes of two letters. `srcvocab` and `trgvocab` stand in place of `vocab` where they differ. Size and hash are
 * those of the file itself; it lies gzipped, and its host says so (`Content-Encoding`), so that a browser unpacks it.
 */

const file = v.object({
  name: v.string(),
  size: v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(2 ** 32)),
  expectedSha256Hash: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/)),
});

const index = v.record(v.string(), v.unknown());

/** Where the index lies. */
export const BERGAMOT_INDEX = `${sourceNamed('bergamot').addresses[0] ?? ''}index.json`;

/** The models of the index; those that lie elsewhere, or that are not understood, are left out. @throws EngineError not-a-model */
export function readBergamot(text: string): CatalogueEntry[] {
  return listed(
    'bergamot',
    Object.entries(readIndex(index, text)).flatMap(([key, parts]) => entryOf(key, parts)),
  );
}

function entryOf(key: string, given: unknown): CatalogueEntry[] {
  const parts = v.safeParse(v.record(v.string(), v.unknown()), given);
  if (!parts.success || !/^[a-z]{4}$/.test(key)) return [];
  const [from, to] = [tagOf(key.slice(0, 2)), tagOf(key.slice(2))];
  const names = 'vocab' in parts.output ? ['model', 'lex', 'vocab'] : ['model', 'lex', 'srcvocab', 'trgvocab'];
  const files = names.map((name) => fileOf(own(parts.output, name)));
  if (from === null || to === null || !isComplete(files)) return [];
  return [
    {
      source: 'bergamot',
      id: idOf('bergamot', from, to),
      name: `${from} → ${to}`,
      kind: 'translation',
      from: [from],
      to: [to],
      bytes: files.reduce((sum, { unpackedBytes = 0 }) => sum + unpackedBytes, 0),
      about: true,
      page: sourceNamed('bergamot').page,
      files,
    },
  ];
}

function fileOf(given: unknown): CatalogueFile | null {
  const parsed = v.safeParse(file, given);
  const url = parsed.success ? addressOf(parsed.output.name, BERGAMOT_INDEX) : null;
  if (!parsed.success || url === null) return null;
  const { size, expectedSha256Hash } = parsed.output;
  const path = nameIn(url).replace(/\.gz$/, '');
  if (!/^\w[\w.-]{0,99}$/.test(path)) return null;
  return { path, url, gzip: true, unpackedBytes: size, sha256: expectedSha256Hash };
}

const isComplete = (files: (CatalogueFile | null)[]): files is CatalogueFile[] => !files.includes(null);
