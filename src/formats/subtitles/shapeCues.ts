import type { Word } from '../../protocol/types.ts';
import { type Cue, tidyLines } from './cue.ts';
import { splitPieces } from './splitPieces.ts';
import { estimateWords, pieces, timePieces } from './words.ts';

/** What makes captions readable. */
export interface CueLimits {
  /** Characters a line. */
  lineLength: number;
  /** Lines a language, at once on the screen. */
  lines: number;
  /** The fastest that is still read in peace. */
  charactersPerSecond: number;
  minimumS: number;
  maximumS: number;
  /** Left between two cues, so that the change is seen. */
  gapS: number;
}

/** What broadcasters ask of subtitles for adults (e.g. Netflix's Timed Text Style Guide: 42 characters, 2 lines, 5/6 to 7 s). */
export const DEFAULT_LIMITS: CueLimits = {
  lineLength: 42,
  lines: 2,
  charactersPerSecond: 17,
  minimumS: 5 / 6,
  maximumS: 7,
  gapS: 1 / 12,
};

/** Of a caption: half a minute of quick speech, where every character is a piece. What cutting takes grows with the square of it. */
const MOST_PIECES = 300;

export interface ShapedCue extends Cue {
  /** Characters of its longest text: nobody reads both languages. */
  toRead: number;
}

/** What is to be shown from `startS` to `endS`: one text, or the same in two languages. */
export interface Caption {
  startS: number;
  endS: number;
  texts: string[];
  /** The times of the first text's words, where they are known. */
  words?: Word[] | undefined;
  /** BCP-47, where it is not the whole file's. */
  language?: string;
}

/**
 * Captions as cues within the limits: long ones are cut into several, at sentence ends, commas and pauses before anywhere
 * else; lines are of even length; short ones stay as long as reading takes, if nothing comes after them. A caption whose
 * own lines fit is left as it is. Nothing is left out: a word longer than a line has a line for itself.
 */
export function shapeCues(captions: readonly Caption[], limits: CueLimits): ShapedCue[] {
  const cues = captions.flatMap(manageable).flatMap((caption) => {
    const { language } = caption;
    return cut(caption, limits).map((cue) => (language === undefined ? cue : { ...cue, language }));
  });
  return cues.map((cue, i) => lengthen(cue, cues[i + 1]?.startS ?? Infinity, limits));
}

/** Whether a cue asks for faster reading than the limits allow. */
export const isTooFast = ({ startS, endS, toRead }: ShapedCue, { charactersPerSecond }: CueLimits): boolean =>
  // A little more than the limit is what rounding makes, not what a reader feels.
  toRead > charactersPerSecond * (endS - startS) * 1.02;

/** A caption as it is, or, where it is longer than speech ever is, in parts that can be cut in good time. */
function manageable(caption: Caption): Caption[] {
  const { startS, endS, texts } = caption;
  const tracks = texts.map((text) => pieces(tidyLines(text)));
  const count = Math.ceil(Math.max(0, ...tracks.map((track) => track.length)) / MOST_PIECES);
  if (count <= 1) return [caption];
  const first = tracks[0] ?? [];
  const words = timePieces(first, caption.words) ?? estimateWords(first.join(''), startS, endS);
  const nth = <T>(list: readonly T[], i: number): T[] =>
    list.slice(Math.floor((i * list.length) / count), Math.floor(((i + 1) * list.length) / count));
  const starts = Array.from({ length: count }, (_, i) => (i === 0 ? startS : (nth(words, i)[0]?.startS ?? startS)));
  return starts.map((from, i) => ({
    ...caption,
    startS: from,
    endS: starts[i + 1] ?? endS,
    texts: tracks.map((track) => nth(track, i).join('')),
    words: nth(words, i),
  }));
}

