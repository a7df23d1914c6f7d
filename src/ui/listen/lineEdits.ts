import { moveWords, pieces, retimeWords } from '../../formats/subtitles/words.ts';
import type { Segment } from '../../protocol/types.ts';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { findIn } from './lineSearch.ts';

/** Shorter than this no line is: it could not be seen. */
const SHORTEST_S = 0.1;

/** A line as the recogniser heard it. */
export function lineOf(segment: Segment): TranscriptLine {
  return { ...segment, id: crypto.randomUUID(), text: segment.text.trim() };
}

/** With another text; its words keep their times where they are still said. */
export function retext(line: TranscriptLine, text: string): TranscriptLine {
  if (text === line.text) return line;
  return {
    ...line,
    text,
    edited: true,
    ...(line.words ? { words: retimeWords(line.words, text, line.startS, line.endS) } : {}),
  };
}

/** With another translation, by the reader's own hand; an empty one is to be made again. */
export function retranslate(line: TranscriptLine, translation: string): TranscriptLine {
  if (translation === (line.translation ?? '')) return line;
  const { translation: _, translatedFrom: __, ...rest } = line;
  return translation.trim() === '' ? rest : { ...rest, translation, edited: true };
}

/** With another text wherever it holds one, whatever its case or accents; in its translation where only that holds it. */
export function replaceText(line: TranscriptLine, query: string, replacement: string): TranscriptLine {
  const replaced = (text: string): string =>
    findIn(text, query).reduceRight((after, [from, to]) => after.slice(0, from) + replacement + after.slice(to), text);
  const text = replaced(line.text);
  return text === line.text ? retranslate(line, replaced(line.translation ?? '')) : retext(line, text);
}

/** With other times; an end before the start is moved behind it. */
export function retime(line: TranscriptLine, startS: number, endS: number): TranscriptLine {
  const to = { startS: Math.max(0, startS), endS: Math.max(endS, Math.max(0, startS) + SHORTEST_S) };
  if (to.startS === line.startS && to.endS === line.endS) return line;
  return { ...line, ...to, ...(line.words ? { words: moveWords(line.words, line, to) } : {}) };
}

/** Two lines, cut at a place in the text: a word there begins the second. Null where one of them would be empty. */
export function splitLine(line: TranscriptLine, at: number): [TranscriptLine, TranscriptLine] | null {
  const texts = [line.text.slice(0, at).trim(), line.text.slice(at).trim()] as const;
  if (texts[0] === '' || texts[1] === '') return null;
  const count = pieces(texts[0]).length;
  const words = line.words?.length === pieces(line.text).length ? line.words : undefined;
  const share = texts[0].length / (texts[0].length + texts[1].length);
  const cutS = words?.[count]?.startS ?? line.startS + (line.endS - line.startS) * share;
  const { translation: _, translatedFrom: __, words: ___, ...rest } = line;
  return [
    {
      ...rest,
      endS: words?.[count - 1]?.endS ?? cutS,
      text: texts[0],
      ...(words ? { words: words.slice(0, count) } : {}),
    },
    {
      ...rest,
      id: crypto.randomUUID(),
      startS: cutS,
      text: texts[1],
      ...(words ? { words: words.slice(count).map((word, i) => (i === 0 ? trimStart(word) : word)) } : {}),
    },
  ];
}

const trimStart = <T extends { text: string }>(word: T): T => ({ ...word, text: word.text.trimStart() });

/** One line of two that follow each other. */
export function joinLines(first: TranscriptLine, second: TranscriptLine): TranscriptLine {
  const { translation: _, translatedFrom: __, words, ...rest } = first;
  const joined = { ...rest, endS: Math.max(first.endS, second.endS), text: `${first.text} ${second.text}` };
  if (!words || !second.words) return joined;
  const [next, ...others] = second.words;
  const following = next ? [{ ...next, text: ` ${next.text.trimStart()}` }, ...others] : [];
  return { ...joined, words: [...words, ...following] };
}

/** Whether a line has no translation, or one of a text that it has no more. A translation of the reader's own stays. */
export const needsTranslation = ({ text, translation, translatedFrom }: TranscriptLine): boolean =>
  text.trim() !== '' && (translation === undefined || (translatedFrom !== undefined && translatedFrom !== text));
