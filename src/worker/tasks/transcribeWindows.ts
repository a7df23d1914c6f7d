import { SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import type { SpokenIn } from '../../protocol/types.ts';
import { mergeOverlap } from '../features/audio/overlap.ts';
import type { SpeechWindow } from '../features/audio/windows.ts';
import type { SpokenSegment, SpokenWord } from '../features/segments.ts';
import type { Heard, Speech } from './recogniser.ts';

/** Words that belong together, and the language that they are said in. */
interface WrittenSegment {
  words: SpokenWord[];
  spoken: SpokenIn;
}

/** What was said in a window. */
export interface WrittenWindow {
  segments: WrittenSegment[];
  /** Up to when everything has been written down. */
  heardS: number;
}

/** Windows that are written down as one batch: the first alone, so that the first words come soon. */
const FIRST_BATCH = 1;
const BATCH = 4;
/** Silence that a window may end with. */
const END_MARGIN_S = 0.5;
/** More speech than this without words after the last word is heard again by itself. */
const LONGEST_REST_S = 1.5;
const SHORTEST_WORD_S = 0.04;
/** A rest is heard from a little before where the last word ended. */
const BEFORE_REST_S = 0.1;

/**
 * Writes windows of speech down, in order. Where a window was left before its end, the rest of it is heard again, and where
 * two windows overlap, what both have is told once.
 * @param hear - writes pieces of speech down as one batch
 * @param most - of windows in a batch
 */
export async function* transcribeWindows(
  windows: AsyncIterable<SpeechWindow>,
  hear: (speeches: Speech[]) => Promise<Heard[]>,
  most = BATCH,
): AsyncGenerator<WrittenWindow, void, undefined> {
  let held: { window: SpeechWindow; segments: WrittenSegment[] } | null = null;
  for await (const batch of batched(windows, most)) {
    const all = await hearWhole(batch, hear);
    for (const [i, window] of batch.entries()) {
      let segments = all[i] ?? [];
      if (held) {
        const seam = joined(held.segments, segments, window);
        yield { segments: seam.before, heardS: endOf(held.window) };
        segments = seam.after;
        held = null;
      }
      // What both windows have waits for the second.
      if (window.goesOn) held = { window, segments };
      else yield { segments, heardS: endOf(window) };
    }
  }
  if (held) yield { segments: held.segments, heardS: endOf(held.window) };
}

async function* batched(
  windows: AsyncIterable<SpeechWindow>,
  most: number,
): AsyncGenerator<SpeechWindow[], void, undefined> {
  let batch: SpeechWindow[] = [];
  let size = FIRST_BATCH;
  for await (const window of windows) {
    batch.push(window);
    if (batch.length < size) continue;
    yield batch;
    batch = [];
    size = most;
  }
  if (batch.length > 0) yield batch;
}

/** The segments of each window, those of rests that were left out at first among them. */
async function hearWhole(windows: SpeechWindow[], hear: (speeches: Speech[]) => Promise<Heard[]>) {
  const all = windows.map((): WrittenSegment[] => []);
  let open = windows.map((window, index) => ({ speech: wholeOf(window), index }));
  while (open.length > 0) {
    const heard = await hear(open.map(({ speech }) => speech));
    open = open.flatMap(({ speech, index }, i) => {
      const found = heard[i];
      if (!found || found.silent) return [];
      const { segments, spoken } = found;
      all[index]?.push(...segments.map(({ words }) => ({ words, spoken })));
      const rest = restOf(speech, segments);
      return rest ? [{ speech: { ...rest, after: spoken.language }, index }] : [];
    });
  }
  return all;
}

function wholeOf({ samples, startS }: SpeechWindow): Speech {
  return { samples, startS, notBeforeS: startS };
}

/** What comes after the last word, where it is too long to be silence. */
function restOf({ samples, startS }: Speech, segments: SpokenSegment[]): Speech | null {
  const lastS = segments.at(-1)?.words.at(-1)?.endS;
  if (lastS === undefined) return null;
  const fromS = lastS - BEFORE_REST_S - startS;
  const endS = samples.length / SAMPLE_RATE_HZ;
  if (endS - END_MARGIN_S - fromS < LONGEST_REST_S) return null;
  return { samples: samples.subarray(Math.round(fromS * SAMPLE_RATE_HZ)), startS: startS + fromS, notBeforeS: lastS };
}

function joined(before: WrittenSegment[], after: WrittenSegment[], { startS, overlapS }: SpeechWindow) {
  const { keep, skip } = mergeOverlap(wordsOf(before), wordsOf(after), { fromS: startS, toS: startS + overlapS });
  const kept = take(before, 0, keep);
  // Two windows may time the words at their seam a little differently; captions must not overlap.
  let leastS = kept.at(-1)?.words.at(-1)?.endS ?? -Infinity;
  const moved = (word: SpokenWord): SpokenWord => {
    const from = Math.max(word.startS, leastS);
    leastS = Math.max(word.endS, from + SHORTEST_WORD_S);
    return { ...word, startS: from, endS: leastS };
  };
  const rest = take(after, skip, Infinity).map((segment) => ({ ...segment, words: segment.words.map(moved) }));
  return { before: kept, after: rest };
}

const wordsOf = (segments: WrittenSegment[]): SpokenWord[] => segments.flatMap(({ words }) => words);

/** The words `[from, to)` of all, in their segments. */
function take(segments: WrittenSegment[], from: number, to: number): WrittenSegment[] {
  let at = 0;
  return segments
    .map(({ words, spoken }) => {
      const start = at;
      at += words.length;
      return { words: words.slice(Math.max(0, from - start), Math.max(0, to - start)), spoken };
    })
    .filter(({ words }) => words.length > 0);
}

function endOf({ startS, samples }: SpeechWindow): number {
  return startS + samples.length / SAMPLE_RATE_HZ;
}
