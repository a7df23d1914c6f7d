import { languageName } from '../shared/format.ts';

/** Languages by their names in the interface's language, in its order. */
export function languageOptions(tags: readonly string[], locale: string): { id: string; label: string }[] {
  const { compare } = new Intl.Collator(locale);
  return tags.map((id) => ({ id, label: languageName(id, locale) })).sort((a, b) => compare(a.label, b.label));
}
