import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import type { Range } from '../../protocol/types.ts';

/** The lines that hold a text in either language, whatever its case or accents. */
export function findLines(lines: readonly TranscriptLine[], query: string): TranscriptLine[] {
  if (query.trim() === '') return [];
  return lines.filter(
    ({ text, translation }) => findIn(text, query).length > 0 || findIn(translation ?? '', query).length > 0,
  );
}

/** Where a text holds another, whatever its case or accents. */
export function findIn(text: string, query: string): Range[] {
  const wanted = fold(query.trim()).join('');
  if (wanted === '') return [];
  // Each character folded by itself, so that a place in the folded text leads back to one in the text.
  const folded = fold(text);
  const starts: number[] = [];
  folded.forEach((part, at) => {
    for (let i = 0; i < part.length; i++) starts.push(at);
  });
  const whole = folded.join('');
  const found: Range[] = [];
  for (let at = whole.indexOf(wanted); at !== -1; at = whole.indexOf(wanted, at + wanted.length)) {
    found.push([starts[at] ?? 0, (starts[at + wanted.length - 1] ?? 0) + 1]);
  }
  return found;
}

/** By UTF-16 unit, so that indices are the text's own. */
const fold = (text: string): string[] =>
  Array.from({ length: text.length }, (_, i) => text.charAt(i).normalize('NFD').replace(/\p{M}/gu, '').toLowerCase());
