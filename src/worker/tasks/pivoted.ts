import type { Original } from '../../protocol/messages.ts';
import type { Link, Range, Warning } from '../../protocol/types.ts';
import { copied, lostItems } from '../features/checks.ts';
import type { SourceSentence } from './document.ts';
import type { Glossary, WantedTerm } from './glossary.ts';
import { lostTerms } from './sentence.ts';

/**
 * What the translation of a sentence in the pivot language must hold: the terms of its original, each for the pivot words
 * that it became. A term that the first alignment leads nowhere, or out of the sentence, is not placed.
 */
export function carriedTerms(
  { range: [start], text }: SourceSentence,
  { text: original, alignment }: Original,
  glossary: Glossary,
): WantedTerm[] {
  const carried: WantedTerm[] = [];
  for (const term of glossary.find(original)) {
    const pivot = pivotRange(term.range, alignment);
    if (!pivot) continue;
    const range: Range = [pivot[0] - start, pivot[1] - start];
    const isInside = range[0] >= 0 && range[1] <= text.length;
    if (isInside && !carried.some((other) => touch(other.range, range))) carried.push({ ...term, range });
  }
  return carried.sort((a, b) => a.range[0] - b.range[0]);
}

/** From the first to the last of the words that are linked most strongly to the words of a range. */
function pivotRange(range: Range, alignment: Link[]): Range | null {
  const strongest = new Map<number, Link>();
  for (const link of alignment) {
    const [word] = link.source;
    if (touch(link.source, range) && link.weight > (strongest.get(word)?.weight ?? 0)) strongest.set(word, link);
  }
  if (strongest.size === 0) return null;
  const targets = [...strongest.values()].map(({ target }) => target);
  return [Math.min(...targets.map(([from]) => from)), Math.max(...targets.map(([, to]) => to))];
}

/** What a translation through a third language lost of its original, wherever on the way; ranges are in the original. */
export function judged(original: string, target: string, glossary: Glossary): Warning[] {
  return [...lostItems(original, target), ...lostTerms(glossary.find(original), target), ...copied(original, target)];
}

const touch = (a: Range, b: Range): boolean => a[0] < b[1] && b[0] < a[1];
