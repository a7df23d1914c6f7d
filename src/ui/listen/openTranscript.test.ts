import 'fake-indexeddb/auto';
import { beforeEach, expect, it, vi } from 'vitest';
import { deleteLibrary } from '../../library/everything.ts';
import { listTranscripts, readLines } from '../../library/transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { OpenTranscript } from './openTranscript.ts';

const RECORD: TranscriptRecord = {
  id: 't',
  title: 'talk',
  at: 1,
  origin: 'file',
  language: 'en',
  to: null,
  state: 'growing',
  durationS: 0,
  preview: '',
  recorded: false,
};
const line = (id: string, startS: number, text = id): TranscriptLine => ({ id, startS, endS: startS + 1, text });
const open = (lines: TranscriptLine[] = [], id = 't'): OpenTranscript =>
  new OpenTranscript({ ...RECORD, id }, lines, () => undefined);
const texts = (transcript: OpenTranscript): string[] => transcript.snapshot().lines.map(({ text }) => text);

beforeEach(deleteLibrary);

it('undoes and redoes what the reader did, and nothing that the engine did meanwhile', () => {
  const [a, b] = [line('a', 0), line('b', 2)];
  const transcript = open([a, b]);
  transcript.edit([a], [line('a', 0, 'edited')]);
  transcript.append(line('c', 4));
  transcript.edit([b], []);
  expect(texts(transcript)).toEqual(['edited', 'c']);
  transcript.undo();
  transcript.undo();
  expect(texts(transcript)).toEqual(['a', 'b', 'c']);
  expect(transcript.snapshot()).toMatchObject({ canUndo: false, canRedo: true });
  transcript.undo();
  transcript.redo();
  transcript.redo();
  expect(texts(transcript)).toEqual(['edited', 'c']);
  transcript.undo();
  transcript.edit([], [line('d', 1)]);
  expect(transcript.snapshot().canRedo).toBe(false);
  expect(texts(transcript)).toEqual(['edited', 'd', 'b', 'c']);
});

it('makes no step of an edit that changes nothing', () => {
  const a = line('a', 0);
  const transcript = open([a]);
  transcript.edit([a], [a]);
  expect(transcript.snapshot().canUndo).toBe(false);
});

it('takes translations for the lines that are still there', () => {
  const transcript = open([line('a', 0)]);
  transcript.replace([
    { ...line('a', 0), translation: 'A', translatedFrom: 'a' },
    { ...line('gone', 1), translation: 'X' },
  ]);
  expect(transcript.snapshot().lines).toEqual([{ ...line('a', 0), translation: 'A', translatedFrom: 'a' }]);
});

it('is in the library a moment after each change, with its length and how it begins', async () => {
  const transcript = open([], 'kept');
  for (let i = 0; i < 3; i++) transcript.append(line(String(i), i, 'word '.repeat(40).trim()));
  await vi.waitFor(async () => expect(await readLines('kept')).toHaveLength(3));
  const record = (await listTranscripts()).find(({ id }) => id === 'kept');
  expect(record).toMatchObject({ durationS: 3, title: 'talk' });
  expect(record?.preview.length).toBe(240);
  transcript.edit([transcript.snapshot().lines[1]!], []);
  await transcript.keep();
  expect(await readLines('kept')).toHaveLength(2);
});

it('tells its listeners of each change until they leave', () => {
  const transcript = open();
  const listener = vi.fn();
  const leave = transcript.subscribe(listener);
  transcript.append(line('a', 0));
  transcript.change({ title: 'other' });
  leave();
  transcript.append(line('b', 0));
  expect(listener).toHaveBeenCalledTimes(2);
  expect(transcript.snapshot().record.title).toBe('other');
});

it('is in the language that is spoken for the longest time, also after an undo', () => {
  const spoken = (id: string, startS: number, language: string): TranscriptLine => ({ ...line(id, startS), language });
  const transcript = open();
  for (const each of [spoken('a', 0, 'pt'), spoken('b', 1, 'en'), spoken('c', 2, 'pt')]) transcript.append(each);
  expect(transcript.snapshot().record.language).toBe('pt');
  const { lines } = transcript.snapshot();
  transcript.edit(lines, [{ ...spoken('d', 0, 'de'), textLanguage: 'en' }]);
  expect(transcript.snapshot().record).toMatchObject({ language: 'de', textLanguage: 'en' });
  transcript.undo();
  expect(transcript.snapshot().record).toMatchObject({ language: 'pt' });
  expect(transcript.snapshot().record).not.toHaveProperty('textLanguage');
});
