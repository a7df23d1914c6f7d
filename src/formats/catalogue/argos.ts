import * as v from 'valibot';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { isAddressOf, sourceNamed } from '../../protocol/hosts.ts';
import { addressOf, idOf, listed, nameIn, own, readIndex, tagOf } from './readIndex.ts';

/*
 * The package index of Argos Translate, `index.json` of https://github.com/argosopentech/argospm-index:
 *
 *     [ { "package_version": "1.9", "argos_version": "1.9.0", "from_code": "sq", "from_name": "Albanian",
 *         "to_code": "en", "to_name": "English", "code": "translate-sq_en",
 *         "links": ["https://argos-net.com/v1/translate-sq_en-1_9.argosmodel", "ipfs://..."] } ]
 *
 * A package is a zip. Neither its size nor a checksum is listed, nor its licence: that is said in the package. Some entries
 * are no translators: they have a `type` of their own.
 */

/** Codes that are no language tags: traditional Chinese, Brazilian Portuguese. */
const CODES: Record<string, string> = { zt: 'zh-Hant', pb: 'pt-BR' };

const entry = v.object({
  package_version: v.pipe(v.string(), v.maxLength(20)),
  from_code: v.string(),
  to_code: v.string(),
  type: v.optional(v.string()),
  links: v.pipe(v.array(v.string()), v.maxLength(20)),
});

const index = v.array(v.unknown());

/** Where the index lies. */
export const ARGOS_INDEX = `${sourceNamed('argos').addresses[0] ?? ''}main/index.json`;

/** The translators of the index that lie where they may be asked for, the newest of each pair. @throws EngineError not-a-model */
export function readArgos(text: string): CatalogueEntry[] {
  const entries = readIndex(index, text).flatMap((given) => {
    const parsed = v.safeParse(entry, given);
    return parsed.success ? entryOf(parsed.output) : [];
  });
  return listed(
    'argos',
    entries.sort((a, b) => compareVersions(b.version, a.version)).map(({ model }) => model),
  );
}

function entryOf({
  package_version: version,
  from_code,
  to_code,
  type = 'translate',
  links,
}: v.InferOutput<typeof entry>) {
  const [from, to] = [from_code, to_code].map((code) => tagOf(own(CODES, code) ?? code));
  const url = links
    .map((address) => addressOf(address, ARGOS_INDEX))
    .find((address) => address !== null && isAddressOf(sourceNamed('argos'), address));
  if (type !== 'translate' || !from || !to || !url || !/^\w[\w.-]{0,99}\.argosmodel$/.test(nameIn(url))) return [];
  const model: CatalogueEntry = {
    source: 'argos',
    id: idOf('argos', from, to),
    name: `${from} → ${to}, ${version}`,
    variant: version,
    kind: 'translation',
    from: [from],
    to: [to],
    page: sourceNamed('argos').page,
    files: [{ path: nameIn(url), url }],
  };
  return [{ version, model }];
}

/** `1.10` comes after `1.9`. */
function compareVersions(a: string, b: string): number {
  return a.localeCompare(b, 'en', { numeric: true });
}
