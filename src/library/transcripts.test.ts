import 'fake-indexeddb/auto';
import { openDB } from 'idb';
import { beforeEach, expect, it } from 'vitest';
import { database } from './database.ts';
import { deleteLibrary, exportLibrary } from './everything.ts';
import { DEFAULT_LISTENING, keepListening, readListening } from './listening.ts';
import {
  deleteTranscripts,
  keepLines,
  keepRecording,
  keepTranscript,
  listTranscripts,
  readLines,
  readRecording,
} from './transcripts.ts';
import type { TranscriptLine, TranscriptRecord } from './transcriptTypes.ts';

// As a first version of the page left it, before the test opens it: nothing in it may be lost.
const old = await openDB('glossa', 1, {
  upgrade(db) {
    db.createObjectStore('history', { keyPath: 'id' }).createIndex('at', 'at');
    db.createObjectStore('glossary', { keyPath: 'id' });
    db.createObjectStore('values');
  },
});
await old.put('history', { id: 'kept', at: 1, from: 'en', to: 'pt', source: 'a', target: 'b' });
old.close();
const historyOfVersionOne = await (await database()).getAll('history');

beforeEach(deleteLibrary);

const record = (id: string, at: number): TranscriptRecord => ({
  id,
  title: id,
  at,
  origin: 'file',
  language: 'en',
  to: null,
  state: 'growing',
  durationS: 0,
  preview: '',
  recorded: false,
});
const line = (id: string, startS: number, text = id): TranscriptLine => ({ id, startS, endS: startS + 1, text });

it('keeps what an older version wrote', () => {
  expect(historyOfVersionOne).toMatchObject([{ id: 'kept' }]);
});

it('lists transcripts newest first and gives their lines in order', async () => {
  await keepTranscript(record('a', 1));
  await keepTranscript(record('b', 2));
  const lines = [line('x', 5), line('y', 1)];
  await keepLines('a', [], lines);
  await keepLines('ab', [], [line('z', 0)]);
  expect((await listTranscripts()).map(({ id }) => id)).toEqual(['b', 'a']);
  expect(await readLines('a')).toEqual([line('y', 1), line('x', 5)]);
});

it('writes what changed and deletes what is no more', async () => {
  const before = [line('x', 1), line('y', 2), line('z', 3)];
  await keepLines('a', [], before);
  const after = [before[0]!, line('y', 2, 'edited'), line('new', 2.5)];
  await keepLines('a', before, after);
  expect((await readLines('a')).map(({ id, text }) => [id, text])).toEqual([
    ['x', 'x'],
    ['y', 'edited'],
    ['new', 'new'],
  ]);
});

it('puts a recording together from its pieces, also after the tenth', async () => {
  expect(await readRecording('a')).toBeNull();
  for (let i = 0; i < 12; i++) await keepRecording('a', i, new Blob([`${i},`], { type: 'audio/webm' }));
  const recording = await readRecording('a');
  expect(recording?.type).toBe('audio/webm');
  expect(await recording?.text()).toBe('0,1,2,3,4,5,6,7,8,9,10,11,');
});

it('deletes a transcript with all that belongs to it, and nothing of another', async () => {
  for (const id of ['a', 'b']) {
    await keepTranscript(record(id, 1));
    await keepLines(id, [], [line('x', 1)]);
    await keepRecording(id, 0, new Blob(['sound']));
  }
  await deleteTranscripts(['a']);
  expect((await listTranscripts()).map(({ id }) => id)).toEqual(['b']);
  expect(await readLines('a')).toEqual([]);
  expect(await readRecording('a')).toBeNull();
  expect(await readLines('b')).toHaveLength(1);
  expect(await readRecording('b')).not.toBeNull();
});

it('exports transcripts with their lines, and deletes them with everything', async () => {
  await keepTranscript(record('a', 1));
  await keepLines('a', [], [line('x', 1)]);
  expect((await exportLibrary()).transcripts).toMatchObject([{ id: 'a', lines: [{ text: 'x' }] }]);
  await deleteLibrary();
  expect((await exportLibrary()).transcripts).toEqual([]);
  expect(await readLines('a')).toEqual([]);
});

it('remembers how captions are shown, and falls back where something else was written', async () => {
  expect(await readListening()).toEqual(DEFAULT_LISTENING);
  const chosen = {
    ...DEFAULT_LISTENING,
    captionSize: 'huge',
    captionLines: 6,
    microphone: 'x',
    lineLength: 37,
  } as const;
  await keepListening(chosen);
  expect(await readListening()).toEqual(chosen);
  await (await database()).put('values', { captionSize: 'giant', lineLength: 4000, announce: false }, 'listening');
  expect(await readListening()).toEqual({ ...DEFAULT_LISTENING, announce: false });
});
