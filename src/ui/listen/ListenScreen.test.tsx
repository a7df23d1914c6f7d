// @vitest-environment happy-dom
import 'fake-indexeddb/auto';
import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react';
import { afterEach, beforeAll, beforeEach, expect, it, vi } from 'vitest';
import type { Glossa } from '../../client/engine.ts';
import { startI18n } from '../../i18n/i18n.ts';
import en from '../../i18n/en.json' with { type: 'json' };
import { deleteLibrary } from '../../library/everything.ts';
import { DEFAULT_LISTENING, keepListening } from '../../library/listening.ts';
import { DEFAULT_SETTINGS } from '../../library/settings.ts';
import { keepLines, keepTranscript, listTranscripts, readLines } from '../../library/transcripts.ts';
import { RestartedError } from '../../client/liveRecovery.ts';
import { abortedError, EngineError } from '../../protocol/errors.ts';
import { App } from '../App.tsx';
import { EMPTY_DRAFT } from '../DeskContext.tsx';
import { fakeGlossa, type FakeSession, fakeSession, HEARD } from '../fakeGlossa.fixture.ts';
import { GlossaContext } from '../useTask.ts';

beforeAll(async () => {
  vi.stubGlobal('IS_REACT_ACT_ENVIRONMENT', true);
  await startI18n('en');
  // Loaded once here, and not within the time of the first test.
  await import('./ListenScreen.tsx');
});
beforeEach(async () => {
  await deleteLibrary();
  history.replaceState(null, '', '#listen');
});
afterEach(async () => {
  cleanup();
  // The screen writes what it has not written yet as it goes.
  await new Promise((resolve) => setTimeout(resolve, 50));
});

async function open(glossa: Glossa = fakeGlossa()): Promise<void> {
  render(
    <GlossaContext value={glossa}>
      <App settings={DEFAULT_SETTINGS} draft={EMPTY_DRAFT} models={null} keepShell={() => undefined} />
    </GlossaContext>,
  );
  await screen.findByRole('heading', { name: en.home.live });
}

const SRT = '1\n00:00:01,000 --> 00:00:03,000\nThe house is blue.\n\n2\n00:00:04,000 --> 00:00:05,000\nNobody knows.\n';

function drop(...files: File[]): void {
  const target = document.querySelector('.listen-screen');
  if (!target) throw new Error('There is no listen screen.');
  fireEvent.drop(target, { dataTransfer: { types: ['Files'], files, items: [] } });
}
const shownLines = (): (string | null)[] =>
  [...document.querySelectorAll('.line-text')].map((line) => line.textContent);
const button = (name: string | RegExp): HTMLElement => screen.getByRole('button', { name });

