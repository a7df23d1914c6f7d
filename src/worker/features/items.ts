import type { Range, WarningCode } from '../../protocol/types.ts';

export type ItemKind = 'url' | 'email' | 'placeholder' | 'emoji' | 'number';

/** Something in a sentence that a translation must not change, but for a number's way of writing. */
export interface Item {
  kind: ItemKind;
  text: string;
  /** UTF-16 offsets in the sentence. */
  range: Range;
}

/** In the order they are looked for, code spans among the placeholders: what one has taken the next cannot have. */
const PATTERNS: [ItemKind, RegExp][] = [
  [
    'placeholder',
    new RegExp(
      [
        '`[^`\\n]{1,200}`',
        String.raw`\$?\{\{[^{}\n]{0,60}\}\}`,
        String.raw`[$#%]?\{(?:[^{}\n]|\{[^{}\n]{0,60}\}){0,120}\}`,
        // printf: %s %d %1$s %.2f %(name)s %@; not "50% discount".
        String.raw`(?<![\p{N}%])%(?:\d+\$|\(\w+\))?[-+#0]{0,4}\d{0,4}(?:\.\d{1,4})?(?:l{1,2}|h)?[diufFxXeEgGcsp@](?!\p{L})`,
        String.raw`</?(?:[A-Za-z][\w:-]{0,40}(?:\s[^<>\n]{0,200})?|\d{1,4})\s?/?>`,
        String.raw`&(?:[A-Za-z]{2,8}|#\d{1,6}|#x[0-9A-Fa-f]{1,6});`,
        String.raw`(?<![\w:]):[A-Za-z][\w+-]*:(?![\w:])`,
        String.raw`(?<!\w)__\w+?__(?!\w)`,
      ].join('|'),
      'gu',
    ),
  ],
  ['email', /(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}/g],
  [
    'url',
    /(?:\b(?:https?|ftp|file):\/\/|\bwww\.)[^\s<>"“”«»]+|(?<![\w.-])(?:[a-z0-9-]{1,63}\.){1,8}(?:com|org|net|edu|gov|io|dev|app|info|eu|pt|br|uk|de|fr|es)\b(?:\/[^\s<>"“”«»]*)?/giu,
  ],
  [
    'emoji',
    /(?:\p{Regional_Indicator}{2}|[0-9#*]\ufe0f?\u20e3|(?![©®™‼⁉ℹ])\p{Extended_Pictographic}(?:\ufe0f|[\u{1f3fb}-\u{1f3ff}]|[\u{e0020}-\u{e007f}])*(?:\u200d\p{Extended_Pictographic}(?:\ufe0f|[\u{1f3fb}-\u{1f3ff}])*)*)/gu,
  ],
  [
    'number',
    /(?<![\p{L}\p{N}])\p{Nd}{1,3}(?:[ \u00a0\u202f'’]\p{Nd}{3})+(?!\p{Nd})(?:[.,]\p{Nd}+)?|\p{Nd}+(?:[.,]\p{Nd}+)*/gu,
  ],
];

/** Marks that end a sentence rather than an address, and brackets that were opened before it. */
function withoutTrailingMarks(url: string): string {
  const hasBracket = url.includes('(');
  let end = url.length;
  while (/[.,;:!?'’*_\]]/.test(url[end - 1] ?? '') || (url[end - 1] === ')' && !hasBracket)) end--;
  return url.slice(0, end);
}

/** The numbers, addresses, emoji and placeholders of a sentence, in the order they stand. */
export function findItems(text: string): Item[] {
  const items: Item[] = [];
  const taken = new Uint8Array(text.length);
  for (const [kind, pattern] of PATTERNS) {
    for (const match of text.matchAll(pattern)) {
      const found = kind === 'url' ? withoutTrailingMarks(match[0]) : match[0];
      const to = match.index + found.length;
      if (taken.subarray(match.index, to).includes(1)) continue;
      taken.fill(1, match.index, to);
      items.push({ kind, text: found, range: [match.index, to] });
    }
  }
  return items.sort((a, b) => a.range[0] - b.range[0]);
}

export const LOST_CODES: Record<ItemKind, WarningCode> = {
  url: 'lost-url',
  email: 'lost-email',
  placeholder: 'lost-placeholder',
  emoji: 'lost-emoji',
  number: 'lost-number',
};
