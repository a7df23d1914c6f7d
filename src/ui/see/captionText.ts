import type { Caption, CaptionWord } from '../../protocol/types.ts';

/** Longer than this, screen readers of old cut an alternative text, and nobody likes to hear it. Characters. */
export const LONGEST_ALT = 125;

/** A caption as a sentence: it begins with a capital and ends in a full stop, so that a voice pauses after it. */
export function asSentence(text: string): string {
  const trimmed = text.trim();
  if (trimmed === '') return '';
  return trimmed.charAt(0).toUpperCase() + trimmed.slice(1) + (/[.!?…]$/.test(trimmed) ? '' : '.');
}

/** How far a caption can be trusted, in three steps. */
export type Trust = 'sure' | 'fair' | 'unsure';

/** From here on a caption is right more often than a reader would look twice. */
const SURE = 0.7;

export const trustIn = ({ unsure, confidence }: Pick<Caption, 'unsure' | 'confidence'>): Trust =>
  unsure ? 'unsure' : confidence >= SURE ? 'sure' : 'fair';

/** A piece of a text: a word or what stands between two; `from`: the word of the caption that it is. */
export interface TextPiece {
  text: string;
  from: CaptionWord | null;
}

/**
 * A text cut into words and what stands between them, each word with the caption's word that it still is: also after an
 * edit, by the longest common subsequence of both.
 */
export function pairWords(text: string, words: readonly CaptionWord[]): TextPiece[] {
  const pieces = text.match(/[\p{L}\p{N}]+(?:['’-][\p{L}\p{N}]+)*|[^\p{L}\p{N}]+/gu) ?? [];
  const isWord = (piece: string): boolean => /[\p{L}\p{N}]/u.test(piece);
  const said = words.map(({ text: word }) => fold(word));
  const written = pieces.filter(isWord).map(fold);
  const from = commonSubsequence(written, said);
  let at = 0;
  return pieces.map((piece) => ({ text: piece, from: isWord(piece) ? (words[from[at++] ?? -1] ?? null) : null }));
}

const fold = (word: string): string => word.toLowerCase().replace(/[^\p{L}\p{N}]/gu, '');

/** For each of `a`, the index of its partner in `b`, or -1. */
function commonSubsequence(a: readonly string[], b: readonly string[]): number[] {
  const length = Array.from({ length: a.length + 1 }, () => new Array<number>(b.length + 1).fill(0));
  for (let i = a.length - 1; i >= 0; i--) {
    for (let j = b.length - 1; j >= 0; j--) {
      length[i]![j] = a[i] === b[j] ? length[i + 1]![j + 1]! + 1 : Math.max(length[i + 1]![j]!, length[i]![j + 1]!);
    }
  }
  const partners = new Array<number>(a.length).fill(-1);
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    if (a[i] === b[j]) partners[i++] = j++;
    else if (length[i + 1]![j]! >= length[i]![j + 1]!) i++;
    else j++;
  }
  return partners;
}