function cut(caption: Caption, limits: CueLimits): ShapedCue[] {
  const { startS, endS } = caption;
  const texts = caption.texts.map(tidyLines).filter((text) => text !== '');
  const [first] = texts;
  if (first === undefined) return [];
  const whole = endS - startS <= limits.maximumS;
  if (whole && texts.every((text) => fitsAsItIs(text, limits))) return [shaped(startS, endS, texts)];

  const tracks = texts.map((text) => pieces(text.replaceAll('\n', ' ')));
  const words = timePieces(tracks[0] ?? [], caption.words) ?? estimateWords(first.replaceAll('\n', ' '), startS, endS);
  const room = limits.lines * (limits.lineLength + 1);
  const known = new Map<string, boolean>();
  const fits = (text: string): boolean => {
    const before = known.get(text);
    if (before !== undefined) return before;
    const answer = text.trim().length <= room && fitsOnLines(text, limits);
    known.set(text, answer);
    return answer;
  };
  const most = Math.max(...tracks.map((track) => track.length));
  const least = Math.max(
    1,
    Math.ceil((endS - startS) / limits.maximumS),
    ...tracks.map((track) => leastParts(track, room)),
  );
  for (let count = Math.min(least, most); count <= most; count++) {
    const cuts = tracks.map((track, i) =>
      splitPieces(track, Math.min(count, track.length), fits, i === 0 ? (at) => pauseAfter(words, at) : () => 0),
    );
    if (!cuts.every((parts) => parts !== null)) continue;
    return join(cuts, words, caption, limits);
  }
  return [
    shaped(
      startS,
      endS,
      texts.map((text) => lines(text, limits)),
    ),
  ];
}

/** Puts the n-th parts of all tracks into the n-th cue; its times are those of the first track's words. */
function join(cuts: string[][][], words: readonly Word[], { startS, endS }: Caption, limits: CueLimits): ShapedCue[] {
  const count = Math.max(...cuts.map((parts) => parts.length));
  const cues: ShapedCue[] = [];
  let at = 0;
  for (let i = 0; i < count; i++) {
    const spoken = words.slice(at, at + (cuts[0]?.[i]?.length ?? 0));
    at += spoken.length;
    const from = i === 0 ? startS : (spoken[0]?.startS ?? cues.at(-1)?.endS ?? startS);
    const text = cuts.map((parts) => lines((parts[i] ?? []).join(''), limits)).filter((part) => part !== '');
    cues.push(shaped(from, i === count - 1 ? endS : (spoken.at(-1)?.endS ?? from), text));
  }
  return cues;
}

const shaped = (startS: number, endS: number, texts: string[]): ShapedCue => ({
  startS,
  endS,
  text: texts.join('\n'),
  toRead: Math.max(...texts.map((text) => text.length)),
});

const leastParts = (track: string[], room: number): number => Math.ceil(track.join('').length / room);

const pauseAfter = (words: readonly Word[], at: number): number =>
  Math.max(0, (words[at + 1]?.startS ?? 0) - (words[at]?.endS ?? 0));

const fitsAsItIs = (text: string, { lines: most, lineLength }: CueLimits): boolean => {
  const own = text.split('\n');
  return own.length <= most && own.every((line) => line.length <= lineLength);
};

/** Whether a text has room on the lines: filled one after the other, which needs no more of them than any other way. */
function fitsOnLines(text: string, { lines: most, lineLength }: CueLimits): boolean {
  let count = 1;
  let line = '';
  for (const part of pieces(text.trim())) {
    if (line === '' || (line + part).trim().length <= lineLength) line += part;
    else {
      count++;
      line = part;
    }
  }
  return count <= most;
}

/** The text on as few lines as it needs, of even length; null where that is more than the limits allow. */
function wrap(text: string, limits: CueLimits): string | null {
  const parts = pieces(text.trim());
  const fits = (line: string): boolean => line.trim().length <= limits.lineLength;
  for (let count = 1; count <= Math.min(limits.lines, Math.max(1, parts.length)); count++) {
    const split = splitPieces(parts, count, fits, () => 0);
    if (split) return split.map((line) => line.join('').trim()).join('\n');
  }
  return null;
}

const lines = (text: string, limits: CueLimits): string => wrap(text, limits) ?? text.trim();

/** Leaves a cue standing until it can be read, as far as the next one lets it. */
function lengthen(cue: ShapedCue, nextStartS: number, limits: CueLimits): ShapedCue {
  const needed = Math.max(limits.minimumS, cue.toRead / limits.charactersPerSecond);
  const latest = nextStartS - limits.gapS;
  const wanted = Math.max(cue.endS, Math.min(cue.startS + Math.min(needed, limits.maximumS), latest));
  // Two that touch are parted by the gap, unless that would leave nothing of the first.
  const end = wanted > latest && latest - cue.startS > limits.gapS ? latest : Math.min(wanted, nextStartS);
  return { ...cue, endS: Math.max(cue.startS, end) };
}
