/**
 * Cuts a text, given as pieces, into `count` parts of even length that all fit, by dynamic programming over the places of
 * the cuts: the sum of squared deviations from the mean length, and of what a cut costs where it is made, is least.
 *
 * @param pauseS seconds of silence after a piece: a good place to cut.
 * @returns null where no such cut exists. A part of one piece always fits: it cannot be made smaller.
 */
export function splitPieces(
  parts: readonly string[],
  count: number,
  fits: (text: string) => boolean,
  pauseS: (at: number) => number,
): string[][] | null {
  const n = parts.length;
  if (count > n || count < 1) return count === 1 ? [[...parts]] : null;
  const { farthest, lengthTo } = measure(parts, fits);
  const mean = lengthTo[n]! / count;
  const cutCosts = parts.map((part, at) => (at === n - 1 ? 0 : costOfCut(part, pauseS(at))));
  /** steps[k][end]: the least cost of the first `end` pieces in `k` parts, and where the last of these begins. */
  const steps: Step[][] = [Array.from({ length: n + 1 }, (_, end) => ({ cost: end === 0 ? 0 : Infinity, begin: 0 }))];
  for (let k = 1; k <= count; k++) {
    const before = steps[k - 1]!;
    const next: Step[] = Array.from({ length: n + 1 }, () => ({ cost: Infinity, begin: 0 }));
    for (let end = k; end <= n - (count - k); end++) {
      for (let begin = Math.max(k - 1, farthest[end]!); begin < end; begin++) {
        const deviation = (lengthTo[end]! - lengthTo[begin]!) / mean - 1;
        const cost = before[begin]!.cost + deviation ** 2 + cutCosts[end - 1]!;
        if (cost < next[end]!.cost) next[end] = { cost, begin };
      }
    }
    steps.push(next);
  }
  const best = steps[count]!;
  if (best[n]!.cost === Infinity) return null;
  const result: string[][] = [];
  for (let k = count, end = n; k > 0; k--) {
    const { begin } = steps[k]![end]!;
    result.unshift(parts.slice(begin, end));
    end = begin;
  }
  return result;
}

/** For each end, the first piece from which a part up to there fits; and the length of the text up to each piece. */
function measure(
  parts: readonly string[],
  fits: (text: string) => boolean,
): { farthest: number[]; lengthTo: number[] } {
  const farthest = [0];
  const lengthTo = [0];
  parts.forEach((part, i) => {
    let begin = i;
    let text = part;
    while (begin > 0 && fits(parts[begin - 1]! + text)) text = parts[--begin]! + text;
    farthest.push(begin);
    lengthTo.push(lengthTo[i]! + part.length);
  });
  return { farthest, lengthTo };
}

interface Step {
  cost: number;
  begin: number;
}

/** Words that belong to what follows them, in the languages that are translated here. */
const LEADING =
  /^(?:a|an|the|of|to|in|on|at|by|for|with|and|or|my|your|his|her|its|our|their|o|os|as|um|uma|de|do|da|dos|das|em|no|na|e|ou|que|por|para|com|se|não|not|mr\.|mrs\.|dr\.|sr\.|sra\.|dra\.)$/i;

/** What a cut behind a piece costs: nothing at the end of a sentence, little at a comma or a pause, much within a phrase. */
function costOfCut(piece: string, pauseS: number): number {
  const word = piece.trim();
  if (LEADING.test(word)) return 1;
  if (/[.!?…。！？]["'”’»)\]]*$/.test(word)) return 0;
  if (/[,;:—–、，；：]["'”’»)\]]*$/.test(word)) return 0.1;
  return Math.max(0.15, 0.4 - pauseS);
}
