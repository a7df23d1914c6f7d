import { ATTENTION_FRAME_S } from '../features/wordTimes.ts';
import type { SpokenSegment, SpokenWord } from '../features/segments.ts';
import type { SpokenIn } from '../../protocol/types.ts';
import type { Heard } from './recogniser.ts';

/** Words so near to the end of the audio may be cut off in the middle... */
const UNSURE_END_S = 0.4;
/** ...and so near, unlikely words are often wrong, although two passes agree on them. */
const CONTEXT_S = 2;
const UNLIKELY = 0.4;

/** Between two words so far apart nothing is said. */
const GAP_S = 0.1;

/** How the last word of a sentence ends. */
export const ENDS_SENTENCE = /[.!?]["”’)]*$/;

/** A place to cut a phrase that has become too long. */
export interface PhraseCut {
  words: SpokenWord[];
  /** Where the next phrase begins. */
  atS: number;
  /** The stable words after the cut, which the next phrase begins with, and the ids that make them. */
  carried: SpokenWord[];
  carriedIds: Int32Array;
  /** What the last pass heard after those. */
  tail: SpokenWord[];
}

/**
 * What is known of the phrase that is being said. Words that two passes over it agree on are stable (LocalAgreement-2,
 * Macháček et al. 2023): later passes are made to begin with them, so that nothing can change them.
 */
export class OpenPhrase {
  /** What passes listen to begins here, in seconds, and the voice here. */
  readonly startS: number;
  readonly voiceS: number;
  /** The ids that later passes begin with, times included. */
  agreed: Int32Array;
  readonly stable: SpokenWord[];
  /** What the last pass heard after the stable words. */
  tail: SpokenWord[] = [];
  /** What it is spoken in, as the last pass has it; undefined before the first. */
  spoken: SpokenIn | undefined;
  /** Whether later passes ask no more which language it is. */
  languageSettled = false;
  /** Up to when the last pass listened; -Infinity before the first. */
  heardS = -Infinity;

  constructor(startS: number, voiceS = startS, stable: SpokenWord[] = [], agreed: Int32Array = new Int32Array()) {
    this.startS = startS;
    this.voiceS = voiceS;
    this.stable = stable;
    this.agreed = agreed;
  }

  get words(): SpokenWord[] {
    return [...this.stable, ...this.tail];
  }

  /** Nothing new is said before: when the last stable word ends, or the voice begins. */
  get notBeforeS(): number {
    return this.stable.at(-1)?.endS ?? this.voiceS;
  }

  /**
   * Takes what a pass heard behind the agreed ids, and says which words have become stable.
   * @param heardS - up to when it listened
   */
  add(heard: Heard, heardS: number): SpokenWord[] {
    const words = wordsOf(heard.segments);
    this.#speaksIn(heard);
    let count = 0;
    while (count < words.length && words[count]!.text === this.tail[count]?.text) count++;
    count = Math.min(count, words.findLastIndex((word) => word.endS <= heardS - UNSURE_END_S) + 1);
    const unlikely = words.findIndex((word) => word.probability < UNLIKELY && word.endS > heardS - CONTEXT_S);
    if (unlikely >= 0) count = Math.min(count, unlikely);
    // In another language they would be other words.
    if (!this.languageSettled) count = 0;
    const stable = words.slice(0, count);
    const idsEnd = stable.at(-1)?.idsEnd ?? 0;
    const before = this.agreed.length;
    this.agreed = Int32Array.from([...this.agreed, ...heard.ids.subarray(0, idsEnd)]);
    this.stable.push(...stable.map((word) => ({ ...word, idsEnd: word.idsEnd + before })));
    this.tail = words.slice(count);
    this.heardS = heardS;
    return stable;
  }

  /** Takes what a pass heard that is the last one, unless the voice goes on after all. Null: nothing that is to be believed. */
  finish(heard: Heard | null, heardS: number): void {
    this.tail = heard ? wordsOf(heard.segments) : [];
    if (heard) this.#speaksIn(heard);
    this.heardS = heardS;
  }

  /** Follows a phrase that was cut: what it says already is in that one's language. */
  goOnIn(before: OpenPhrase): void {
    this.spoken = before.spoken;
    this.languageSettled = this.stable.length > 0 && before.languageSettled;
  }

  #speaksIn({ spoken, languageSure, silent }: Heard): void {
    // What is settled was not asked again, and has no probability any more; and silence is in no language.
    if (this.languageSettled || silent) return;
    this.spoken = spoken;
    this.languageSettled = languageSure;
  }

  /**
   * Before the last stable word: after a sentence or, if it may be anywhere, in the best place that is not too far back.
   * @param firstTimeId - the id of the time 0
   */
  cutStable(anywhere: boolean, firstTimeId: number): PhraseCut | null {
    const { stable, words } = this;
    const sentence =
      stable.findLastIndex(({ text, endS }, i) => {
        const next = words[i + 1];
        // A gap is as good as a stable word after it.
        return next && ENDS_SENTENCE.test(text) && (i + 1 < stable.length || next.startS - endS >= GAP_S);
      }) + 1;
    if (sentence > 0) return this.#cutAfter(sentence, firstTimeId);
    return anywhere ? this.#cutBetween(Math.ceil(stable.length * 0.6), stable.length - 1, firstTimeId) : null;
  }

  /**
   * After a sentence, or else in the longest pause between two words, the later the better.
   * @param beforeS - words that end later are not sure enough
   */
  cut(beforeS: number, firstTimeId: number): PhraseCut | null {
    const words = this.words;
    const sure = Math.max(this.stable.length, words.findLastIndex((word) => word.endS <= beforeS) + 1);
    return this.#cutBetween(Math.ceil(sure / 2), sure, firstTimeId);
  }

  /** After word `from` at the earliest and word `to` at the latest, counted from 1. */
  #cutBetween(from: number, to: number, firstTimeId: number): PhraseCut | null {
    const words = this.words;
    let best = 0;
    let bestScore = -Infinity;
    for (let end = from; end <= to; end++) {
      const word = words[end - 1];
      if (!word) continue;
      const pauseS = Math.min((words[end]?.startS ?? word.endS) - word.endS, 1);
      const score =
        pauseS * 2 + (ENDS_SENTENCE.test(word.text) ? 1 : /[,;:]$/.test(word.text) ? 0.3 : 0) + (0.5 * end) / to;
      if (score > bestScore) [best, bestScore] = [end, score];
    }
    return best > 0 ? this.#cutAfter(best, firstTimeId) : null;
  }

  #cutAfter(count: number, firstTimeId: number): PhraseCut {
    const words = this.words;
    const last = words[count - 1]!;
    const carried = this.stable.slice(count);
    const atS = (last.endS + (words[count]?.startS ?? last.endS)) / 2;
    const tail = words.slice(Math.max(count, this.stable.length));
    const told = { words: words.slice(0, count), atS, carried, tail };
    if (carried.length === 0) return { ...told, carriedIds: new Int32Array() };
    // Times count from the beginning of the phrase, and a phrase begins with the time 0.
    const steps = Math.round((atS - this.startS) / ATTENTION_FRAME_S);
    const rest = this.agreed.subarray(last.idsEnd);
    const skipped = rest.findIndex((id) => id < firstTimeId);
    const moved = rest.subarray(skipped).map((id) => (id < firstTimeId ? id : Math.max(firstTimeId, id - steps)));
    return {
      ...told,
      carried: carried.map((word) => ({ ...word, idsEnd: word.idsEnd - last.idsEnd - skipped + 1 })),
      carriedIds: Int32Array.from([firstTimeId, ...moved]),
    };
  }
}

function wordsOf(segments: readonly SpokenSegment[]): SpokenWord[] {
  return segments.flatMap(({ words }) => words);
}
