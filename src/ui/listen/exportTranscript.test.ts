import { describe, expect, it } from 'vitest';
import { DEFAULT_LIMITS } from '../../formats/subtitles/shapeCues.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { type ExportChoice, exportTranscript } from './exportTranscript.ts';

const RECORD: TranscriptRecord = {
  id: 't',
  title: 'talk/1: the end?.mp4',
  at: 1,
  origin: 'file',
  language: 'en',
  to: 'pt',
  state: 'finished',
  durationS: 9,
  preview: '',
  recorded: false,
};
const LINES: TranscriptLine[] = [
  { id: 'a', startS: 0, endS: 2, text: 'One house.', translation: 'Uma casa.', translatedFrom: 'One house.' },
  { id: 'b', startS: 2, endS: 4, text: 'Two houses.', translation: 'Duas casas.' },
  { id: 'c', startS: 8, endS: 9, text: 'Three.' },
];
const exported = (choice: Partial<ExportChoice>): ReturnType<typeof exportTranscript> =>
  exportTranscript(RECORD, LINES, { format: 'srt', text: 'original', limits: DEFAULT_LIMITS, ...choice });

describe('exportTranscript', () => {
  it('names the file after the recording and the languages, without what file systems refuse', () => {
    expect(exported({}).name).toBe('talk 1 the end.srt');
    expect(exported({ format: 'vtt', text: 'translation' }).name).toBe('talk 1 the end.pt.vtt');
    expect(exported({ text: 'both', format: 'json' }).name).toBe('talk 1 the end.en-pt.json');
  });

  it('writes both languages into one cue, and leaves out what has no translation', () => {
    expect(exported({ text: 'both' }).content).toContain('One house.\nUma casa.\n');
    expect(exported({ text: 'translation' }).content.match(/-->/g)).toHaveLength(2);
  });

  it('writes paragraphs, parted where nobody spoke', () => {
    expect(exported({ format: 'txt' }).content).toBe('One house. Two houses.\n\nThree.\n');
    expect(exported({ format: 'txt', text: 'both' }).content).toBe(
      'One house. Two houses.\n\nUma casa. Duas casas.\n\nThree.\n',
    );
  });

  it('writes data with times in seconds', () => {
    const data: unknown = JSON.parse(exported({ format: 'json', text: 'both' }).content);
    expect(data).toMatchObject({
      format: 'glossa-transcript',
      language: 'en',
      translatedInto: 'pt',
      segments: [{ startS: 0, endS: 2, text: 'One house.', translation: 'Uma casa.' }, {}, { text: 'Three.' }],
    });
  });

  it('says of each caption what it is in, where several languages are spoken', () => {
    const several = LINES.map((line, i) => ({ ...line, language: i === 1 ? 'pt' : 'en', languageProbability: 0.9 }));
    const write = (format: 'vtt' | 'json' | 'srt', lines: TranscriptLine[]): string =>
      exportTranscript(RECORD, lines, { format, text: 'original', limits: DEFAULT_LIMITS }).content;
    expect(write('vtt', several)).toContain('<lang en>One house.</lang>\n');
    expect(write('vtt', several)).toContain('<lang pt>Two houses.</lang>\n');
    expect(write('vtt', LINES)).not.toContain('<lang');
    expect(write('srt', several)).not.toContain('<lang');
    expect(JSON.parse(write('json', several))).toMatchObject({
      segments: [{ language: 'en', languageProbability: 0.9 }, { language: 'pt' }, {}],
    });
    expect(write('json', LINES).match(/"language"/g)).toHaveLength(1);
  });

  it('counts what cannot be read in time', () => {
    expect(exported({}).tooFast).toBe(0);
    expect(exported({ limits: { ...DEFAULT_LIMITS, charactersPerSecond: 3 } }).tooFast).toBe(1);
  });
});
