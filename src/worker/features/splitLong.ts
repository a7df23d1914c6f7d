import type { Range } from '../../protocol/types.ts';

/** From the best place to cut to the worst; each matches the cut's left side up to and including the white space. */
const CUTS = [
  /[;:.!?…—–]["'”’»)\]]*\s+|\s+[—–-]\s+|[；：。！？]/gu,
  /[,、，،)\]]["'”’»]*\s+|[，、]/gu,
  /\s+(?=(?:and|or|but|because|which|that|who|while|when|if|e|ou|mas|porque|que|quando|enquanto|se|onde)\s)/giu,
  /\s+/gu,
];

/** How much of a part's share of the tokens it must have, so that a good cut near its start is not taken. */
const SMALLEST_SHARE = 0.5;

/**
 * Cuts a sentence into parts of at most `maxTokens` tokens, of about the same length, at the best places: after a clause, a
 * comma, before a conjunction, at a space, and between any two characters where there is nothing else. White space at the
 * cuts belongs to no part; nothing else is left out. A single character (grapheme cluster) with too many tokens is a part.
 *
 * @param countTokens - tokens of a text, end-of-sentence not counted.
 * @param maxTokens - at least 1.
 */
export function splitLong(sentence: string, countTokens: (text: string) => number, maxTokens: number): Range[] {
  const parts: Range[] = [];
  let from = 0;
  while (from < sentence.length) {
    const fits = longestPrefix(sentence, from, countTokens, maxTokens);
    const left = sentence.length - from;
    if (fits === left) {
      parts.push([from, sentence.length]);
      break;
    }
    // The last two parts share what is left; before that each takes what fits.
    const share = left < 2 * fits ? Math.ceil(left / 2) : fits;
    const [to, next] = bestCut(sentence.slice(from, from + fits + 64), share, fits);
    if (to > 0) parts.push([from, from + to]);
    from += next;
  }
  return parts;
}

/**
 * The most UTF-16 units after `from` that stay within the limit (at least 1): doubled until too long, then bisected,
 * because more text has no fewer tokens, nearly. Never counts much more than it gives.
 */
function longestPrefix(text: string, from: number, countTokens: (text: string) => number, maxTokens: number): number {
  const left = text.length - from;
  const isWithin = (length: number): boolean => countTokens(text.slice(from, from + length)) <= maxTokens;
  let fits = 0;
  let tooLong = Math.min(left, maxTokens * 4);
  while (isWithin(tooLong)) {
    if (tooLong === left) return left;
    fits = tooLong;
    tooLong = Math.min(left, tooLong * 2);
  }
  while (tooLong - fits > 1) {
    const middle = (fits + tooLong) >> 1;
    if (isWithin(middle)) fits = middle;
    else tooLong = middle;
  }
  return Math.max(1, fits);
}

/** The cut near `share` and not past `fits`: the left part's end and the right part's start. */
function bestCut(text: string, share: number, fits: number): [to: number, next: number] {
  for (const pattern of CUTS) {
    let best: [number, number] | null = null;
    for (const match of text.slice(0, fits + 1).matchAll(pattern)) {
      const next = match.index + match[0].length;
      const to = match.index + match[0].trimEnd().length;
      if (to < share * SMALLEST_SHARE || to > fits) continue;
      if (best === null || Math.abs(to - share) < Math.abs(best[0] - share)) best = [to, next];
    }
    if (best !== null) return best;
  }
  const at = clusterStart(text, fits);
  return [at, at];
}

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** The last boundary between grapheme clusters at or before `at`; the end of the first cluster if there is none. */
function clusterStart(text: string, at: number): number {
  // Longer than any cluster met in practice; a boundary found from a start inside one is still between two characters.
  const from = Math.max(0, at - 64);
  const start = /[\udc00-\udfff]/.test(text[from] ?? '') ? from + 1 : from;
  const cluster = graphemes.segment(text.slice(start, at + 64)).containing(at - start);
  if (cluster === undefined) return at;
  const boundary = start + cluster.index;
  return boundary > 0 ? boundary : cluster.segment.length;
}
