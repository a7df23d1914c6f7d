import * as v from 'valibot';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import { EngineError } from '../../protocol/errors.ts';
import { isAddressOf, type SourceId, sourceNamed } from '../../protocol/hosts.ts';

/** More models than this are not listed: none of the indexes comes near it. */
const MOST_ENTRIES = 5000;

/** The JSON of an index in the form that a schema asks for. @throws EngineError not-a-model */
export function readIndex<T>(schema: v.GenericSchema<unknown, T>, text: string): T {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  if (parsed.success) return parsed.output;
  throw new EngineError('not-a-model', 'The list of models is not in the form that it should have. Try again later.');
}

/** The entries whose files all lie where their source may be asked, each id once: the first counts. */
export function listed(source: SourceId, entries: Iterable<CatalogueEntry>): CatalogueEntry[] {
  const known = new Map<string, CatalogueEntry>();
  for (const entry of entries) {
    if (known.size >= MOST_ENTRIES) break;
    const named = entry.files.every(({ url }) => isAddressOf(sourceNamed(source), url));
    if (named && !known.has(entry.id)) known.set(entry.id, entry);
  }
  return [...known.values()];
}

/** A language code of an index as a BCP-47 tag; null where it is none. */
export function tagOf(code: string): string | null {
  try {
    return Intl.getCanonicalLocales(code.replace('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
}

/** An id that a model can have, made of what a source calls it. */
export function idOf(...names: string[]): string {
  const id = names
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9.]+/g, '-');
  return id.replace(/^[^a-z0-9]+/, '').slice(0, 64);
}

/** The address of a file in the index; null where it is none of plain names, as all of theirs are. */
export function addressOf(address: string, index: string): string | null {
  if (!URL.canParse(address, index)) return null;
  const { href } = new URL(address, index);
  return href.length <= 300 && /^https:\/\/[\w.-]+(\/[\w.-]+)+$/.test(href) ? href : null;
}

/** The last name of an address: `translate-en_de-1_0.argosmodel`. */
export function nameIn(address: string): string {
  return new URL(address).pathname.split('/').at(-1) ?? '';
}

/** A word of an index that is looked up in an object, and may be the name of something that every object has. */
export const own = <T>(object: Record<string, T>, key: string): T | undefined =>
  Object.hasOwn(object, key) ? object[key] : undefined;
