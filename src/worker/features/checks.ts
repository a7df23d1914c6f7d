import type { Warning } from '../../protocol/types.ts';
import { findItems, type Item, LOST_CODES } from './items.ts';
import { lostNumbers } from './numbers.ts';

const NAMES: Record<Item['kind'], string> = {
  url: 'address',
  email: 'e-mail address',
  placeholder: 'placeholder',
  emoji: 'emoji',
  number: 'number',
};

/** A sentence is taken for copied when at least this much of it is the same words. */
const COPIED_WORDS = 5;

/**
 * A warning for each number, address, emoji and placeholder of the source sentence that its translation does not hold.
 * Numbers may be written another way (see `lostNumbers`); the others must be there character by character, as often.
 */
export function lostItems(source: string, target: string): Warning[] {
  const items = findItems(source);
  const numbers = items.filter(({ kind }) => kind === 'number');
  const lost = new Set(
    lostNumbers(
      source,
      numbers,
      target,
      findItems(target).filter(({ kind }) => kind === 'number'),
    ),
  );
  let rest = target;
  for (const item of items.filter(({ kind }) => kind !== 'number')) {
    const at = rest.indexOf(item.text);
    if (at < 0) lost.add(item);
    // Blanked out, so that a second one must be there a second time.
    else rest = rest.slice(0, at) + ' '.repeat(item.text.length) + rest.slice(at + item.text.length);
  }
  return items
    .filter((item) => lost.has(item))
    .map(({ kind, text, range }) => ({
      code: LOST_CODES[kind],
      message: `The ${NAMES[kind]} ${text} of the source is missing in the translation.`,
      found: text,
      range,
    }));
}

/** Whether a sentence is only symbols, numbers, addresses, emoji, placeholders and white space: it is its own translation. */
export function needsNoTranslation(text: string): boolean {
  let rest = '';
  let at = 0;
  for (const { range } of findItems(text)) {
    rest += text.slice(at, range[0]) + ' ';
    at = range[1];
  }
  return !/\p{L}/u.test(rest + text.slice(at));
}

/** The warning on a text that was passed through as it is. */
export function nothingToTranslate(): Warning {
  return { code: 'nothing-to-translate', message: 'There is nothing to translate here; it was kept as it is.' };
}

/** A warning where a sentence came out as it went in; a name, a title or a few words may. */
export function copied(source: string, target: string): Warning[] {
  const words = (text: string): string[] => text.toLowerCase().match(/[\p{L}\p{M}]+/gu) ?? [];
  const before = words(source);
  const isSame = before.join(' ') === words(target).join(' ');
  const isNameLike = (source.match(/(?<!\p{L})\p{Lu}/gu) ?? []).length * 2 > before.length;
  if (!isSame || before.length < COPIED_WORDS || isNameLike) return [];
  return [
    { code: 'copied', message: 'The translation is the same as the source: it may be in the target language already.' },
  ];
}

/** Control characters but white space, lone surrogates, and noncharacters. */
const UNREADABLE = /[\p{Cs}\p{Noncharacter_Code_Point}]|(?![\t\n\v\f\r\u0085])\p{Cc}/gu;

/**
 * Replaces each unreadable UTF-16 unit (control characters, halves of surrogate pairs, noncharacters) by U+FFFD, so that
 * offsets stay what they were; to a model U+FFFD is a space. One warning says what the first was, where, and how many.
 */
export function cleanText(text: string): { text: string; warnings: Warning[] } {
  const found = [...text.matchAll(UNREADABLE)];
  const [first] = found;
  if (first === undefined) return { text, warnings: [] };
  const name = `U+${(first[0].codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
  const warning: Warning = {
    code: 'unreadable-characters',
    message: `The text holds ${found.length} unreadable characters, the first ${name}; they are shown as \ufffd and left out of the translation.`,
    found: name,
    range: [first.index, first.index + first[0].length],
  };
  return { text: text.replace(UNREADABLE, (character) => '\ufffd'.repeat(character.length)), warnings: [warning] };
}
