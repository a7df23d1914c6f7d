import { checkCorpus, countMatches, countNgrams } from './ngrams.ts';

/*
 * The measures of captions, each as coco-caption computes it (https://github.com/tylin/coco-caption). `references[i]` are
 * those of `captions[i]`; all are words.
 */

export type Words = readonly string[];

const MAX_ORDER = 4;
/** coco-caption's guards against counts of nothing. */
const TINY = 1e-15;
const SMALL = 1e-9;
/** ROUGE-L: how much recall counts more than precision. */
const BETA = 1.2;
/** CIDEr-D: how far a caption's length may be from a reference's, in words. */
const SIGMA = 6;

/** A caption as it is compared: lower case, without punctuation. */
export function captionWords(text: string): string[] {
  return text.toLowerCase().match(/[a-z0-9']+/g) ?? [];
}

/** BLEU-1 to BLEU-4 of the whole corpus, 0..1, without smoothing (Papineni et al. 2002). */
export function captionBleu(captions: readonly Words[], references: readonly (readonly Words[])[]): number[] {
  check(captions, references);
  let length = 0;
  let referenceLength = 0;
  const right = new Array<number>(MAX_ORDER).fill(0);
  const guessed = new Array<number>(MAX_ORDER).fill(0);
  captions.forEach((caption, i) => {
    const others = references[i]!;
    length += caption.length;
    const byDistance = others.toSorted(
      (a, b) => Math.abs(a.length - caption.length) - Math.abs(b.length - caption.length) || a.length - b.length,
    );
    referenceLength += byDistance[0]!.length;
    for (let order = 1; order <= MAX_ORDER; order++) {
      const most = new Map<string, number>();
      for (const other of others) {
        for (const [key, count] of ngrams(other, order)) most.set(key, Math.max(count, most.get(key) ?? 0));
      }
      right[order - 1]! += countMatches(ngrams(caption, order), most);
      guessed[order - 1]! += Math.max(0, caption.length - order + 1);
    }
  });
  const ratio = (length + TINY) / (referenceLength + SMALL);
  const brevity = ratio < 1 ? Math.exp(1 - 1 / ratio) : 1;
  let product = 1;
  return right.map((count, slot) => {
    product *= (count + TINY) / (guessed[slot]! + SMALL);
    return product ** (1 / (slot + 1)) * brevity;
  });
}

/** ROUGE-L, 0..1, the mean over the pictures: the best precision and the best recall of any reference (Lin 2004). */
export function rougeL(captions: readonly Words[], references: readonly (readonly Words[])[]): number {
  check(captions, references);
  const scores = captions.map((caption, i) => {
    const common = references[i]!.map((other) => ({ words: other.length, common: commonLength(other, caption) }));
    const precision = Math.max(...common.map((each) => each.common / Math.max(1, caption.length)));
    const recall = Math.max(...common.map((each) => each.common / Math.max(1, each.words)));
    if (precision === 0 || recall === 0) return 0;
    return ((1 + BETA ** 2) * precision * recall) / (recall + BETA ** 2 * precision);
  });
  return mean(scores);
}

/** The length of the longest common subsequence. */
function commonLength(a: Words, b: Words): number {
  const row = new Array<number>(b.length + 1).fill(0);
  for (const word of a) {
    let diagonal = 0;
    b.forEach((other, j) => {
      const above = row[j + 1]!;
      row[j + 1] = word === other ? diagonal + 1 : Math.max(above, row[j]!);
      diagonal = above;
    });
  }
  return row[b.length]!;
}

/**
 * CIDEr-D of every picture, 0..10 (Vedantam et al. 2015; ten times the cosine, as published), with the document frequencies
 * of these very references. The score of the corpus is their mean.
 */
export function ciderD(captions: readonly Words[], references: readonly (readonly Words[])[]): number[] {
  check(captions, references);
  const documents = new Map<string, number>();
  for (const others of references) {
    const seen = new Set(others.flatMap((other) => allNgrams(other).flatMap((counts) => [...counts.keys()])));
    for (const key of seen) documents.set(key, (documents.get(key) ?? 0) + 1);
  }
  const logPictures = Math.log(references.length);
  const vectorOf = (words: Words): TfIdf => {
    const orders = allNgrams(words).map(
      (counts) =>
        new Map([...counts].map(([key, count]) => [key, count * (logPictures - Math.log(documents.get(key) ?? 1))])),
    );
    const norms = orders.map((weights) => Math.hypot(...weights.values()));
    return { orders, norms, bigrams: Math.max(0, words.length - 1) };
  };
  return captions.map((caption, i) => {
    const own = vectorOf(caption);
    return 10 * mean(references[i]!.map((other) => similarity(own, vectorOf(other))));
  });
}

interface TfIdf {
  /** One map an order: n-gram -> weight. */
  orders: Map<string, number>[];
  norms: number[];
  /** What coco-caption counts as the length. */
  bigrams: number;
}

function similarity(own: TfIdf, other: TfIdf): number {
  const cosines = own.orders.map((weights, slot) => {
    const norm = own.norms[slot]! * other.norms[slot]!;
    if (norm === 0) return 0;
    let dot = 0;
    for (const [key, weight] of weights) {
      const wanted = other.orders[slot]!.get(key) ?? 0;
      dot += Math.min(weight, wanted) * wanted;
    }
    return dot / norm;
  });
  return mean(cosines) * Math.exp(-((own.bigrams - other.bigrams) ** 2) / (2 * SIGMA ** 2));
}

function ngrams(words: Words, order: number): Map<string, number> {
  return countNgrams(words, order, ' ');
}

function allNgrams(words: Words): Map<string, number>[] {
  return Array.from({ length: MAX_ORDER }, (_, slot) => ngrams(words, slot + 1));
}

export function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

function check(captions: readonly Words[], references: readonly (readonly Words[])[]): void {
  checkCorpus(
    captions.map((words) => words.join(' ')),
    [references.map((others) => others.map((words) => words.join(' ')).join('\n'))],
  );
  if (references.some((others) => others.length === 0)) throw new RangeError('A picture has no reference.');
}
