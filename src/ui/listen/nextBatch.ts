import { endsSentence } from '../../client/translateSegments.ts';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { needsTranslation } from './lineEdits.ts';

/** Lines translated in one call: enough for whole sentences, few enough to see them come. */
const BATCH = 10;
const LONGEST = 30;

/**
 * The next lines to translate, whole sentences of them: from the sentence that the first untranslated line is in to the end
 * of a sentence. While a transcript grows, its last sentence may not be at its end yet and waits.
 */
export function nextBatch(lines: readonly TranscriptLine[], growing: boolean): TranscriptLine[] {
  const first = lines.findIndex(needsTranslation);
  if (first === -1) return [];
  let from = first;
  while (from > 0 && first - from < LONGEST && !endsSentence(lines[from - 1]?.text ?? '')) from--;
  let to = first + 1;
  const complete = (): boolean => endsSentence(lines[to - 1]?.text ?? '');
  while (to < lines.length && to - from < LONGEST && !(complete() && to - first >= BATCH)) to++;
  if (growing && to === lines.length && to - from < LONGEST) {
    while (to > first && !complete()) to--;
  }
  return lines.slice(from, to).length > 0 && to > first ? lines.slice(from, to) : [];
}
