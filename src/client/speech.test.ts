import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import type { LiveAudio } from '../protocol/messages.ts';
import { createGlossa, type ListenOptions, type TranscribeOptions } from './engine.ts';
import { FakeStream } from './fixtures/fakeStream.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';
import type { LiveEvents } from './liveEvents.ts';
import type { CaptureListeners } from './liveSession.ts';

const speech = (id: string, over: object = {}) => model('en', 'en', { id, kind: 'speech', ...over });

let loopback: Loopback;

beforeEach(() => {
  loopback = createLoopback([model('en', 'pt'), model('pt', 'en'), speech('ear')]);
  vi.stubGlobal('navigator', {});
  vi.stubGlobal('MediaStream', FakeStream);
  vi.stubGlobal('reportError', vi.fn());
});

afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

/** A capture that a test speaks through, and what the session told it. It remembers the sound from `rememberedS` on. */
function fakeCapture(rememberedS = 0) {
  let { port1: ours, port2: theirs } = new MessageChannel();
  const told: string[] = [];
  let listeners: CaptureListeners | undefined;
  return {
    told,
    say: (audio: LiveAudio) => ours.postMessage(audio),
    level: (level: LiveEvents['level']) => listeners?.onLevel(level),
    end: (error: EngineError) => listeners?.onEnded(error),
    open: (_: MediaStream, given: CaptureListeners) => {
      listeners = given;
      return Promise.resolve({
        port: theirs,
        reopen: (wantedS: number) => {
          told.push(`reopen ${wantedS}`);
          ours.close();
          ({ port1: ours, port2: theirs } = new MessageChannel());
          return Promise.resolve({ port: theirs, fromS: Math.max(wantedS, rememberedS) });
        },
        pause: () => void told.push('pause'),
        resume: () => void told.push('resume'),
        stop: () => {
          told.push('stop');
          ours.postMessage(null);
        },
        close: () => void told.push('close'),
      });
    },
    close: () => ours.close(),
  };
}

const samples = (length: number): LiveAudio => ({ samples: new Float32Array(length), sampleRateHz: 16_000 });
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};