it('opens subtitles, edits a line in one step of undo, and keeps what was edited', async () => {
  await open();
  drop(new File([SRT], 'talk.srt'));
  await waitFor(() => expect(shownLines()).toEqual(['The house is blue.', 'Nobody knows.']));
  fireEvent.click(button('Edit the caption at 0:01'));
  const field = screen.getByRole('textbox', { name: en.lines.text });
  fireEvent.change(field, { target: { value: 'The house is red.' } });
  fireEvent.change(screen.getByRole('textbox', { name: en.lines.start }), { target: { value: '0:00.5' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  expect(shownLines()).toEqual(['The house is red.', 'Nobody knows.']);
  await waitFor(async () =>
    expect((await readLines((await listTranscripts())[0]?.id ?? ''))[0]).toMatchObject({
      text: 'The house is red.',
      startS: 0.5,
      endS: 3,
    }),
  );
  fireEvent.keyDown(document.body, { key: 'z', code: 'KeyZ', ctrlKey: true });
  expect(shownLines()[0]).toBe('The house is blue.');
  fireEvent.click(button(en.redo));
  expect(shownLines()[0]).toBe('The house is red.');
  expect(button(en.redo).hasAttribute('disabled')).toBe(true);
});

it('replaces what is found in all lines, in one step of undo', async () => {
  await open();
  drop(new File([SRT.replace('Nobody', 'The House')], 'talk.srt'));
  await waitFor(() => expect(shownLines()).toEqual(['The house is blue.', 'The House knows.']));
  fireEvent.change(screen.getByRole('searchbox', { name: en.transcript.search }), { target: { value: 'house' } });
  fireEvent.change(screen.getByRole('textbox', { name: en.transcript.replaceWith }), { target: { value: 'barn' } });
  fireEvent.click(button(en.transcript.replaceAll));
  expect(shownLines()).toEqual(['The barn is blue.', 'The barn knows.']);
  expect(screen.getByText('Replaced in 2 lines')).toBeTruthy();
  fireEvent.click(button(en.undo));
  expect(shownLines()).toEqual(['The house is blue.', 'The House knows.']);
  fireEvent.click(button(en.transcript.replace));
  expect(shownLines()).toEqual(['The barn is blue.', 'The House knows.']);
});

it('refuses a time that is none, and leaves the line as it was at Escape', async () => {
  await open();
  drop(new File([SRT], 'talk.srt'));
  fireEvent.click(await screen.findByRole('button', { name: 'Edit the caption at 0:01' }));
  const start = screen.getByRole('textbox', { name: en.lines.start });
  fireEvent.change(start, { target: { value: 'soon' } });
  expect(screen.getByText(en.lines.wrongTime)).toBeTruthy();
  fireEvent.keyDown(start, { key: 'Enter' });
  expect(screen.getByRole('textbox', { name: en.lines.start })).toBeTruthy();
  fireEvent.keyDown(start, { key: 'Escape' });
  expect(shownLines()).toEqual(['The house is blue.', 'Nobody knows.']);
});

it('says so when a file holds no captions', async () => {
  await open();
  drop(new File(['Dear reader'], 'letter.srt'));
  expect(await screen.findByText(/letter\.srt holds no captions/)).toBeTruthy();
  expect(await listTranscripts()).toEqual([]);
});

it('writes a recording down, marks unsure words, finds words, and translates whole sentences', async () => {
  const translateSegments = vi.fn<Glossa['translateSegments']>((segments) =>
    Promise.resolve(segments.map(({ text }) => text.toUpperCase())),
  );
  await open(fakeGlossa({ translateSegments }));
  drop(new File(['sound'], 'talk.mp3', { type: 'audio/mpeg' }));
  await waitFor(() => expect(shownLines()).toEqual(HEARD.map(({ text }) => text.trim())));
  expect([...document.querySelectorAll('.unsure')].map((word) => word.textContent)).toEqual(['Nobody']);
  expect(screen.getByTestId('ran').textContent).toContain('12× as fast');

  fireEvent.change(screen.getByRole('searchbox'), { target: { value: 'KNOWS' } });
  expect(document.querySelector('mark')?.textContent).toBe('knows');
  fireEvent.change(screen.getByRole('searchbox'), { target: { value: '' } });

  fireEvent.click(button(new RegExp(`English ${en.home.translate}|${en.home.translate}`)));
  fireEvent.click(await screen.findByRole('option', { name: 'English → Portuguese' }));
  await waitFor(() =>
    expect([...document.querySelectorAll('.line-translation')].map((line) => line.textContent)).toEqual([
      'THE HOUSE IS BLUE.',
      'NOBODY KNOWS',
      'WHY IT IS.',
    ]),
  );
  // An edit sends the sentence that it is in, and no other.
  fireEvent.click(button('Edit the caption at 0:04'));
  const field = screen.getByRole('textbox', { name: 'English' });
  fireEvent.change(field, { target: { value: 'why it was.' } });
  fireEvent.keyDown(field, { key: 'Enter' });
  await waitFor(() => expect(document.querySelectorAll('.line-translation')[2]?.textContent).toBe('WHY IT WAS.'));
  expect(translateSegments.mock.lastCall?.[0].map(({ text }) => text)).toEqual(['Nobody knows', 'why it was.']);
});

it('keeps what was heard when a file is stopped or fails, and takes away what nothing was heard of', async () => {
  let onSegment: ((segment: (typeof HEARD)[number]) => void) | undefined;
  await open(
    fakeGlossa({
      transcribe: (audio, options) => {
        if (audio instanceof Blob && audio.size === 1) {
          return Promise.reject(new EngineError('bad-input', 'There is no sound in it.'));
        }
        onSegment = options?.onSegment;
        return new Promise((_, reject) => {
          options?.signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'Stopped.')));
        });
      },
    }),
  );
  drop(new File(['x'], 'empty.mp4'));
  expect(await screen.findByText(/empty\.mp4: .*There is no sound in it/)).toBeTruthy();
  await waitFor(async () => expect(await listTranscripts()).toEqual([]));

  drop(new File(['long'], 'long.mp4', { type: 'video/mp4' }));
  await waitFor(() => expect(onSegment).toBeDefined());
  act(() => onSegment?.(HEARD[0]!));
  fireEvent.click(button(en.stop));
  expect(await screen.findByText(en.transcript.stopped)).toBeTruthy();
  expect(shownLines()).toEqual(['The house is blue.']);
  await waitFor(async () => expect(await listTranscripts()).toMatchObject([{ state: 'stopped', title: 'long.mp4' }]));
});

