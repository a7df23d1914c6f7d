import { abbreviationsOf } from './abbreviations.ts';
import { sentenceEnds } from './sentenceEnds.ts';

/** A stretch of the text. Pieces follow each other without a hole: joined they are the text. */
export interface Piece {
  /** UTF-16 offsets. */
  from: number;
  to: number;
  /** A gap is copied as it is: white space, list markers, lone symbols, fenced code. */
  kind: 'sentence' | 'gap';
}

interface Line {
  /** Where the line's own text starts: past indentation, quote signs and list markers. */
  from: number;
  /** Past its last character that is not white space. */
  to: number;
  /** Columns from the start of the line, indentation included. */
  width: number;
  /** Has a list marker, a heading sign or a quote sign: does not continue the line before. */
  marked: boolean;
  /** A heading, a table row or a quotation: nor does the next line continue it. */
  closed: boolean;
}

const LINE_BREAK = /\r\n|[\n\r\v\f\u0085\u2028\u2029]/g;
const INDENT = /[^\S\n\r\v\f\u0085\u2028\u2029]*/y;
const HEADING = /#{1,6}[^\S\n\r]+/y;
const QUOTE = />[^\S\n\r]?/y;
/** "- ", "* ", "• ", "— " (dialogue), "1. ", "1) ", "(a) ", "a. ", "iv) ", "[x] ". */
const LIST_MARKER =
  /(?:[-*+•‣◦▪·–—―]|\(?(?:\d{1,3}|[ivx]{1,4}|[A-Za-z])\)|(?:\d{1,3}|[ivx]{1,4}|[a-z])\.|\[[ xX]?\])[^\S\n\r]+/y;
