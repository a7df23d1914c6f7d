import type { Range } from '../../protocol/types.ts';

/** Of what was read in other letters (full width, with another accent), so many are looked through for the next that agree. */
const WINDOW = 24;
/** So many characters in a row that agree are no accident. */
const AGREEMENT = 2;

/**
 * Where each of some pieces stands in a text, UTF-16: they touch, and white space belongs to the piece after it. Pieces are compared
 * without case, accents and compatibility forms, which tokenisers change; a piece that is nowhere (an unknown one) has what lies
 * between its neighbours.
 * @param pieces what each stands for; empty: nothing
 */
export function pieceRanges(pieces: readonly string[], text: string): Range[] {
  const there = foldText(text);
  const wanted = pieces.map((piece) => foldText(piece).letters);
  const letters = wanted.flatMap((folded, piece) => folded.map((letter) => ({ letter, piece })));
  /** End in the text of the last character that each piece has; -1 where it has none. */
  const ends = new Int32Array(pieces.length).fill(-1);
  let at = 0;
  for (let i = 0; i < letters.length && at < there.letters.length;) {
    const { letter = '', piece = 0 } = letters[i] ?? {};
    if (letter === there.letters[at]) {
      ends[piece] = there.ends[at++] ?? text.length;
      i++;
      continue;
    }
    const [skipped, over] = nextAgreement(letters, i, there.letters, at);
    i += skipped;
    at += over;
  }
  return rangesOf(ends, wanted, text);
}

/** How many wanted and how many present characters to pass over until they agree again. */
function nextAgreement(
  wanted: { letter: string }[],
  from: number,
  present: string[],
  at: number,
): [wanted: number, present: number] {
  for (let sum = 1; sum <= WINDOW; sum++) {
    for (let skipped = 0; skipped <= sum; skipped++) {
      const over = sum - skipped;
      let same = 0;
      while (same < AGREEMENT && agree(wanted[from + skipped + same]?.letter, present[at + over + same])) same++;
      if (same === AGREEMENT) return [skipped, over];
    }
  }
  return [1, 1];
}

/** Both at their end agree, too. */
function agree(a: string | undefined, b: string | undefined): boolean {
  return a === b;
}

function rangesOf(ends: Int32Array, wanted: string[][], text: string): Range[] {
  const ranges: Range[] = [];
  let from = 0;
  for (const [piece, end] of ends.entries()) {
    if (wanted[piece]?.length === 0) {
      ranges.push([from, from]);
      continue;
    }
    const isLost = end < 0;
    const next = isLost ? nextStart(ends, piece, from, text) : Math.max(from, end);
    ranges.push([from, next]);
    from = next;
  }
  return ranges;
}

/** A piece that was not found has all up to the white space before what was found next. */
function nextStart(ends: Int32Array, piece: number, from: number, text: string): number {
  const found = ends.subarray(piece + 1).find((end) => end >= 0);
  if (found === undefined) return text.trimEnd().length < from ? from : text.trimEnd().length;
  const rest = text.slice(from, found);
  const word = /^\s*\S+(?=\s)/u.exec(rest)?.[0].length;
  return from + (word ?? 0);
}

/** The characters of a text as they are compared, without white space, and where each of them ends. */
function foldText(text: string): { letters: string[]; ends: number[] } {
  const letters: string[] = [];
  const ends: number[] = [];
  let end = 0;
  for (const character of text) {
    end += character.length;
    for (const letter of character
      .normalize('NFKD')
      .toLowerCase()
      .replace(/[\p{M}\s]/gu, '')) {
      letters.push(letter);
      ends.push(end);
    }
  }
  return { letters, ends };
}
