import type { Segment, SpokenIn, Word } from '../../protocol/types.ts';
import { spokenWords } from './spokenWords.ts';
import { ATTENTION_FRAME_S, loudness, tokenOnsets, wordSpans, type Span } from './wordTimes.ts';

/** What a decoder wrote of one piece of audio. */
export interface Written {
  /** Text, and times: the ids from `timestampBeginId` on. */
  ids: Int32Array;
  logProbs: Float32Array;
  /** [ids, heads, frames] of the heads that follow time; of none, words share the times of their segments. */
  attention: Float32Array;
  heads: number;
}

export interface Reading {
  decode: (ids: Int32Array) => string;
  timestampBeginId: number;
}

/** Where the audio lies that was written down. */
export interface Place {
  /** 16 kHz. */
  samples: Float32Array;
  sampleRateHz: number;
  /** When its first sample is heard. */
  startS: number;
  /** Nothing is said before this: times of the audio before it are taken. */
  notBeforeS: number;
}

/** A word, and the number of ids up to its end. */
export interface SpokenWord extends Word {
  idsEnd: number;
}

/** A caption's worth of words, with the times that the decoder itself gave it. */
export interface SpokenSegment {
  words: SpokenWord[];
  /** null where it gave none. */
  timesS: [from: number | null, to: number | null];
}

/** Whether there is anything to read: dots, dashes and notes are not speech. */
function isSpeech(text: string): boolean {
  return /[\p{L}\p{N}]/u.test(text);
}

/** The segments of a piece of audio and their words, with times in the whole audio. */
export function readSegments(written: Written, { decode, timestampBeginId }: Reading, place: Place): SpokenSegment[] {
  const { ids, logProbs } = written;
  const segments: { positions: number[]; timesS: [number | null, number | null] }[] = [];
  let open: (typeof segments)[number] | null = null;
  let lastTimeS: number | null = null;
  ids.forEach((id, i) => {
    if (id < timestampBeginId) {
      if (!open) {
        open = { positions: [], timesS: [lastTimeS, null] };
        segments.push(open);
      }
      open.positions.push(i);
      return;
    }
    lastTimeS = place.startS + (id - timestampBeginId) * ATTENTION_FRAME_S;
    if (open) open.timesS[1] = lastTimeS;
    open = null;
  });
  const groups = segments.map(({ positions, timesS }) => {
    const own = Int32Array.from(positions, (i) => ids[i]!);
    const words = spokenWords(own, decode).map((word) => ({ ...word, positions: positions.slice(word.from, word.to) }));
    return { words, timesS };
  });
  const timed = groups.map(({ words, timesS }) => ({
    timesS,
    words: words.map(({ text, positions }) => ({ positions, letters: text.trim().length })),
  }));
  const spans =
    written.heads === 0
      ? shareTimes(timed, place)
      : timeWords(
          written,
          timed.flatMap(({ words }) => words),
          place,
        );
  let count = 0;
  return groups
    .map(({ words, timesS }): SpokenSegment => {
      const spoken = words.map(({ text, positions }): SpokenWord => {
        const span = spans[count++]!;
        const probability =
          positions.reduce((sum, i) => sum + Math.exp(logProbs[i] ?? -Infinity), 0) / positions.length;
        return { text, ...span, probability, idsEnd: positions.at(-1)! + 1 };
      });
      return { words: spoken, timesS };
    })
    .filter(({ words }) => isSpeech(words.map(({ text }) => text).join('')));
}

/** A word, as far as times are concerned. */
interface TimedWord {
  positions: number[];
  letters: number;
}

/** Nobody speaks quicker: each letter of a segment takes so long at least, whatever times it was given. */
const LETTER_S = 0.04;

/** The time between the ends of each segment, shared by its words as their letters are. */
function shareTimes(
  segments: { words: TimedWord[]; timesS: SpokenSegment['timesS'] }[],
  { samples, sampleRateHz, startS, notBeforeS }: Place,
): Span[] {
  const endS = startS + samples.length / sampleRateHz;
  let leastS = Math.min(Math.max(startS, notBeforeS), endS);
  return segments.flatMap(({ words, timesS: [from, to] }) => {
    const fromS = Math.min(Math.max(from ?? leastS, leastS), endS);
    const sum = words.reduce((letters, word) => letters + Math.max(1, word.letters), 0);
    leastS = Math.min(Math.max(to ?? endS, fromS + sum * LETTER_S), endS);
    let letters = 0;
    const timeOf = (count: number): number => fromS + ((leastS - fromS) * count) / sum;
    return words.map((word) => {
      const span = { startS: timeOf(letters), endS: timeOf(letters + Math.max(1, word.letters)) };
      letters += Math.max(1, word.letters);
      return span;
    });
  });
}

function timeWords(
  { ids, attention, heads }: Written,
  words: TimedWord[],
  { samples, sampleRateHz, startS, notBeforeS }: Place,
): Span[] {
  const [first] = words;
  const last = words.at(-1)?.positions.at(-1);
  if (!first || last === undefined) return [];
  const durationS = samples.length / sampleRateHz;
  const frames = attention.length / ids.length / heads;
  // The token after the last word, a time, attends to where that word ends.
  const rows = [...words.flatMap(({ positions }) => positions), ...(last + 1 < ids.length ? [last + 1] : [])];
  const gathered = new Float32Array(rows.length * heads * frames);
  rows.forEach((row, i) => {
    gathered.set(attention.subarray(row * heads * frames, (row + 1) * heads * frames), i * heads * frames);
  });
  const from = Math.min(Math.max(0, Math.floor((notBeforeS - startS) / ATTENTION_FRAME_S)), frames - 1);
  const to = Math.ceil(durationS / ATTENTION_FRAME_S);
  const onsets = tokenOnsets({ attention: gathered, tokens: rows.length, heads, frames }, from, to);
  const starts: number[] = [];
  let row = 0;
  for (const { positions } of words) {
    starts.push(onsets[row]! * ATTENTION_FRAME_S);
    row += positions.length;
  }
  starts.push(row < rows.length ? onsets[row]! * ATTENTION_FRAME_S : durationS);
  const bounds = { startS: from * ATTENTION_FRAME_S, endS: Math.max(durationS, (from + 1) * ATTENTION_FRAME_S) };
  const spans = wordSpans(
    starts,
    words.map(({ letters }) => letters),
    bounds,
    loudness(samples, sampleRateHz),
  );
  return spans.map((span) => ({ startS: span.startS + startS, endS: span.endS + startS }));
}

/** Words as a caption; null where there is nothing to read. */
export function toSegment(words: readonly Word[], spoken: SpokenIn, withWords: boolean): Segment | null {
  const [first] = words;
  const last = words.at(-1);
  if (!first || !last || !isSpeech(words.map(({ text }) => text).join(''))) return null;
  const plain = words.map(({ text, startS, endS, probability }, i): Word => {
    // A caption does not begin with the space between it and the one before.
    return { text: i === 0 ? text.trimStart() : text, startS, endS, probability };
  });
  return {
    startS: first.startS,
    endS: last.endS,
    text: plain.map(({ text }) => text).join(''),
    ...spoken,
    ...(withWords ? { words: plain } : {}),
  };
}
