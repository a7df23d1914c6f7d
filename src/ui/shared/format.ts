/** "15.7 MB" in the reader's way of writing numbers. Decimal megabytes, as download sizes are given everywhere. */
export function formatBytes(bytes: number, locale: string): string {
  const [value, unit] =
    bytes >= 1e9 ? [bytes / 1e9, 'gigabyte'] : bytes >= 1e6 ? [bytes / 1e6, 'megabyte'] : [bytes / 1e3, 'kilobyte'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: value < 100 ? 1 : 0 }).format(
    value,
  );
}

export const formatNumber = (value: number, locale: string): string =>
  new Intl.NumberFormat(locale, { maximumFractionDigits: 0 }).format(value);

/** A language's name in the interface's language, with a capital as a label has. */
export function languageName(tag: string, locale: string): string {
  let name: string | undefined;
  try {
    name = new Intl.DisplayNames(locale, { type: 'language' }).of(tag);
  } catch {
    // Not a language tag: show it as it is.
  }
  name ??= tag;
  return name.charAt(0).toLocaleUpperCase(locale) + name.slice(1);
}

/** "English → Portuguese": what a model translates, in the interface's language. */
export function directionName({ from, to }: { from: string[]; to: string[] }, locale: string): string {
  const names = (tags: string[]): string => tags.map((tag) => languageName(tag, locale)).join(', ');
  return `${names(from)} → ${names(to)}`;
}

/** "3 min", "45 sec": about how long, as a person would say it. */
export function formatDuration(seconds: number, locale: string): string {
  const [value, unit] =
    seconds >= 5400
      ? [seconds / 3600, 'hour']
      : seconds >= 90
        ? [Math.round(seconds / 60), 'minute']
        : [Math.max(5, Math.round(seconds / 5) * 5), 'second'];
  return new Intl.NumberFormat(locale, { style: 'unit', unit, maximumFractionDigits: 1 }).format(value);
}