describe('transcribe', () => {
  const glossa = () => createGlossa({ spawn: loopback.spawn });
  const blob = (text: string) => new Blob([text]);

  it('gives the transcript, and each segment as it comes', async () => {
    const heard: string[] = [];
    const result = await glossa().transcribe(blob('one two'), { onSegment: ({ text }) => heard.push(text) });
    expect(result).toMatchObject({ text: 'one two', language: 'en', ran: { model: 'ear' } });
    expect(heard).toEqual(['one', 'two']);
  });

  it('copies samples, and gives them away where it may', async () => {
    const audio = { samples: new Float32Array(8), sampleRateHz: 8000 };
    expect((await glossa().transcribe(audio)).text).toBe('8 samples');
    expect(audio.samples).toHaveLength(8);
    expect((await glossa().transcribe(audio, { transfer: true })).text).toBe('8 samples');
    expect(audio.samples).toHaveLength(0);
  });

  it.each(['stopped', 'failed'])('hands over what was finished when it is %s', async (how) => {
    const abort = new AbortController();
    const text = how === 'failed' ? 'one two fail:internal' : 'one two slow';
    const options = {
      signal: abort.signal,
      onSegment: ({ text: heard }: { text: string }) => heard === 'two' && how === 'stopped' && abort.abort(),
    };
    await expect(glossa().transcribe(blob(text), options as TranscribeOptions)).rejects.toMatchObject({
      code: how === 'stopped' ? 'aborted' : 'internal',
      partial: [{ text: 'one' }, { text: 'two' }],
    });
  });

  it('says so when samples that were given away went down with a worker that had to be replaced', async () => {
    const page = glossa();
    const abort = new AbortController();
    const deaf = page.transcribe(blob('deaf'), { signal: abort.signal });
    await until(() => loopback.asked.includes('1 transcribe deaf'));
    const audio = { samples: new Float32Array(8), sampleRateHz: 8000 };
    const given = page.transcribe(audio, { transfer: true });
    const copied = page.transcribe(blob('copied'));
    abort.abort();
    await expect(deaf).rejects.toMatchObject({ code: 'aborted' });
    await expect(given).rejects.toMatchObject({ code: 'worker-crashed' });
    expect((await copied).text).toBe('copied');
  });

  it('refuses a language that no model hears, and a model that translates texts', async () => {
    const promise = glossa().transcribe(blob('x'), { language: 'ja' });
    await expect(promise).rejects.toMatchObject({
      code: 'unsupported-language',
      message: 'There is no model that transcribes Japanese. Available: en → en.',
    });
    await expect(glossa().transcribe(blob('x'), { model: 'nobody' })).rejects.toMatchObject({ code: 'model-missing' });
  });

  it('does not take a speech model for a translator', async () => {
    await expect(glossa().translate('x', { from: 'en', to: 'en' })).rejects.toMatchObject({
      code: 'unsupported-language',
    });
  });

  const fine = { samples: new Float32Array(1), sampleRateHz: 16_000 };
  const bad: [string, unknown, object][] = [
    ['a text', 'one', {}],
    ['nothing', undefined, {}],
    ['an empty file', new Blob([]), {}],
    ['no samples', { ...fine, samples: new Float32Array(0) }, {}],
    ['an array for samples', { ...fine, samples: [0] }, {}],
    ['no rate', { samples: fine.samples }, {}],
    ['a rate of 0', { ...fine, sampleRateHz: 0 }, {}],
    ['a rate that is none', { ...fine, sampleRateHz: NaN }, {}],
    ['no beam', fine, { beams: 0 }],
    ['half a beam', fine, { beams: 1.5 }],
    ['another task', fine, { task: 'sing' }],
    ['other timestamps', fine, { timestamps: 'letter' }],
    ['a language that is none', fine, { language: 'english!' }],
    ['a beginning before the beginning', fine, { fromS: -1 }],
  ];
  it.each(bad)('refuses %s with a sentence', async (_, audio, options) => {
    await expect(glossa().transcribe(audio as Blob, options)).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringMatching(/^.{20,}\.$/) as string,
    });
  });
});

