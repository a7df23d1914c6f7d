import type { Word } from '../../protocol/types.ts';

/** Letters of scripts that are written without spaces: a line may break between any two. */
const UNSPACED = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}`;
const PIECE = new RegExp(String.raw`\s*(?:[${UNSPACED}][^\s${UNSPACED}\p{L}\p{N}]*|[^\s${UNSPACED}]+)`, 'gu');

/** A text cut where a line may break: words with the space before them. Joined they are the text, but for space at its end. */
export const pieces = (text: string): string[] => text.match(PIECE) ?? [];

/** Words with times for a text that has none: each gets the share of the time that it has of the letters. */
export function estimateWords(text: string, startS: number, endS: number, probability = 1): Word[] {
  const parts = pieces(text);
  const total = parts.reduce((sum, part) => sum + part.length, 0);
  let at = startS;
  return parts.map((part) => {
    const word = { text: part, startS: at, endS: at + ((endS - startS) * part.length) / total, probability };
    at = word.endS;
    return word;
  });
}

/**
 * The pieces of a text with the times of its words, wherever a recogniser cut them ("well", "-known"): a piece lasts from the
 * word of its first letter to the word of its last. Undefined where the words are not those of the text.
 */
export function timePieces(parts: readonly string[], words: readonly Word[] | undefined): Word[] | undefined {
  const wordOfLetter = (words ?? []).flatMap((word) =>
    Array.from(word.text.replace(/\s/g, ''), (letter) => ({ letter, word })),
  );
  let at = 0;
  const timed: Word[] = [];
  for (const part of parts) {
    const letters = Array.from(part.replace(/\s/g, ''));
    const own = wordOfLetter.slice(at, at + letters.length);
    const [first, last] = [own[0]?.word, own.at(-1)?.word];
    if (!first || !last || own.some(({ letter }, i) => letter !== letters[i])) return undefined;
    const probability = Math.min(...own.map(({ word }) => word.probability));
    timed.push({ text: part, startS: first.startS, endS: last.endS, probability });
    at += letters.length;
  }
  return at === wordOfLetter.length ? timed : undefined;
}

/** Less than this is no time to say a word in. */
const SHORTEST_S = 0.05;

/**
 * The words of a caption whose text was edited: words at both ends that are as they were keep their times, those between
 * share the time between. What a person wrote is sure.
 */
export function retimeWords(words: readonly Word[], text: string, startS: number, endS: number): Word[] {
  const parts = pieces(text);
  const same = (word: Word | undefined, part: string | undefined): boolean => word?.text.trim() === part?.trim();
  const shorter = Math.min(words.length, parts.length);
  let head = 0;
  while (head < shorter && same(words[head], parts[head])) head++;
  let foot = 0;
  while (foot < shorter - head && same(words.at(-1 - foot), parts.at(-1 - foot))) foot++;
  const from = (): number => words[head - 1]?.endS ?? startS;
  const to = (): number => words[words.length - foot]?.startS ?? endS;
  if (head + foot < parts.length) {
    // A word put between two that follow each other at once takes its time from them.
    while (to() - from() < SHORTEST_S && (head > 0 || foot > 0)) {
      if (head > 0) head--;
      if (foot > 0) foot--;
    }
  }
  const keep = (kept: readonly Word[], at: number): Word[] =>
    kept.map((word, i) => ({ ...word, text: parts[at + i] ?? word.text }));
  return [
    ...keep(words.slice(0, head), 0),
    ...estimateWords(parts.slice(head, parts.length - foot).join(''), from(), Math.max(from(), to())),
    ...keep(words.slice(words.length - foot), parts.length - foot),
  ];
}

/** The words of a caption whose times were changed: they keep their share of it. */
export function moveWords(words: readonly Word[], from: Span, to: Span): Word[] {
  const scale = from.endS > from.startS ? (to.endS - to.startS) / (from.endS - from.startS) : 0;
  const move = (timeS: number): number => to.startS + (timeS - from.startS) * scale;
  return words.map((word) => ({ ...word, startS: move(word.startS), endS: move(word.endS) }));
}

interface Span {
  startS: number;
  endS: number;
}
