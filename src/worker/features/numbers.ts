import type { Item } from './items.ts';

/** How small numbers are written out, in the languages that the shipped models write: 0, 1, 2, … and what else means them. */
const SPELLED: readonly (readonly [value: number, forms: string])[] = [
  [0, 'zero|nenhum|nenhuma|no|none'],
  [1, 'one|first|once|a|an|um|uma|primeiro|primeira|1st|january|janeiro|jan'],
  [2, 'two|second|twice|both|dois|duas|segundo|segunda|ambos|ambas|february|fevereiro|feb|fev|half|meio|meia|metade'],
  [3, 'three|third|três|terceiro|terceira|march|março|mar'],
  [4, 'four|fourth|quatro|quarto|quarta|april|abril|apr|abr|quarter'],
  [5, 'five|fifth|cinco|quinto|quinta|may|maio|mai'],
  [6, 'six|sixth|seis|sexto|sexta|june|junho|jun'],
  [7, 'seven|seventh|sete|sétimo|sétima|july|julho|jul'],
  [8, 'eight|eighth|oito|oitavo|oitava|august|agosto|aug|ago'],
  [9, 'nine|ninth|nove|nono|nona|september|setembro|sep|sept|set'],
  [10, 'ten|tenth|dez|décimo|décima|october|outubro|oct|out'],
  [11, 'eleven|eleventh|onze|november|novembro|nov'],
  [12, 'twelve|twelfth|doze|december|dezembro|dec|dez|noon|midnight|midday|meio-dia|meia-noite|dozen|dúzia'],
  [13, 'thirteen|treze'],
  [14, 'fourteen|catorze|quatorze'],
  [15, 'fifteen|quinze'],
  [16, 'sixteen|dezasseis|dezesseis'],
  [17, 'seventeen|dezassete|dezessete'],
  [18, 'eighteen|dezoito'],
  [19, 'nineteen|dezanove|dezenove'],
  [20, 'twenty|vinte'],
  [30, 'thirty|trinta'],
  [40, 'forty|quarenta'],
  [50, 'fifty|cinquenta'],
  [60, 'sixty|sessenta'],
  [70, 'seventy|setenta'],
  [80, 'eighty|oitenta'],
  [90, 'ninety|noventa'],
  [100, 'hundred|cem|cento|centena'],
  [1000, 'thousand|mil|milhar'],
  [1000000, 'million|milhão'],
];

const VALUES = new Map(
  SPELLED.flatMap(([value, forms]) => forms.split('|').map((form) => [form, String(value)] as const)),
);

/** Digits alone, without separators and leading zeros, in ASCII: "1.234,50" and "1,234.50" are both 123450. */
function digitsOf(text: string): string {
  let digits = '';
  for (const character of text.normalize('NFKC')) {
    // A script's digits stand in a row of ten that starts at a multiple of their block's offset, in order.
    if (/\p{Nd}/u.test(character)) digits += /[0-9]/.test(character) ? character : String(valueOfDigit(character));
  }
  return digits.replace(/^0+(?=.)/, '');
}

function valueOfDigit(character: string): number {
  let codePoint = character.codePointAt(0) ?? 0;
  let value = 0;
  while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(codePoint - 1))) {
    codePoint--;
    value++;
  }
  return value;
}

function roman(value: number): string {
  const steps: [number, string][] = [
    [10, 'X'],
    [9, 'IX'],
    [5, 'V'],
    [4, 'IV'],
    [1, 'I'],
  ];
  let left = value;
  let text = '';
  for (const [step, letters] of steps) {
    for (; left >= step; left -= step) text += letters;
  }
  return text;
}

/**
 * The numbers of the source that the target does not hold. They may be written another way: with other separators, spelled
 * out when small, as a Roman numeral ("21st century", "século XXI"), as a month, on the 24-hour clock, as a decade's last
 * two digits.
 */
export function lostNumbers(source: string, sourceNumbers: Item[], target: string, targetNumbers: Item[]): Item[] {
  const left = new Map<string, number>();
  for (const { text } of targetNumbers) left.set(digitsOf(text), (left.get(digitsOf(text)) ?? 0) + 1);
  const all = (items: Item[]): string => items.map(({ text }) => text.replace(/\P{Nd}/gu, '')).join('');
  if (all(sourceNumbers) === all(targetNumbers)) return [];

  const take = (digits: string): boolean => {
    const count = left.get(digits) ?? 0;
    if (count > 0) left.set(digits, count - 1);
    return count > 0;
  };
  const words = target.toLowerCase().match(/[\p{L}\p{M}]+(?:-[\p{L}\p{M}]+)*/gu) ?? [];
  const spelled = new Set(words.map((word) => VALUES.get(word)));
  return sourceNumbers.filter(({ text, range: [, to] }) => {
    const digits = digitsOf(text);
    if (take(digits) || spelled.has(digits)) return false;
    const value = Number(digits);
    if (value > 0 && value < 40 && new RegExp(`(?<![A-Z])${roman(value)}(?![A-Z])`).test(target)) return false;
    const after = source.slice(to, to + 6);
    if (/^\s?p\.?\s?m\b/i.test(after) || /^:\d\d\s?p/i.test(after)) return !take(String((value % 12) + 12));
    if (/^(?:'?s\b)/.test(after) && digits.length === 4) return !take(digitsOf(digits.slice(2)));
    return true;
  });
}