it('hears the rest of a file that was stopped, and of one whose worker was lost', async () => {
  let stopAt = HEARD.length;
  let crashes = 0;
  const froms: (number | undefined)[] = [];
  await open(
    fakeGlossa({
      transcribe: async (_, options) => {
        const fromS = options?.fromS ?? 0;
        froms.push(fromS);
        for (const [i, segment] of HEARD.entries()) {
          if (segment.startS < fromS) continue;
          if (i === stopAt) {
            if (crashes-- > 0) throw new EngineError('worker-crashed', 'It is gone.');
            await new Promise((_resolve, reject) =>
              options?.signal?.addEventListener('abort', () => reject(abortedError())),
            );
          }
          options?.onSegment?.(segment);
        }
        return { text: '', language: 'en', segments: [], ran: { model: 'ear', provider: 'wasm', threads: 1, ms: 1 } };
      },
    }),
  );
  const all = HEARD.map(({ text }) => text.trim());
  stopAt = 1;
  drop(new File(['long'], 'long.mp4', { type: 'video/mp4' }));
  await waitFor(() => expect(shownLines()).toEqual(all.slice(0, 1)));
  fireEvent.click(button(en.stop));
  stopAt = HEARD.length;
  fireEvent.click(await screen.findByRole('button', { name: en.continue }));
  await waitFor(() => expect(shownLines()).toEqual(all));
  expect(screen.queryByText(en.transcript.stopped)).toBeNull();
  expect(froms).toEqual([0, HEARD[0]?.endS]);

  fireEvent.click(button(en.transcript.back));
  [stopAt, crashes] = [1, 1];
  drop(new File(['crash'], 'crash.mp4', { type: 'video/mp4' }));
  await waitFor(() => expect(froms).toHaveLength(4));
  stopAt = HEARD.length;
  fireEvent.click(button(en.stop));
  fireEvent.click(await screen.findByRole('button', { name: en.continue }));
  await waitFor(() => expect(shownLines()).toEqual(all));
});

it('lists transcripts, says which were interrupted, and gives a deleted one back', async () => {
  await keepTranscript({
    id: 't',
    title: 'old talk',
    at: 1,
    origin: 'microphone',
    language: 'en',
    to: null,
    state: 'growing',
    durationS: 61,
    preview: 'The house',
    recorded: false,
  });
  await keepLines('t', [], [{ id: 'a', startS: 60, endS: 61, text: 'The house is blue.' }]);
  await open();
  const entry = await screen.findByRole('button', { name: /^old talk/ });
  expect(entry.textContent).toContain(en.transcripts.interrupted);
  expect(entry.textContent).toContain('1:01');
  fireEvent.click(button('Delete “old talk”'));
  await waitFor(() => expect(screen.queryByRole('button', { name: /^old talk/ })).toBeNull());
  expect(await readLines('t')).toEqual([]);
  fireEvent.click(button(en.undo));
  fireEvent.click(await screen.findByRole('button', { name: /^old talk/ }));
  await waitFor(() => expect(shownLines()).toEqual(['The house is blue.']));
  expect(screen.getByText(en.transcript.interrupted)).toBeTruthy();
});

/** A microphone that works, or fails as browsers do. */
function stubMicrophone(failure?: string): { stopped: () => boolean } {
  let stopped = false;
  const track = { label: 'Desk microphone', stop: () => (stopped = true) };
  const stream = { getTracks: () => [track], getAudioTracks: () => [track] };
  Object.defineProperty(navigator, 'mediaDevices', {
    configurable: true,
    value: {
      getUserMedia: () =>
        failure === undefined ? Promise.resolve(stream) : Promise.reject(new DOMException('No.', failure)),
      enumerateDevices: () => Promise.resolve([]),
      addEventListener: () => undefined,
      removeEventListener: () => undefined,
    },
  });
  return { stopped: () => stopped };
}

