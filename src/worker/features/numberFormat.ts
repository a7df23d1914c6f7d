import { primaryLanguage } from './primaryLanguage.ts';
import type { Edit } from './edits.ts';
import { findItems } from './items.ts';

interface Separators {
  group: string;
  decimal: string;
}

const SEPARATORS: Record<string, Separators> = {
  en: { group: ',', decimal: '.' },
  pt: { group: '.', decimal: ',' },
};

const separatorsOf = (language: string): Separators | undefined => SEPARATORS[primaryLanguage(language)];

/**
 * Writes the grouped numbers of a translation as its language does: models leave "1,234.56" as "1,234,56". Only a target
 * number with the very digits of a source number is touched; plain decimals may stay as the source has them, because they may
 * be versions or times.
 */
export function localNumbers(source: string, target: string, languages: { from: string; to: string }): Edit[] {
  const from = separatorsOf(languages.from);
  const to = separatorsOf(languages.to);
  if (from === undefined || to === undefined || !/\d[.,]\d/.test(target)) return [];
  const digits = (text: string): string => text.replace(/[^0-9]/g, '');
  const numbers = (text: string) =>
    findItems(text).filter(({ kind, text: found }) => kind === 'number' && /[.,]/.test(found));
  const sources = numbers(source);
  return numbers(target).flatMap(({ text, range }): Edit[] => {
    const original = sources.find((item) => digits(item.text) === digits(text))?.text;
    if (original === undefined || (original === text && !grouped(from).test(text))) return [];
    const local = localised(original, from, to) ?? original;
    return local === text ? [] : [{ range, text: local }];
  });
}

/** A whole number in groups of three, with or without a fraction. */
function grouped({ group, decimal }: Separators): RegExp {
  return new RegExp(`^(\\d{1,3}(?:\\${group}\\d{3})+)(?:\\${decimal}(\\d+))?$`);
}

/** A number in other separators; undefined for what is no number (versions, dates, addresses). */
function localised(text: string, from: Separators, to: Separators): string | undefined {
  const match = grouped(from).exec(text) ?? new RegExp(`^(\\d+)\\${from.decimal}(\\d+)$`).exec(text);
  if (match === null) return undefined;
  const [, whole = '', fraction] = match;
  return whole.replaceAll(from.group, to.group) + (fraction === undefined ? '' : to.decimal + fraction);
}
