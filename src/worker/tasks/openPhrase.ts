import { ATTENTION_FRAME_S } from '../features/wordTimes.ts';
import type { SpokenSegment, SpokenWord } from '../features/segments.ts';
import type { Heard } from './recogniser.ts';

/** Words so near to the end of the audio may be cut off in the middle. */
const UNSURE_END_S = 0.3;

/** A place to cut a phrase that has become too long. */
export interface PhraseCut {
  words: SpokenWord[];
  /** Where the next phrase begins. */
  atS: number;
  /** The stable words after the cut, which the next phrase begins with, and the ids that make them. */
  carried: SpokenWord[];
  carriedIds: Int32Array;
}

/**
 * What is known of the phrase that is being said. Words that two passes over it agree on are stable (LocalAgreement-2,
 * Macháček et al. 2023): later passes are made to begin with them, so that nothing can change them.
 */
export class OpenPhrase {
  /** When it began, in seconds. */
  readonly startS: number;
  /** The ids that later passes begin with, times included. */
  agreed: Int32Array;
  readonly stable: SpokenWord[];
  /** What the last pass heard after the stable words. */
  tail: SpokenWord[] = [];
  /** Up to when the last pass listened; -Infinity before the first. */
  heardS = -Infinity;

  constructor(startS: number, stable: SpokenWord[] = [], agreed: Int32Array = new Int32Array()) {
    this.startS = startS;
    this.stable = stable;
    this.agreed = agreed;
  }

  get words(): SpokenWord[] {
    return [...this.stable, ...this.tail];
  }

  /** When the last stable word ends: nothing new is said before. */
  get stableEndS(): number {
    return this.stable.at(-1)?.endS ?? this.startS;
  }

  /**
   * Takes what a pass heard behind the agreed ids, and says which words have become stable.
   * @param heardS - up to when it listened
   */
  add(heard: Heard, heardS: number): SpokenWord[] {
    const words = wordsOf(heard.segments);
    let count = 0;
    while (count < words.length && words[count]!.text === this.tail[count]?.text) count++;
    while (count > 0 && words[count - 1]!.endS > heardS - UNSURE_END_S) count--;
    const stable = words.slice(0, count);
    const idsEnd = stable.at(-1)?.idsEnd ?? 0;
    const before = this.agreed.length;
    this.agreed = Int32Array.from([...this.agreed, ...heard.ids.subarray(0, idsEnd)]);
    this.stable.push(...stable.map((word) => ({ ...word, idsEnd: word.idsEnd + before })));
    this.tail = words.slice(count);
    this.heardS = heardS;
    return stable;
  }

  /** Takes what the last pass heard, which is final. */
  finish(heard: Heard, heardS: number): void {
    this.tail = wordsOf(heard.segments);
    this.heardS = heardS;
  }

  /**
   * Where to cut: after a sentence, or else in the longest pause between two words, the later the better.
   * @param beforeS - words that end later are not sure enough
   * @param firstTimeId - the id of the time 0
   */
  cut(beforeS: number, firstTimeId: number): PhraseCut | null {
    const words = this.words;
    const sure = Math.max(this.stable.length, words.findLastIndex((word) => word.endS <= beforeS) + 1);
    let best = 0;
    let bestScore = -Infinity;
    for (let end = Math.ceil(sure / 2); end <= sure; end++) {
      const word = words[end - 1];
      if (!word) continue;
      const pauseS = Math.min((words[end]?.startS ?? word.endS) - word.endS, 1);
      const score =
        pauseS * 2 + (/[.!?]$/.test(word.text) ? 1 : /[,;:]$/.test(word.text) ? 0.3 : 0) + (0.5 * end) / sure;
      if (score > bestScore) [best, bestScore] = [end, score];
    }
    const last = words[best - 1];
    if (!last) return null;
    const carried = this.stable.slice(best);
    const atS = (last.endS + (words[best]?.startS ?? last.endS)) / 2;
    if (carried.length === 0) return { words: words.slice(0, best), atS, carried, carriedIds: new Int32Array() };
    // Times count from the beginning of the phrase, and a phrase begins with the time 0.
    const steps = Math.round((atS - this.startS) / ATTENTION_FRAME_S);
    const rest = this.agreed.subarray(last.idsEnd);
    const skipped = rest.findIndex((id) => id < firstTimeId);
    const moved = rest.subarray(skipped).map((id) => (id < firstTimeId ? id : Math.max(firstTimeId, id - steps)));
    return {
      words: words.slice(0, best),
      atS,
      carried: carried.map((word) => ({ ...word, idsEnd: word.idsEnd - last.idsEnd - skipped + 1 })),
      carriedIds: Int32Array.from([firstTimeId, ...moved]),
    };
  }
}

export function wordsOf(segments: readonly SpokenSegment[]): SpokenWord[] {
  return segments.flatMap(({ words }) => words);
}
