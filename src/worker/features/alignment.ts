import type { Link, Range } from '../../protocol/types.ts';

/** A translated sentence as the model saw it. */
export interface AttendedSentence {
  source: string;
  target: string;
  /** UTF-16 range in `source` of each source piece; end-of-sentence may be left out. */
  sourceRanges: Range[];
  /** UTF-16 range in `target` of each target piece; end-of-sentence may be left out. */
  targetRanges: Range[];
  /** [target pieces, sourceLength], row-major: attention of the alignment head; rows sum to 1. */
  attention: Float32Array;
  sourceLength: number;
  /** Ranges of `source` that count as one word: an address, a placeholder. In order, apart. */
  sourceUnits?: Range[];
  /** Ranges of `source` that hold no words: tags, emoji. */
  sourceMarks?: Range[];
}

/** A link holds at least this much of a word's attention. */
const WEAKEST_LINK = 0.15;
/** Beside its strongest link a word keeps those of at least this share of it. */
const SHARE_OF_STRONGEST = 0.5;
/** A source word that no target word chose is linked if it has at least this much. */
const WEAKEST_RESCUE = 0.1;

/** The root locale: words are divided alike on every machine. */
const words = new Intl.Segmenter('und', { granularity: 'word' });

/** The words of a sentence: what has letters or digits. Punctuation belongs to none. */
function wordRanges(text: string, units: Range[] = [], marks: Range[] = []): Range[] {
  const ranges: Range[] = [...units];
  for (const { segment, index, isWordLike } of words.segment(text)) {
    const to = index + segment.length;
    if ([...units, ...marks].some((range) => index < range[1] && to > range[0])) continue;
    if (isWordLike === true || /[\p{L}\p{N}]/u.test(segment)) ranges.push([index, to]);
  }
  return ranges.sort((a, b) => a[0] - b[0]);
}

/** For each piece the word it has most characters of, or -1. Both go forward, so one walk does. */
function wordsOfPieces(pieces: Range[], wordsOfText: Range[]): Int32Array {
  let first = 0;
  return Int32Array.from(pieces, ([from, to]) => {
    while (first < wordsOfText.length && (wordsOfText[first]?.[1] ?? 0) <= from) first++;
    let best = -1;
    let most = 0;
    for (let i = first; i < wordsOfText.length; i++) {
      const [wordFrom, wordTo] = wordsOfText[i] ?? [0, 0];
      if (wordFrom >= to) break;
      const shared = Math.min(to, wordTo) - Math.max(from, wordFrom);
      if (shared > most) [best, most] = [i, shared];
    }
    return best;
  });
}

/**
 * Word links from a model's attention. The weight of a target and a source word is the attention that the target word's
 * pieces give, on average, to the source word's pieces together. A target word keeps its strongest source word and those
 * near to it; a source word that nobody chose gets the target word that saw it most. Sorted by target, then source.
 */
export function linkWords(sentence: AttendedSentence): Link[] {
  const sources = wordRanges(sentence.source, sentence.sourceUnits, sentence.sourceMarks);
  const targets = wordRanges(sentence.target);
  if (sources.length === 0 || targets.length === 0) return [];
  const weights = wordWeights(sentence, sources, targets);
  const weight = (t: number, s: number): number => weights[t * sources.length + s] ?? 0;
  const chosen = new Set<number>();
  const linked = new Set<number>();
  const link = (t: number, s: number): void => {
    chosen.add(t * sources.length + s);
    linked.add(s);
  };
  targets.forEach((_, t) => {
    const row = sources.map((__, s) => weight(t, s));
    const strongest = Math.max(...row);
    row.forEach((value, s) => {
      if (value >= WEAKEST_LINK && value >= strongest * SHARE_OF_STRONGEST) link(t, s);
    });
  });
  sources.forEach((_, s) => {
    if (linked.has(s)) return;
    const column = targets.map((__, t) => weight(t, s));
    const strongest = Math.max(...column);
    if (strongest >= WEAKEST_RESCUE) link(column.indexOf(strongest), s);
  });
  return [...chosen]
    .sort((a, b) => a - b)
    .flatMap((index) => {
      const source = sources[index % sources.length];
      const target = targets[Math.floor(index / sources.length)];
      return source && target ? [{ source, target, weight: Math.min(1, weights[index] ?? 0) }] : [];
    });
}

/** [targets, sources] */
function wordWeights(sentence: AttendedSentence, sources: Range[], targets: Range[]): Float32Array {
  const { attention, sourceLength, sourceRanges, targetRanges } = sentence;
  const sourceWords = wordsOfPieces(sourceRanges, sources);
  const targetWords = wordsOfPieces(targetRanges, targets);
  const weights = new Float32Array(targets.length * sources.length);
  const pieces = new Float32Array(targets.length);
  targetWords.forEach((t, row) => {
    if (t < 0) return;
    pieces[t] = (pieces[t] ?? 0) + 1;
    sourceWords.forEach((s, column) => {
      if (s < 0 || column >= sourceLength) return;
      const at = t * sources.length + s;
      weights[at] = (weights[at] ?? 0) + (attention[row * sourceLength + column] ?? 0);
    });
  });
  return weights.map((sum, at) => sum / Math.max(1, pieces[Math.floor(at / sources.length)] ?? 1));
}