describe('listen', () => {
  function session(options: ListenOptions = {}, rememberedS = 0) {
    const capture = fakeCapture(rememberedS);
    const glossa = createGlossa({ spawn: loopback.spawn, openCapture: capture.open });
    const live = glossa.listen(new FakeStream('live'), options);
    const heard: unknown[] = [];
    for (const type of ['state', 'stable', 'tail', 'phrase', 'translation', 'behind', 'error'] as const) {
      live.on(type, (event: unknown) =>
        heard.push(type === 'error' ? [type, (event as EngineError).code] : [type, event]),
      );
    }
    return { ...capture, glossa, live, heard };
  }

  it('tells what it hears, in order, and gives it all when it is stopped', async () => {
    const { live, say, heard, close } = session();
    expect(live.state).toBe('starting');
    say(samples(3));
    say(samples(5));
    await until(() => heard.length >= 7);
    const transcript = await live.stop();
    expect(heard).toMatchObject([
      ['state', 'listening'],
      ['tail', { text: '3 samples' }],
      ['stable', { words: [{ text: '3 samples' }] }],
      ['phrase', { index: 0, segment: { text: '3 samples' }, spokenEndS: 1 }],
      ['tail', { text: '5 samples' }],
      ['stable', {}],
      ['phrase', { index: 1 }],
      ['state', 'ended'],
    ]);
    expect(transcript).toMatchObject({ text: '3 samples 5 samples', ran: { model: 'ear' } });
    expect(live.state).toBe('ended');
    close();
  });

  it('pauses and resumes the capture, and tells levels', async () => {
    const { live, told, level, heard, close } = session();
    await until(() => live.state === 'listening');
    const levels: unknown[] = [];
    const off = live.on('level', (event) => levels.push(event));
    level({ rms: 0.1, peak: 0.5 });
    off();
    level({ rms: 0.2, peak: 0.6 });
    live.pause();
    live.pause();
    expect(live.state).toBe('paused');
    live.resume();
    await live.stop();
    expect(levels).toEqual([{ rms: 0.1, peak: 0.5 }]);
    expect(told.slice(0, 3)).toEqual(['pause', 'resume', 'stop']);
    expect(heard.map((event) => (event as string[])[1])).toEqual(['listening', 'paused', 'listening', 'ended']);
    close();
  });

  it('ends when the sound does, says why, and loses nothing', async () => {
    const { live, say, end, heard, close } = session();
    say(samples(3));
    await until(() => heard.length >= 4);
    end(new EngineError('bad-input', 'The microphone was unplugged.'));
    expect((await live.stop()).text).toBe('3 samples');
    expect(heard.slice(-2)).toEqual([
      ['error', 'bad-input'],
      ['state', 'ended'],
    ]);
    close();
  });

  it.each(['crash', 'failure'])('goes on with another worker after a %s, and says so', async (how) => {
    const { live, say, heard, told, close } = session({ timestamps: 'word' });
    say(samples(3));
    await until(() => heard.length >= 4);
    if (how === 'crash') loopback.workers[1]?.crash();
    else say(samples(0));
    await until(
      () => live.state === 'listening' && loopback.asked.filter((asked) => asked.endsWith('listen')).length === 2,
    );
    say(samples(5));
    await until(() => heard.filter((event) => (event as string[])[0] === 'phrase').length === 2);
    const transcript = await live.stop();
    expect(told).toEqual(['reopen 1', 'stop', 'close']);
    expect(heard.slice(4)).toMatchObject([
      ['tail', { text: '' }],
      ['state', 'starting'],
      ['error', how === 'crash' ? 'worker-crashed' : 'internal'],
      ['state', 'listening'],
      ['tail', { text: '5 samples' }],
      ['stable', { words: [{ startS: 1, endS: 2 }] }],
      ['phrase', { index: 1, segment: { startS: 1, endS: 2 }, spokenEndS: 2 }],
      ['state', 'ended'],
    ]);
    expect(transcript).toMatchObject({ text: '3 samples 5 samples', segments: [{ startS: 0 }, { startS: 1 }] });
    close();
  });

  it('tells the stable words of a phrase whose worker was lost, and has the rest heard again', async () => {
    const { live, say, heard, told, close } = session({ timestamps: 'word' });
    say(samples(1));
    await until(() => heard.length >= 3);
    loopback.workers[1]?.crash();
    await until(() => told.length > 0 && live.state === 'listening');
    const words = [{ text: '1 samples', startS: 0, endS: 1, probability: 1 }];
    expect(heard[4]).toEqual([
      'phrase',
      { index: 0, segment: { startS: 0, endS: 1, text: '1 samples', language: 'en', words }, spokenEndS: 1 },
    ]);
    expect(told).toEqual(['reopen 1']);
    expect((await live.stop()).text).toBe('1 samples');
    close();
  });

  it('names the sound that nobody remembers any more', async () => {
    const { live, say, heard, close } = session({}, 75);
    const messages: string[] = [];
    live.on('error', ({ message }) => messages.push(message));
    say(samples(3));
    await until(() => heard.length >= 4);
    loopback.workers[1]?.crash();
    await until(() => messages.length > 0);
    expect(messages[0]).toContain('74 seconds after second 1 are lost.');
    await live.stop();
    close();
  });

  it('ends with what was said when one worker after the other is lost', async () => {
    const { live, say, heard, told, close } = session();
    say(samples(3));
    await until(() => heard.length >= 4);
    let crashed = 1;
    while (live.state !== 'ended') {
      const worker = loopback.workers[crashed];
      if (worker && live.state === 'listening') {
        worker.crash();
        crashed++;
      }
      await new Promise((resolve) => setTimeout(resolve, 1));
    }
    expect(told.filter((what) => what.startsWith('reopen'))).toHaveLength(3);
    expect(heard.slice(-2)).toEqual([
      ['error', 'worker-crashed'],
      ['state', 'ended'],
    ]);
    expect(await live.stop()).toMatchObject({ text: '3 samples', segments: [{ text: '3 samples' }] });
    close();
  });

  it('stops at once, without an error, when its signal is aborted', async () => {
    const abort = new AbortController();
    const { live, heard, close } = session({ signal: abort.signal });
    await until(() => live.state === 'listening');
    abort.abort();
    expect((await live.stop()).segments).toEqual([]);
    expect(heard).toEqual([
      ['state', 'listening'],
      ['state', 'ended'],
    ]);
    close();
  });

  it('tells an error of its capture, and ends', async () => {
    const refused = () => Promise.reject(new EngineError('bad-input', 'The microphone was refused.'));
    const glossa = createGlossa({ spawn: loopback.spawn, openCapture: refused });
    const live = glossa.listen(new FakeStream('live'));
    const errors: string[] = [];
    live.on('error', (error) => errors.push(error.message));
    expect((await live.stop()).text).toBe('');
    expect(errors).toEqual(['The microphone was refused.']);
  });

  it('goes on when a listener throws', async () => {
    const { live, say, heard, close } = session();
    live.on('phrase', () => {
      throw new Error('the page’s trouble');
    });
    say(samples(3));
    await until(() => heard.length >= 4);
    expect((await live.stop()).text).toBe('3 samples');
    expect(reportError).toHaveBeenCalledOnce();
    close();
  });

  it('translates each phrase, those of one sentence again together, before it ends', async () => {
    const { live, say, heard, close } = session({ to: 'pt' });
    say(samples(3));
    say(samples(5));
    await until(() => heard.filter((event) => (event as string[])[0] === 'phrase').length === 2);
    await live.stop();
    const translations = heard.filter((event) => (event as string[])[0] === 'translation');
    expect(translations).toEqual([
      ['translation', { index: 0, text: '3 SAMPLES' }],
      ['translation', { index: 1, text: '5 SAMPLES' }],
    ]);
    expect(loopback.asked).toContain('2 warmUp en-pt');
    expect(heard.at(-1)).toEqual(['state', 'ended']);
    close();
  });

  it('translates each phrase from the language that it was heard in, and leaves alone what is in the other already', async () => {
    loopback.close();
    loopback = createLoopback([model('en', 'pt'), speech('babel', { from: ['en', 'pt'] })]);
    const { live, say, heard, close } = session({ to: 'pt' });
    say(samples(7));
    say(samples(3));
    await until(() => heard.filter((event) => (event as string[])[0] === 'phrase').length === 2);
    await live.stop();
    expect(heard.filter((event) => (event as string[])[0] === 'translation')).toEqual([
      ['translation', { index: 0, text: '7 samples' }],
      ['translation', { index: 1, text: '3 SAMPLES' }],
    ]);
    // Which translator is needed shows with the first phrase that needs one.
    expect(loopback.asked).toContain('2 warmUp en-pt');
    expect(heard.filter((event) => (event as string[])[0] === 'error')).toEqual([]);
    close();
  });

  it('has a worker of its own, which a file does not wait for and memory does not take', async () => {
    const { live, glossa, close } = session();
    await until(() => live.state === 'listening');
    expect((await glossa.transcribe(new Blob(['a file']))).text).toBe('a file');
    expect(loopback.asked.slice(-2)).toEqual(['1 listen', '2 transcribe a file']);
    const small = createGlossa({ spawn: loopback.spawn, budgetBytes: 1 });
    await small.translate('x', { from: 'en', to: 'pt' });
    expect(live.state).toBe('listening');
    await live.stop();
    close();
  });

  it('refuses what is no stream, and a stream without sound', () => {
    const glossa = createGlossa({ spawn: loopback.spawn });
    for (const stream of [null, {}, new FakeStream(), new FakeStream('ended')]) {
      expect(() => glossa.listen(stream as MediaStream)).toThrow(EngineError);
    }
    expect(() => glossa.listen(new FakeStream('live'), { to: '' })).toThrow(EngineError);
    expect(loopback.asked).toEqual([]);
  });
});

it('warms a speech model up', async () => {
  const glossa = createGlossa({ spawn: loopback.spawn });
  await glossa.warmUpSpeech({ language: 'en-GB' });
  expect(loopback.asked.at(-1)).toBe('1 warmUp ear');
});