it('shows live captions in two tones, keeps each phrase, and ends in a transcript', async () => {
  const microphone = stubMicrophone();
  await keepListening({ ...DEFAULT_LISTENING, translateTo: 'pt', captionColours: 'yellow' });
  let session: FakeSession = fakeSession();
  const listen = vi.fn<Glossa['listen']>(() => (session = fakeSession()));
  await open(fakeGlossa({ listen }));
  await screen.findByRole('button', { name: /Portuguese/ });
  fireEvent.click(button(en.home.microphone));
  await screen.findByRole('region', { name: en.live.label });
  expect(listen.mock.lastCall?.[1]).toMatchObject({ to: 'pt', timestamps: 'word' });

  act(() => {
    session.resume();
    session.emit('stable', { words: HEARD[0]!.words!.slice(0, 2) });
    session.emit('tail', { text: ' is bl' });
  });
  const stage = document.querySelector('.caption-stage');
  expect(stage?.textContent).toBe('The house is bl');
  expect(stage?.querySelector('.caption-tail')?.textContent).toBe(' is bl');
  expect(stage?.classList.contains('yellow')).toBe(true);
  act(() => {
    session.emit('phrase', { index: 0, segment: HEARD[0]!, spokenEndS: 2 });
    session.emit('translation', { index: 0, text: 'A casa é azul.' });
    session.emit('behind', { seconds: 7 });
  });
  expect(stage?.textContent).toBe('The house is blue.A casa é azul.');
  expect(screen.getByText(/5 seconds behind/)).toBeTruthy();
  // A reload now would lose nothing.
  await waitFor(async () =>
    expect(await readLines((await listTranscripts())[0]?.id ?? '')).toMatchObject([
      { text: 'The house is blue.', translation: 'A casa é azul.' },
    ]),
  );
  const crash = new EngineError('worker-crashed', 'It crashed.');
  act(() => session.emit('error', new RestartedError(crash, 65, 65)));
  expect(screen.getByRole('alert').textContent).toBe(en.live.restarted);
  act(() => session.emit('error', new RestartedError(crash, 65, 80)));
  expect(screen.getByRole('alert').textContent).toMatch(/15 seconds after 1:05 is lost/);
  fireEvent.click(button(en.live.finish));
  await waitFor(() => expect(shownLines()).toEqual(['The house is blue.']));
  expect(microphone.stopped()).toBe(true);
  await waitFor(async () => expect(await listTranscripts()).toMatchObject([{ state: 'finished' }]));
});

it.each([
  ['NotAllowedError', en.capture.refused],
  ['NotFoundError', en.capture['no-device']],
  ['NotReadableError', en.capture.busy],
])('says what to do at %s, and begins nothing', async (name, sentence) => {
  stubMicrophone(name);
  await open();
  fireEvent.click(button(en.home.microphone));
  expect((await screen.findByRole('alert')).textContent).toBe(sentence);
  expect(await listTranscripts()).toEqual([]);
});

it('keeps nothing of a session in which nobody spoke', async () => {
  stubMicrophone();
  await open();
  fireEvent.click(button(en.home.microphone));
  fireEvent.click(await screen.findByRole('button', { name: en.live.finish }));
  expect(await screen.findByText(en.live.nothing)).toBeTruthy();
  await waitFor(async () => expect(await listTranscripts()).toEqual([]));
});

it('fetches the model at the first use, saying how large it is, and goes on by itself', async () => {
  stubMicrophone();
  const installed = await fakeGlossa().models.list();
  let models = installed.map((model) =>
    model.kind === 'speech' ? { ...model, state: 'available' as const, storedBytes: 0 } : model,
  );
  const glossa = fakeGlossa();
  await open({
    ...glossa,
    models: {
      ...glossa.models,
      list: () => Promise.resolve(models),
      install: (id) => {
        models = installed;
        return Promise.resolve(installed.find((model) => model.id === id) ?? installed[0]!);
      },
    },
  });
  expect(await screen.findByText(/is 41 MB\. It is fetched once/)).toBeTruthy();
  fireEvent.click(button(en.home.microphone));
  await screen.findByRole('region', { name: en.live.label });
});

