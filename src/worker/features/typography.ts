import type { Edit } from './edits.ts';

const DOUBLE_QUOTES: readonly (readonly [string, string])[] = [
  ['“', '”'],
  ['«', '»'],
  ['„', '“'],
];

const CURRENCIES: readonly (readonly [sign: string, code: string])[] = [
  ['€', 'EUR'],
  ['£', 'GBP'],
];

/**
 * Gives a translation the marks of its source where the model could only write plain ones: quotation marks, apostrophes,
 * dashes, currency signs. A mark is only changed where the source has none of the plain kind.
 */
export function restoreTypography(source: string, target: string): Edit[] {
  const edits: Edit[] = [];
  const replaceAll = (pattern: RegExp, text: (i: number) => string): void => {
    [...target.matchAll(pattern)].forEach(({ 0: found, index }, i) => {
      edits.push({ range: [index, index + found.length], text: text(i) });
    });
  };
  const quotes = DOUBLE_QUOTES.find(([open, close]) => source.includes(open) && source.includes(close));
  const isPaired = target.split('"').length % 2 === 1;
  if (quotes !== undefined && isPaired && !source.includes('"')) replaceAll(/"/g, (i) => quotes[i % 2] ?? '"');
  if (source.includes('’') && !source.includes("'")) replaceAll(/(?<=\p{L})'(?=\p{L})/gu, () => '’');
  const dash = /\s([—–])\s/.exec(source)?.[1];
  if (dash !== undefined && !source.includes(' - ')) replaceAll(/(?<=\s)-(?=\s)/g, () => dash);
  for (const [sign, code] of CURRENCIES) {
    if (source.includes(sign) && !source.includes(code)) {
      replaceAll(new RegExp(`(?<![\\p{L}])${code}(?!\\p{L})`, 'gu'), () => sign);
    }
  }
  return edits;
}
