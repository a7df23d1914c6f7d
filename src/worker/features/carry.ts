import type { Range } from '../../protocol/types.ts';
import { findItems, type Item } from './items.ts';
import type { Encoded, Tokeniser } from './tokeniser.ts';

/** Something of a source sentence that the model does not see as it is. */
export interface Carried {
  /** In the source sentence. */
  range: Range;
  /** What the model sees in its place; null where it sees nothing. */
  standIn: string | null;
}

/** A source sentence as the model gets it. */
export interface PreparedSentence {
  source: string;
  /** Without special tokens, unless `withAround` has put them around. */
  ids: Int32Array;
  /** UTF-16 range in `source` of each id. */
  ranges: Range[];
  carried: Carried[];
}

/** Capitals that, with a digit, the models copy as they would a gate or a model number: "X1". */
const STAND_IN_LETTERS = ['X', 'Q', 'K', 'T', 'P', 'V', 'Z'];
/** Tags and entities mark a place between words; everything else stands for a word. */
const MARK = /^(?:<.*>|&.*;)$/s;
const WORD_CHARACTER = /[\p{L}\p{M}\p{N}]/u;
/** What may belong to an address, a handle or a path around an unknown character. */
const TOKEN_CHARACTER = /[^\s"'“”‘’«»()[\]{}<>,;!?…]/u;

/**
 * Makes a sentence ready for the model. Its vocabulary lacks most characters, it never writes the unknown piece, and it
 * rewrites addresses; so addresses, placeholders and words with unknown characters are replaced by stand-ins that it copies
 * ("X1"), and emoji, tags and lone unknown symbols are left out, to be put back by alignment (see `finishSentence`).
 */
export function prepareSentence(source: string, tokeniser: Tokeniser): PreparedSentence {
  const encoded = tokeniser.encode(source);
  const spans = carriedSpans(source, encoded, tokeniser.unkId);
  if (spans.length === 0) return { source, ...encoded, carried: [] };
  const letter = STAND_IN_LETTERS.find((candidate) => !new RegExp(`${candidate}\\d`).test(source)) ?? 'X';
  const carried: Carried[] = [];
  const segments: { prepared: Range; original: Range }[] = [];
  let text = '';
  let at = 0;
  let count = 0;
  const copy = (to: number): void => {
    segments.push({ prepared: [text.length, text.length + to - at], original: [at, to] });
    text += source.slice(at, to);
    at = to;
  };
  for (const { range, isMark } of spans) {
    // A mark between spaces, or between a space and a full stop, leaves one space too many.
    const isSpaced = isMark && /\s/.test(source[range[0] - 1] ?? '') && !/[\p{L}\p{N}]/u.test(source[range[1]] ?? '');
    copy(isSpaced ? Math.max(at, range[0] - 1) : range[0]);
    const standIn = isMark ? null : `${letter}${++count}`;
    carried.push({ range, standIn });
    const isBetweenLetters =
      WORD_CHARACTER.test(source[range[0] - 1] ?? '') && WORD_CHARACTER.test(source[range[1]] ?? '');
    const seen = standIn ?? (isBetweenLetters ? ' ' : '');
    segments.push({ prepared: [text.length, text.length + seen.length], original: [at, range[1]] });
    text += seen;
    at = range[1];
  }
  copy(source.length);

  const original = (offset: number, isEnd: boolean): number => {
    const segment =
      segments.find(({ prepared }) => (isEnd ? offset <= prepared[1] : offset < prepared[1])) ?? segments.at(-1);
    if (segment === undefined) return offset;
    const inside = offset - segment.prepared[0];
    const isCopied = segment.prepared[1] - segment.prepared[0] === segment.original[1] - segment.original[0];
    if (isCopied) return segment.original[0] + inside;
    return isEnd ? segment.original[1] : segment.original[0];
  };
  const { ids, ranges } = tokeniser.encode(text);
  return {
    source,
    ids,
    ranges: ranges.map(([from, to]): Range => {
      const start = original(from, false);
      return [start, Math.max(start, original(to, true))];
    }),
    carried,
  };
}

/** In order, apart from each other. */
function carriedSpans(source: string, { ids, ranges }: Encoded, unkId: number): { range: Range; isMark: boolean }[] {
  const spans: { range: Range; isMark: boolean }[] = [];
  const items = findItems(source).filter(({ kind }) => kind !== 'number');
  for (const { kind, text, range } of items) {
    const isMark = kind === 'emoji' || MARK.test(text);
    spans.push(isMark ? { range, isMark } : { range: grown(source, range, WORD_CHARACTER), isMark });
  }
  ranges.forEach(([from, to], i) => {
    if (ids[i] !== unkId) return;
    // A character may normalise to several, "㈀" to "(ᄀ)": those inside it begin where it begins, and end there, too.
    const end = to > from ? to : (ranges.find(([start]) => start > from)?.[0] ?? source.length);
    for (const part of unclaimed(source, [from, end], items)) {
      const token = withoutStops(source, grown(source, part, TOKEN_CHARACTER));
      const isMark = !WORD_CHARACTER.test(source.slice(...token));
      spans.push({ range: token, isMark });
    }
  });
  spans.sort((a, b) => a.range[0] - b.range[0] || b.range[1] - a.range[1]);
  const apart: typeof spans = [];
  for (const span of spans) {
    const last = apart.at(-1);
    if (
      last === undefined ||
      span.range[0] > last.range[1] ||
      (span.range[0] === last.range[1] && (span.isMark || last.isMark))
    ) {
      apart.push(span);
    } else {
      // Overlapping spans, and words that touch, are one.
      last.range = [last.range[0], Math.max(last.range[1], span.range[1])];
      last.isMark &&= span.isMark;
    }
  }
  return apart;
}

function grown(text: string, [from, to]: Range, character: RegExp): Range {
  let start = from;
  let end = to;
  while (start > 0 && character.test(text[start - 1] ?? '')) start--;
  while (end < text.length && character.test(text[end] ?? '')) end++;
  return [start, end];
}

/** A full stop or a colon after a token ends the clause, not the token. */
function withoutStops(text: string, [from, to]: Range): Range {
  let end = to;
  while (end > from + 1 && /[.:]/.test(text[end - 1] ?? '')) end--;
  return [from, end];
}

/** What of a run of unknown characters is neither white space nor in an item. */
function unclaimed(text: string, [from, to]: Range, items: Item[]): Range[] {
  let rest = text.slice(from, to);
  for (const { range } of items) {
    const start = Math.max(from, range[0]) - from;
    const end = Math.min(to, range[1]) - from;
    if (end > start) rest = rest.slice(0, start) + ' '.repeat(end - start) + rest.slice(end);
  }
  return Array.from(rest.matchAll(/\S+/g), ({ 0: run, index }): Range => [from + index, from + index + run.length]);
}
