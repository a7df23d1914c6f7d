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

/** Scripts written without spaces, whose words only a dictionary finds. */
const WITHOUT_SPACES =
  /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
const dictionary = new Intl.Segmenter('und', { granularity: 'word' });
/** Letters and digits, and marks between two of them: "don't", "U.S", "3.5". Ten times as quick as the dictionary. */
const WORD = /[\p{L}\p{M}\p{N}_]+(?:[.,:·'’](?=\p{N})\p{N}+|[.·'’][\p{L}\p{M}\p{N}_]+)*/gu;

/** The words of a sentence; punctuation belongs to none. */
function wordRanges(text: string, units: Range[] = [], marks: Range[] = []): Range[] {
  const found = WITHOUT_SPACES.test(text)
    ? Array.from(dictionary.segment(text)).filter(({ isWordLike }) => isWordLike === true)
    : Array.from(text.matchAll(WORD), ({ 0: segment, index }) => ({ segment, index }));
  const ranges = found.map(({ segment, index }): Range => [index, index + segment.length]);
  if (units.length + marks.length === 0) return ranges;
  const taken = [...units, ...marks];
  const free = ranges.filter(([from, to]) => taken.every((range) => from >= range[1] || to <= range[0]));
  return [...units, ...free].sort((a, b) => a[0] - b[0]);
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
  const width = sources.length;
  const chosen = new Uint8Array(weights.length);
  /** For each source word, where in `weights` its best target word is; the first target word to begin with. */
  const strongestOfSource = Int32Array.from(sources, (_, s) => s);
  const linked = new Uint8Array(width);
  for (let row = 0; row < weights.length; row += width) {
    let strongest = 0;
    for (let s = 0; s < width; s++) {
      const weight = weights[row + s] ?? 0;
      strongest = Math.max(strongest, weight);
      if (weight > (weights[strongestOfSource[s] ?? 0] ?? 0)) strongestOfSource[s] = row + s;
    }
    const threshold = Math.max(WEAKEST_LINK, strongest * SHARE_OF_STRONGEST);
    for (let s = 0; s < width; s++) {
      if ((weights[row + s] ?? 0) >= threshold) chosen[row + s] = linked[s] = 1;
    }
  }
  strongestOfSource.forEach((at, s) => {
    if (linked[s] === 0 && (weights[at] ?? 0) >= WEAKEST_RESCUE) chosen[at] = 1;
  });
  return Array.from(chosen.keys())
    .filter((at) => chosen[at] === 1)
    .flatMap((at) => {
      const source = sources[at % width];
      const target = targets[Math.floor(at / width)];
      return source && target ? [{ source, target, weight: Math.min(1, weights[at] ?? 0) }] : [];
    });
}

/** [targets, sources] */
function wordWeights(sentence: AttendedSentence, sources: Range[], targets: Range[]): Float32Array {
  const { attention, sourceLength, sourceRanges, targetRanges } = sentence;
  const sourceWords = wordsOfPieces(sourceRanges, sources);
  const targetWords = wordsOfPieces(targetRanges, targets);
  const columns = Math.min(sourceWords.length, sourceLength);
  const weights = new Float32Array(targets.length * sources.length);
  const pieces = new Int32Array(targets.length);
  for (const t of targetWords) if (t >= 0) pieces[t] = (pieces[t] ?? 0) + 1;
  targetWords.forEach((t, row) => {
    if (t < 0) return;
    const share = 1 / (pieces[t] ?? 1);
    for (let column = 0; column < columns; column++) {
      const s = sourceWords[column] ?? -1;
      if (s < 0) continue;
      const at = t * sources.length + s;
      weights[at] = (weights[at] ?? 0) + share * (attention[row * sourceLength + column] ?? 0);
    }
  });
  return weights;
}
