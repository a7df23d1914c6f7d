import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';

type Languages = Pick<TranscriptRecord, 'language' | 'textLanguage'>;

/** What is spoken in a line. */
export const spokenIn = (line: TranscriptLine, record: Languages): string => line.language ?? record.language;

/** What a line's text is written in. */
export const writtenIn = (line: TranscriptLine, record: Languages): string =>
  line.textLanguage ?? line.language ?? record.textLanguage ?? record.language;

/** Whether more than one language is spoken. */
export function hasSeveralLanguages(lines: readonly TranscriptLine[], record: Languages): boolean {
  const [first] = lines;
  return first !== undefined && lines.some((line) => spokenIn(line, record) !== spokenIn(first, record));
}

/** The lines around one that are spoken in the same language, without a gap, it among them. */
export function runAround(
  lines: readonly TranscriptLine[],
  line: TranscriptLine,
  record: Languages,
): readonly TranscriptLine[] {
  const at = lines.indexOf(line);
  if (at < 0) return [line];
  const differs = (other: TranscriptLine): boolean => spokenIn(other, record) !== spokenIn(line, record);
  const from = lines.slice(0, at).findLastIndex(differs) + 1;
  const next = lines.slice(at).findIndex(differs);
  return lines.slice(from, next < 0 ? lines.length : at + next);
}
