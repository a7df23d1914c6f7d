import type { CatalogueEntry } from '../../../protocol/catalogue.ts';
import { directionName } from '../../shared/format.ts';

/** What an entry is called, in the interface's language: "English → Russian, base-memory". */
export function entryName({ kind, from, to, name, variant }: CatalogueEntry, locale: string): string {
  if (kind !== 'translation' || from.length !== 1 || to.length !== 1) return name;
  return [directionName({ from, to }, locale), variant].filter((part) => part !== undefined).join(', ');
}

/** The entries that have every word of a search in their name or among their languages' codes, in the order of their names. */
export function searchEntries(entries: readonly CatalogueEntry[], query: string, locale: string): CatalogueEntry[] {
  const words = query.toLocaleLowerCase(locale).split(/\s+/).filter(Boolean);
  return entries
    .map((entry) => ({ entry, title: entryName(entry, locale) }))
    .filter(({ entry, title }) => {
      const text = [title, entry.name, ...entry.from, ...entry.to].join(' ').toLocaleLowerCase(locale);
      return words.every((word) => text.includes(word));
    })
    .sort((a, b) => a.title.localeCompare(b.title, locale))
    .map(({ entry }) => entry);
}
