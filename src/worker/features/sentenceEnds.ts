import type { Abbreviations } from './abbreviations.ts';

/** Stops that end a sentence whether or not a space follows. */
const FULL_WIDTH_STOPS = '。！？｡．';
/** A run of stops: Latin, CJK, Devanagari, Arabic, Urdu, Armenian. */
const STOPS = /[.!?…‼⁇⁈⁉。！？｡．।॥؟۔։።]+/g;
const CLOSERS = /(?:["'”’»›)\]}」』）】〉》*_`~]|\[\d{1,3}\])+/y;
const SPACES = /\s+/y;
const OPENERS = /["'“‘„«‹([{¿¡「『（【〈《*_`~]*/y;
const DASH = /[-–—]\s*/y;
const WORD = /[\p{L}\p{M}\p{N}]+/uy;
/** The word before a stop, with the stops inside it: "U.S", "p.ex", "n". */
const WORD_BEFORE = /[\p{L}\p{M}\p{N}][\p{L}\p{M}\p{N}.ªº/&-]*$/u;
/** Nothing but the label of a list item: "1", "IV", "b". */
const LABEL = /^[\s"'“‘«([]*(?:\d{1,3}|[ivxIVX]{1,5}|\p{L})$/u;

const INITIAL = /^\p{Lu}$/u;
const INNER_STOPS = /^\p{L}{1,3}(?:\.\p{L}{1,3})+$/u;
const LOWER = /^\p{Ll}/u;
const DIGIT = /^\p{N}/u;

/** Longest word looked at before a stop: what is longer is no abbreviation. */
const LONGEST_ABBREVIATION = 12;

function matchAt(pattern: RegExp, text: string, at: number): string {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0] ?? '';
}

/**
 * Where the sentences of a running text end: offsets just past each stop and what closes with it, the last being its
 * length. White space is left for the caller to trim.
 */
export function* sentenceEnds(text: string, lists: Abbreviations): Generator<number> {
  let start = 0;
  for (const { 0: stops, index } of text.matchAll(STOPS)) {
    const closers = matchAt(CLOSERS, text, index + stops.length);
    const end = index + stops.length + closers.length;
    if (end < text.length && isEnd(text, start, index, stops, closers, lists)) {
      yield end;
      start = end;
    }
  }
  if (start < text.length) yield text.length;
}

function isEnd(
  text: string,
  start: number,
  stop: number,
  stops: string,
  closers: string,
  lists: Abbreviations,
): boolean {
  const end = stop + stops.length + closers.length;
  if (FULL_WIDTH_STOPS.includes(stops.at(-1) ?? '')) return true;
  // A stop inside a number, a version, an address or a file name.
  const spaces = matchAt(SPACES, text, end);
  if (spaces === '') return false;

  let at = end + spaces.length;
  at += matchAt(OPENERS, text, at).length;
  const dash = matchAt(DASH, text, at);
  const next = matchAt(WORD, text, at + dash.length + matchAt(OPENERS, text, at + dash.length).length);

  if (LOWER.test(next)) {
    // "Really?" he said. / — Quem é? — perguntou ela. / Yes? no! maybe.
    return /[!?؟]/.test(stops) && closers === '' && dash === '';
  }
  if (stops !== '.') return true;
  if (LABEL.test(text.slice(Math.max(start, stop - 8), stop)) && stop - start <= 8) return false;

  const before = WORD_BEFORE.exec(text.slice(Math.max(start, stop - LONGEST_ABBREVIATION), stop))?.[0] ?? '';
  const word = before.toLowerCase();
  if (word === '') return true;
  if (lists.continuing.has(word)) return false;
  if (closers !== '') return true;
  if (lists.beforeNumber.has(word) && (DIGIT.test(next) || /^[IVXLC]+$/.test(next))) return false;
  if (lists.maybeFinal.has(word) || INITIAL.test(before) || INNER_STOPS.test(before)) {
    // "J. R. R. Tolkien", "the U.S. Senate", but "in the U.S. The next day".
    return next === '' || lists.openers.has(next.toLowerCase());
  }
  return true;
}
