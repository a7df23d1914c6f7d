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
  const firstBefore = countWhile(before, (word) => word.endS <= overlap.fromS - LARGEST_SHIFT_S);
  const endAfter = countWhile(after, (word) => word.startS < overlap.toS + LARGEST_SHIFT_S);
  let nearestS = Infinity;
  let seam: { keep: number; skip: number } | undefined;
  for (const [i, j] of commonWords(before.slice(firstBefore), after.slice(0, endAfter))) {
    const distanceS = Math.abs((middleOf(before[firstBefore + i]!) + middleOf(after[j]!)) / 2 - middleS);
    if (distanceS < nearestS) [nearestS, seam] = [distanceS, { keep: firstBefore + i + 1, skip: j + 1 }];
  }
  if (seam) return seam;

  // What only one of them heard is kept.
  const keep = countWhile(before, (word) => middleOf(word) < middleS);
  const skip = countWhile(after, (word) => middleOf(word) < middleS);
  const beforeHeard = before.slice(0, keep).some((word) => middleOf(word) >= overlap.fromS);
  const afterHeard = after.slice(skip).some((word) => middleOf(word) < overlap.toS);
  return { keep: afterHeard ? keep : before.length, skip: beforeHeard ? skip : 0 };
}

function middleOf(word: Word): number {
  return (word.startS + word.endS) / 2;
}

/** How many words at the beginning are such. */
function countWhile(words: readonly Word[], such: (word: Word) => boolean): number {
  const end = words.findIndex((word) => !such(word));
  return end < 0 ? words.length : end;
}

/** The longest common subsequence of words that are the same and heard at about the same time; of several, the one in step. */
function commonWords(before: readonly Word[], after: readonly Word[]): [number, number][] {
  /** 0 for words that are no pair, else a little more than 1. */
  const worth = (i: number, j: number): number => {
    const shiftS = Math.abs(middleOf(before[i]!) - middleOf(after[j]!));
    return shiftS < LARGEST_SHIFT_S && bare(before[i]!) === bare(after[j]!)
      ? 1.01 - 0.01 * (shiftS / LARGEST_SHIFT_S)
      : 0;
  };
  // best[i][j]: of before[i] and after[j] on.
  const best = Array.from({ length: before.length + 1 }, () => new Float64Array(after.length + 1));
  for (let i = before.length - 1; i >= 0; i--) {
    for (let j = after.length - 1; j >= 0; j--) {
      const pair = worth(i, j);
      best[i]![j] = Math.max(best[i + 1]![j]!, best[i]![j + 1]!, pair > 0 ? pair + best[i + 1]![j + 1]! : 0);
    }
  }
  const pairs: [number, number][] = [];
  for (let i = 0, j = 0; i < before.length && j < after.length;) {
    if (best[i]![j] === best[i + 1]![j]) i++;
    else if (best[i]![j] === best[i]![j + 1]) j++;
    else pairs.push([i++, j++]);
  }
  return pairs;
}

/** A word as it is compared: letters and digits alone. */
function bare(word: Word): string {
  return word.text.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');
}