it('works on behind another door', async () => {
  await open(
    fakeGlossa({
      transcribe: (_, { signal, onSegment } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'Stopped.')));
          setTimeout(() => onSegment?.(HEARD[0]!), 50);
        }),
    }),
  );
  drop(new File(['long'], 'long.mp3'));
  await screen.findByText(en.transcript.listening);
  fireEvent.click(button(en.doors.translate));
  expect(screen.getByRole('textbox', { name: en.source.label })).toBeTruthy();
  expect(location.hash).toBe('');
  await waitFor(() => expect(shownLines()).toEqual(['The house is blue.']));
  fireEvent.click(button(en.doors.listen));
  expect(location.hash).toBe('#listen');
  expect(button(en.stop)).toBeTruthy();
});

it('shows what each line is in where that changes, and hears a stretch again without losing what the reader changed', async () => {
  const engine = fakeGlossa();
  const babel = (await engine.models.list()).find(({ kind }) => kind === 'speech')!;
  const asked: unknown[] = [];
  const said = (text: string, startS: number, language: string) => ({ startS, endS: startS + 1, text, language });
  const transcript = (language: string) => ({
    text: '',
    language,
    segments: [said('eins', 0, 'de'), said('zwei', 2, 'de'), said('drei', 4, 'de')],
    ran: { model: 'babel', provider: 'wasm' as const, threads: 1, ms: 1 },
  });
  await open({
    ...engine,
    models: {
      ...engine.models,
      list: () => Promise.resolve([{ ...babel, from: ['en', 'pt', 'de'], to: ['en'], state: 'installed' }]),
    },
    transcribe: (_, options = {}) => {
      asked.push([options.language, options.fromS, options.untilS]);
      if (asked.length > 1) return Promise.resolve(transcript('de'));
      options.onSegment?.({ ...said('one', 0, 'en'), languageProbability: 0.9 });
      options.onSegment?.({ ...said('dois', 2, 'pt'), languageProbability: 0.6 });
      options.onSegment?.({ ...said('three', 4, 'en'), languageProbability: 0.9 });
      return Promise.resolve(transcript('en'));
    },
  });
  expect(button(new RegExp(en.spoken.detect))).toBeTruthy();
  drop(new File(['x'], 'talk.wav', { type: 'audio/wav' }));
  await waitFor(() => expect(shownLines()).toEqual(['one', 'dois', 'three']));
  fireEvent.click(button('Edit the caption at 0:04'));
  fireEvent.change(screen.getByRole('textbox', { name: en.lines.text }), { target: { value: 'tree' } });
  fireEvent.click(button(en.lines.done));
  expect(screen.getByTitle('Portuguese (60% sure)').textContent).toBe('pt');
  fireEvent.click(button('Portuguese (60% sure), at 0:02: correct the language'));
  const dialog = within(screen.getByRole('dialog'));
  fireEvent.click(dialog.getByText(en.spoken.all));
  fireEvent.click(dialog.getByRole('button', { name: en.spoken.hear }));
  await waitFor(() => expect(shownLines()).toEqual(['eins', 'zwei', 'tree']));
  expect(asked).toEqual([
    ['auto', 0, undefined],
    ['pt', 0, 5.3],
  ]);
  fireEvent.click(button(en.undo));
  expect(shownLines()).toEqual(['one', 'dois', 'tree']);
});

it('says that nothing can be heard again where the sound is not there', async () => {
  const record = {
    id: 't',
    title: 'talk',
    at: 1,
    origin: 'file' as const,
    language: 'pt',
    to: null,
    state: 'finished' as const,
    durationS: 2,
    preview: 'olá',
    recorded: false,
  };
  await keepTranscript(record);
  await keepLines('t', [], [{ id: 'a', startS: 0, endS: 1, text: 'olá' }]);
  const engine = fakeGlossa();
  const ear = (await engine.models.list()).find(({ kind }) => kind === 'speech')!;
  const list = () => Promise.resolve([{ ...ear, from: ['en', 'pt'], to: ['en'], state: 'installed' as const }]);
  await open({ ...engine, models: { ...engine.models, list } });
  fireEvent.click(await screen.findByRole('button', { name: /olá/ }));
  fireEvent.click(await screen.findByRole('button', { name: /^Spoken: Portuguese/ }));
  expect(screen.getByText(en.spoken.noSound)).toBeTruthy();
  expect(button(en.spoken.hear).hasAttribute('disabled')).toBe(true);
});
