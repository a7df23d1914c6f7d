import type { Word } from '../../../protocol/types.ts';

/** Times of one word in two windows differ by less. */
const LARGEST_SHIFT_S = 1;

/**
 * Where two windows heard the same stretch of audio, how many words of the first to keep and how many of the second to
 * leave out, so that nothing is lost or said twice: `[...before.slice(0, keep), ...after.slice(skip)]`. The seam is at the
 * word nearest to the middle of the stretch that both have, because words near a window's edge are often misheard; where they
 * agree on none, it is at the middle.
 * @param before words of the first window, @param after of the second: times in the whole audio
 * @param overlap the stretch that both heard
 */
export function mergeOverlap(
  before: readonly Word[],
  after: readonly Word[],
  overlap: { fromS: number; toS: number },
): { keep: number; skip: number } {
  const middleS = (overlap.fromS + overlap.toS) / 2;
  let keep = before.findIndex((word) => middleOf(word) >= middleS);
  if (keep < 0) keep = before.length;
  let skip = after.findIndex((word) => middleOf(word) >= middleS);
  if (skip < 0) skip = after.length;

  const firstBefore = before.findIndex((word) => word.endS > overlap.fromS - LARGEST_SHIFT_S);
  if (firstBefore < 0) return { keep, skip };
  const endAfter = after.findIndex((word) => word.startS >= overlap.toS + LARGEST_SHIFT_S);
  const pairs = commonWords(before.slice(firstBefore), endAfter < 0 ? after : after.slice(0, endAfter));
  let nearestS = Infinity;
  for (const [i, j] of pairs) {
    const distanceS = Math.abs((middleOf(before[firstBefore + i]!) + middleOf(after[j]!)) / 2 - middleS);
    if (distanceS < nearestS) [nearestS, keep, skip] = [distanceS, firstBefore + i + 1, j + 1];
  }
  return { keep, skip };
}

function middleOf(word: Word): number {
  return (word.startS + word.endS) / 2;
}

/** The longest common subsequence of words that are the same and heard at about the same time. */
function commonWords(before: readonly Word[], after: readonly Word[]): [number, number][] {
  const same = (i: number, j: number): boolean =>
    bare(before[i]!) === bare(after[j]!) && Math.abs(middleOf(before[i]!) - middleOf(after[j]!)) < LARGEST_SHIFT_S;
  // lengths[i][j]: of the longest one from before[i] and after[j] on.
  const lengths = Array.from({ length: before.length + 1 }, () => new Uint16Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      lengths[i]![j] = same(i, j) ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (same(i, j)) pairs.push([i++, j++]);
    else if (lengths[i + 1]![j]! >= lengths[i]![j + 1]!) i++;
    else j++;
  }
  return pairs;
}

/** A word as it is compared: letters and digits alone. */
function bare(word: Word): string {
  return word.text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