const FENCE = /(?:```|~~~)/y;
const TABLE_ROW = /\|.*\|/y;
const FIRST_WORD = /\S+/y;
const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
const STARTS_LOWER = /["'“‘«(]*\p{Ll}/uy;
const ENDS_SENTENCE = /[.!?:;…。！？]["'”’»)\]]*$/;
/** Pictures and other symbols at the edge of a sentence need no translation, and vocabularies lack them. */
const LEADING_SYMBOLS =
  /(?:[\s\p{Join_Control}\p{Variation_Selector}\p{Emoji_Modifier}\u{e0020}-\u{e007f}\p{Extended_Pictographic}\p{Regional_Indicator}\u2190-\u21ff\u2500-\u25ff\u2600-\u27bf•·]|[-–—―]\s)+/uy;
const SYMBOL_BEFORE =
  /(?:[\s\p{Join_Control}\p{Variation_Selector}\p{Emoji_Modifier}\u{e0020}-\u{e007f}\p{Regional_Indicator}\u2190-\u21ff\u2500-\u25ff\u2600-\u27bf]|(?![©®™])\p{Extended_Pictographic})$/u;

/** Hard-wrapped text is at least this wide, in characters; verse, subtitles and lists are narrower. */
const NARROWEST_WRAP = 50;
/** How much shorter than the widest line a wrapped one may be, next word included: proportional fonts vary. */
const WRAP_SLACK = 0.8;
/** Lines looked at together: keeps memory flat in a text that is one long run of lines. */
const MAX_BLOCK_LINES = 200;

function matchLength(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0].length ?? 0;
}

/**
 * Splits a text into sentences and the gaps between them, lazily.
 *
 * A line break ends a sentence, except in a hard-wrapped paragraph (text pasted from an e-mail or a PDF). A run of lines
 * counts as hard-wrapped when it is at least 50 columns wide, the breaks fall where the next word would not have fitted, and
 * the lines that end without a stop mostly go on in lower case. Verse, subtitles, addresses and lists keep their lines.
 * Text inside closed Markdown code fences is a gap; table rows are split at their bars.
 *
 * @param language - BCP-47 tag of the text; chooses the abbreviations.
 */
export function* splitSentences(text: string, language: string): Generator<Piece> {
  const lists = abbreviationsOf(language);
  let at = 0;
  for (const [from, to] of runningTexts(text)) {
    let start = from;
    for (const end of sentenceEnds(text.slice(from, to), lists)) {
      const sentence = trimmed(text, start, from + end);
      start = from + end;
      if (sentence === null) continue;
      if (sentence[0] > at) yield { from: at, to: sentence[0], kind: 'gap' };
      yield { from: sentence[0], to: sentence[1], kind: 'sentence' };
      at = sentence[1];
    }
  }
  if (at < text.length) yield { from: at, to: text.length, kind: 'gap' };
}

/** Without white space and symbols at its edges; null if nothing to translate is left. */
function trimmed(text: string, from: number, to: number): [number, number] | null {
  if (!LETTER_OR_DIGIT.test(text.slice(from, to))) return null;
  const start = from + matchLength(LEADING_SYMBOLS, text, from);
  let end = to;
  for (;;) {
    const symbol = SYMBOL_BEFORE.exec(text.slice(Math.max(start, end - 2), end));
    if (symbol === null) return [start, end];
    end -= symbol[0].length;
  }
}

/** The stretches of text that sentences may not reach across: a paragraph, a line, a table cell. */
function* runningTexts(text: string): Generator<[from: number, to: number]> {
  let block: Line[] = [];
  for (const line of lines(text)) {
    const last = block.at(-1);
    if (last !== undefined && (line === null || line.marked || last.closed || block.length === MAX_BLOCK_LINES)) {
      yield* joinWrapped(text, block);
      block = [];
    }
    if (line !== null) block.push(line);
  }
  yield* joinWrapped(text, block);
}

/** Every line with text in it; null for the others. */
function* lines(text: string): Generator<Line | null> {
  let start = 0;
  while (start < text.length) {
    LINE_BREAK.lastIndex = start;
    const found = LINE_BREAK.exec(text);
    const end = found === null ? text.length : found.index;
    const next = found === null ? text.length : end + found[0].length;
    const fence = fenceEnd(text, start);
    if (fence > 0) {
      yield null;
      start = fence;
      continue;
    }
    const line = readLine(text, start, end);
    if (line === null) yield null;
    else if (line.closed && text[line.from] === '|') yield* tableCells(text, line);
    else yield line;
    start = next;
  }
}

/** Past the closing fence of a code block that opens at this line; 0 if none does. */
function fenceEnd(text: string, lineStart: number): number {
  const at = lineStart + matchLength(INDENT, text, lineStart);
  if (matchLength(FENCE, text, at) === 0) return 0;
  const close = text.indexOf(`\n${text.slice(at, at + 3)}`, at);
  if (close < 0) return 0;
  const lineEnd = text.indexOf('\n', close + 1);
  return lineEnd < 0 ? text.length : lineEnd;
}

function readLine(text: string, start: number, end: number): Line | null {
  let to = end;
  while (to > start && /\s/.test(text[to - 1] ?? '')) to--;
  let from = start + matchLength(INDENT, text, start);
  let marked = false;
  let closed = false;
  for (;;) {
    const quote = matchLength(QUOTE, text, from);
    const heading = quote > 0 ? 0 : matchLength(HEADING, text, from);
    const length = quote + heading || matchLength(LIST_MARKER, text, from);
    if (length === 0 || from + length > to) break;
    marked = true;
    closed ||= quote + heading > 0;
    from += length;
    from += matchLength(INDENT, text, from);
  }
  if (from >= to) return null;
  if (text[from] === '|' && matchLength(TABLE_ROW, text, from) > 1) marked = closed = true;
  return { from, to, width: to - start, marked, closed };
}

function* tableCells(text: string, row: Line): Generator<Line> {
  for (let from = row.from; from < row.to;) {
    const bar = text.indexOf('|', from);
    const to = bar < 0 ? row.to : Math.min(bar, row.to);
    if (to > from) yield { ...row, from, to };
    from = to + 1;
  }
}

/** Joins the lines of a block across the breaks that only wrap. */
function* joinWrapped(text: string, block: Line[]): Generator<[from: number, to: number]> {
  const [first] = block;
  if (first === undefined) return;
  const widest = block.reduce((most, line) => Math.max(most, line.width), 0);
  const full = block.map((line, i) => {
    const next = block[i + 1];
    if (next === undefined || widest < NARROWEST_WRAP) return false;
    return line.width + 1 + matchLength(FIRST_WORD, text, next.from) > widest * WRAP_SLACK;
  });
  let unfinished = 0;
  let lowerNext = 0;
  block.forEach((line, i) => {
    const next = block[i + 1];
    if (next === undefined || full[i] !== true) return;
    if (ENDS_SENTENCE.test(text.slice(Math.max(line.from, line.to - 4), line.to))) return;
    unfinished++;
    if (matchLength(STARTS_LOWER, text, next.from) > 0) lowerNext++;
  });
  const wrapped = lowerNext > 0 && lowerNext * 2 >= unfinished;
  let from = first.from;
  for (const [i, line] of block.entries()) {
    const next = block[i + 1];
    if (wrapped && full[i] === true) continue;
    yield [from, line.to];
    from = next?.from ?? line.to;
  }
}
