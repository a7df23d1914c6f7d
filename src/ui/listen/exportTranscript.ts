import { type Caption, type CueLimits, isTooFast, shapeCues } from '../../formats/subtitles/shapeCues.ts';
import type { Cue } from '../../formats/subtitles/cue.ts';
import { writeSrt, writeVtt } from '../../formats/subtitles/writeSubtitles.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { hasSeveralLanguages, writtenIn } from './lineLanguages.ts';

export const EXPORT_FORMATS = ['srt', 'vtt', 'txt', 'json'] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];
export type ExportText = 'original' | 'translation' | 'both';

export interface ExportChoice {
  format: ExportFormat;
  text: ExportText;
  limits: CueLimits;
}

export interface ExportedFile {
  name: string;
  content: string;
  /** MIME. */
  type: string;
  /** The cues in it that have to be read faster than the limits allow. */
  tooFast: number;
}

const TYPES: Record<ExportFormat, string> = {
  srt: 'application/x-subrip',
  vtt: 'text/vtt',
  txt: 'text/plain',
  json: 'application/json',
};

/** A silence that begins a new paragraph of plain text. Seconds. */
const PARAGRAPH_S = 2;

/** A transcript as a file to take away. */
export function exportTranscript(
  record: TranscriptRecord,
  lines: readonly TranscriptLine[],
  { format, text, limits }: ExportChoice,
): ExportedFile {
  const cues = format === 'srt' || format === 'vtt' ? shapeCues(captions(record, lines, text), limits) : [];
  return {
    name: fileName(record, text, format),
    content: contentOf(record, lines, cues, format, text),
    type: TYPES[format],
    tooFast: cues.filter((cue) => isTooFast(cue, limits)).length,
  };
}

function contentOf(
  record: TranscriptRecord,
  lines: readonly TranscriptLine[],
  cues: Cue[],
  format: ExportFormat,
  text: ExportText,
): string {
  switch (format) {
    case 'srt':
      return writeSrt(cues);
    case 'vtt':
      return writeVtt(cues);
    case 'txt':
      return paragraphs(lines, text);
    case 'json':
      return JSON.stringify(asData(record, lines, text), null, 2);
  }
}

/** What is written of a line, in the order it is read. */
function textsOf({ text, translation = '' }: TranscriptLine, chosen: ExportText): string[] {
  if (chosen === 'original') return [text];
  if (chosen === 'translation') return [translation];
  return [text, translation].filter((each) => each !== '');
}

function captions(record: TranscriptRecord, lines: readonly TranscriptLine[], chosen: ExportText): Caption[] {
  const several = lines.some((line) => writtenIn(line, record) !== writtenIn(lines[0] ?? line, record));
  return lines.map((line) => ({
    startS: line.startS,
    endS: line.endS,
    texts: textsOf(line, chosen),
    words: chosen === 'translation' ? undefined : line.words,
    ...(several && chosen === 'original' ? { language: writtenIn(line, record) } : {}),
  }));
}

function paragraphs(lines: readonly TranscriptLine[], chosen: ExportText): string {
  const groups: TranscriptLine[][] = [];
  lines.forEach((line, i) => {
    const before = lines[i - 1];
    if (!before || line.startS - before.endS >= PARAGRAPH_S) groups.push([]);
    groups.at(-1)?.push(line);
  });
  const joined = (group: TranscriptLine[], of: (line: TranscriptLine) => string): string =>
    group
      .map((line) => of(line).replace(/\s+/g, ' ').trim())
      .filter((text) => text !== '')
      .join(' ');
  const written = groups.flatMap((group) => {
    const original = joined(group, (line) => line.text);
    const translation = joined(group, (line) => line.translation ?? '');
    return chosen === 'original' ? [original] : chosen === 'translation' ? [translation] : [original, translation];
  });
  return `${written.filter((text) => text !== '').join('\n\n')}\n`;
}

/** Everything that is known, for programs: times in seconds. */
function asData(
  { title, language, textLanguage, to }: TranscriptRecord,
  lines: readonly TranscriptLine[],
  chosen: ExportText,
): object {
  const record = { language, ...(textLanguage === undefined ? {} : { textLanguage }) };
  const several = hasSeveralLanguages(lines, record);
  return {
    format: 'glossa-transcript',
    version: 1,
    title,
    ...record,
    ...(chosen === 'original' || to === null ? {} : { translatedInto: to }),
    segments: lines.map(({ startS, endS, text, translation, words, ...line }) => ({
      startS,
      endS,
      ...(several ? { language: line.language ?? language } : {}),
      ...(several && line.languageProbability !== undefined ? { languageProbability: line.languageProbability } : {}),
      ...(chosen === 'translation' ? {} : { text }),
      ...(chosen === 'original' || translation === undefined ? {} : { translation }),
      ...(chosen === 'translation' || !words ? {} : { words }),
    })),
  };
}

/** `talk.srt`; translated `talk.pt.srt`; both `talk.en-pt.srt`. */
function fileName(
  { title, language, textLanguage, to }: TranscriptRecord,
  chosen: ExportText,
  format: ExportFormat,
): string {
  const base =
    title
      .replace(/\.[a-z0-9]{2,5}$/i, '')
      .replace(/[\\/:*?"<>|\p{C}\s]+/gu, ' ')
      .trim() || 'transcript';
  const suffix =
    chosen === 'original' || to === null
      ? ''
      : chosen === 'translation'
        ? `.${to}`
        : `.${textLanguage ?? language}-${to}`;
  return `${base}${suffix}.${format}`;
}
