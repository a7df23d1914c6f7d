import { EngineError } from '../protocol/errors.ts';
import type { Range, Segment, TranslatedSentence, Translation } from '../protocol/types.ts';
import type { TranslateSegmentsOptions } from './options.ts';
import { splitOver } from './splitOver.ts';
import type { TranslateOptions } from './translate.ts';

/** Segments whose text is one run of sentences, and where each of them stands in it. */
interface Run {
  text: string;
  /** Ranges in `text`, by the number of the segment. */
  ranges: Map<number, Range>;
}

/** A pause that no sentence goes on after. */
const SENTENCE_GAP_S = 3;
/** Speech without full stops must be translated in parts all the same. */
const LONGEST_RUN = 400;

/** Whether a text ends where a sentence does. */
export function endsSentence(text: string): boolean {
  return /[.!?…。！？]["'”’»)\]]*\s*$/u.test(text);
}

/**
 * `Glossa.translateSegments`. A sentence that spans several segments is translated whole; its translation is cut between
 * words, where the alignment and the time that each segment has speak for it.
 */
export async function translateSegments(
  translate: (texts: string[], options: TranslateOptions) => Promise<Translation[]>,
  segments: Segment[],
  options: TranslateSegmentsOptions,
): Promise<string[]> {
  if (!Array.isArray(segments) || !segments.every((segment) => typeof segment.text === 'string')) {
    throw new EngineError('bad-input', 'What is translated must be an array of segments, each with a text.');
  }
  const runs = runsOf(segments);
  const translations = await translate(
    runs.map(({ text }) => text),
    options,
  );
  const texts = segments.map((): string[] => []);
  runs.forEach((run, i) => {
    const translation = translations[i];
    if (translation) layBack(run, translation, segments, texts);
  });
  return texts.map((parts) => parts.filter((part) => part !== '').join(' '));
}

function runsOf(segments: Segment[]): Run[] {
  const runs: Run[] = [];
  let before: Segment | undefined;
  segments.forEach((segment, index) => {
    const text = segment.text.replace(/\s+/gu, ' ').trim();
    if (text === '') return;
    let run = runs.at(-1);
    if (!run || !before || !goesOn(before, segment) || run.text.length + text.length > LONGEST_RUN) {
      run = { text: '', ranges: new Map() };
      runs.push(run);
    }
    if (run.text !== '') run.text += ' ';
    run.ranges.set(index, [run.text.length, run.text.length + text.length]);
    run.text += text;
    before = segment;
  });
  return runs;
}

/** Another speaker (a dash), a sound (brackets) and a song begin anew. */
function goesOn(before: Segment, segment: Segment): boolean {
  if (segment.startS - before.endS > SENTENCE_GAP_S) return false;
  return !endsSentence(before.text) && !/^\s*[-–—[(♪♫]/u.test(segment.text);
}

function layBack(run: Run, { sentences }: Translation, segments: Segment[], texts: string[][]): void {
  for (const sentence of sentences) {
    const [from, to] = sentence.sourceRange;
    const spanned = [...run.ranges].filter(([, [start, end]]) => start < to && from < end);
    const pieces = spanned.length === 1 ? [sentence.target] : cut(sentence, spanned, segments);
    spanned.forEach(([index], i) => texts[index]?.push(pieces[i] ?? ''));
  }
}

function cut(sentence: TranslatedSentence, spanned: [number, Range][], segments: Segment[]): string[] {
  const [from, to] = sentence.sourceRange;
  const seconds = spanned.map(([index, [start, end]]) => {
    const { startS = 0, endS = 0 } = segments[index] ?? {};
    const share = (Math.min(end, to) - Math.max(start, from)) / (end - start);
    return Math.max(0, endS - startS) * share;
  });
  const starts = spanned.slice(1).map(([, [start]]) => start - from);
  return splitOver(sentence.target, sentence.alignment, starts, seconds);
}
