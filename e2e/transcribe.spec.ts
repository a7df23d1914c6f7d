import { expect, openApp, test } from './fixtures.ts';
import { residentBytes } from './memory.ts';
import { BECKETT, giveRecording, TWO_CITIES, wordErrors } from './speech.ts';

const MEGABYTE = 2 ** 20;

/** Where a voice sets in after a pause, by the waveform of the recording. */
const ONSETS_S = [
  1.21, 5.04, 6.69, 8.82, 10.77, 13.49, 15.15, 17.57, 18.98, 21.25, 24.66, 26.58, 29.12, 29.94, 32.79, 37.01, 38.7,
];

test('writes a recording down, with the time of every word', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'two_cities.flac');
  const { transcript, segments, progress } = await page.evaluate(async () => {
    const segments: string[] = [];
    const progress: { stage: string; done: number; total: number; unit: string }[] = [];
    const transcript = await glossa.transcribe(recording(), {
      timestamps: 'word',
      onSegment: ({ text }) => segments.push(text),
      onProgress: (value) => progress.push(value),
    });
    return { transcript, segments, progress };
  });
  expect(wordErrors(transcript.text, TWO_CITIES)).toBeLessThanOrEqual(3);
  expect(transcript).toMatchObject({ language: 'en', ran: { model: 'whisper-tiny.en' } });
  expect(segments.join(' ')).toBe(transcript.text);
  expect(transcript.segments.map(({ text }) => text)).toEqual(segments);

  let last = 0;
  for (const { startS, endS, text, words = [] } of transcript.segments) {
    expect(words.map((word) => word.text).join('')).toBe(text);
    expect([words[0]?.startS, words.at(-1)?.endS]).toEqual([startS, endS]);
    for (const word of words) {
      expect(word.startS).toBeGreaterThanOrEqual(last - 1e-6);
      expect(word.endS).toBeGreaterThan(word.startS);
      expect(word.probability).toBeGreaterThan(0);
      last = word.endS;
    }
  }
  expect(last).toBeLessThanOrEqual(44.4);

  const starts = transcript.segments.flatMap((segment) => (segment.words ?? []).map((word) => word.startS));
  for (const onsetS of ONSETS_S) expect(Math.min(...starts.map((at) => Math.abs(at - onsetS)))).toBeLessThan(0.15);

  const decode = progress.filter(({ stage }) => stage === 'decode');
  expect(decode.at(-1)).toMatchObject({ unit: 'seconds' });
  expect(decode.at(-1)?.done).toBe(decode.at(-1)?.total);
  expect(decode.at(-1)?.total).toBeCloseTo(44.4, 0);
});

test('hears samples of any rate, and as many channels as there are', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  const texts = await page.evaluate(async () => {
    const texts: string[] = [];
    const bytes = await recording().arrayBuffer();
    for (const sampleRateHz of [8000, 44_100, 96_000]) {
      const context = new OfflineAudioContext(1, 1, sampleRateHz);
      const samples = (await context.decodeAudioData(bytes.slice(0))).getChannelData(0);
      texts.push((await glossa.transcribe({ samples, sampleRateHz }, { transfer: true })).text);
    }
    // Six channels, all but the first silent.
    const mono = new Int16Array(bytes, 44);
    const header = new DataView(new ArrayBuffer(44));
    const write = (at: number, text: string): void => {
      for (let i = 0; i < 4; i++) header.setUint8(at + i, text.charCodeAt(i));
    };
    write(0, 'RIFF');
    header.setUint32(4, 36 + mono.length * 12, true);
    write(8, 'WAVE');
    write(12, 'fmt ');
    header.setUint32(16, 16, true);
    header.setUint16(20, 1, true);
    header.setUint16(22, 6, true);
    header.setUint32(24, 16_000, true);
    header.setUint32(28, 16_000 * 12, true);
    header.setUint16(32, 12, true);
    header.setUint16(34, 16, true);
    write(36, 'data');
    header.setUint32(40, mono.length * 12, true);
    const frames = new Int16Array(mono.length * 6);
    mono.forEach((sample, i) => (frames[i * 6] = sample));
    texts.push((await glossa.transcribe(new Blob([header.buffer, frames]))).text);
    return texts;
  });
  for (const text of texts) expect(wordErrors(text, BECKETT)).toBeLessThanOrEqual(2);
});

test('hears no words in silence, noise, hum and music', async ({ page }) => {
  await openApp(page);
  const texts = await page.evaluate(async () => {
    const sampleRateHz = 16_000;
    const sound = (make: (t: number, i: number) => number): Float32Array =>
      Float32Array.from({ length: 12 * sampleRateHz }, (_, i) => make(i / sampleRateHz, i));
    const wave = (hertz: number, t: number): number => Math.sin(2 * Math.PI * hertz * t);
    let state = 1;
    const random = (): number => (state = (state * 48_271) % 2_147_483_647) / 2_147_483_647 - 0.5;
    const notes = [262, 330, 392, 523, 440, 349, 294, 247];
    const sounds = {
      silence: sound(() => 0),
      noise: sound(() => random() * 0.2),
      'quiet noise': sound(() => random() * 0.002),
      hum: sound((t) => 0.2 * wave(50, t) + 0.1 * wave(100, t) + 0.05 * wave(150, t)),
      music: sound((t) => {
        const beat = Math.floor(t * 2);
        const fading = Math.exp(-3 * (t * 2 - beat));
        return [0, 2, 4].reduce((sum, step) => sum + 0.1 * fading * wave(notes[(beat * 3 + step) % 8]!, t), 0);
      }),
      clicks: sound((_, i) => (i % 8000 < 40 ? 0.8 : 0)),
      band: band(),
    };
    /** A piece for melody, chords, bass and drums, in a room: no voice in it, but all that a voice is made of. */
    function band(): Float32Array {
      const seconds = 24;
      const dry = new Float32Array(seconds * sampleRateHz);
      const add = (atS: number, lengthS: number, tone: (t: number) => number): void => {
        const from = Math.round(atS * sampleRateHz);
        for (let i = 0; i < lengthS * sampleRateHz && from + i < dry.length; i++)
          dry[from + i]! += tone(i / sampleRateHz);
      };
      const key = (semitones: number): number => 220 * 2 ** (semitones / 12);
      /** Harmonics that fade, with vibrato: a fiddle, an organ or a bass, by how they begin and end. */
      const play = (
        atS: number,
        lengthS: number,
        hertz: number,
        loud: number,
        attackS: number,
        vibrato: number,
      ): void =>
        add(atS, lengthS, (t) => {
          const rise = Math.min(1, t / attackS) * Math.min(1, (lengthS - t) / 0.05);
          const phase = hertz * t + (vibrato * Math.sin(2 * Math.PI * 5.5 * t)) / 5.5;
          return [1, 2, 3, 4, 5, 6].reduce(
            (sum, n) => sum + (rise * loud * Math.sin(2 * Math.PI * n * phase)) / n ** 1.3,
            0,
          );
        });
      const beatS = 0.5;
      const roots = [0, -3, -7, -5];
      const melody = [12, 14, 16, 19, 16, 14, 12, 7, 9, 12, 16, 14, 11, 7, 11, 14];
      for (let beat = 0; beat * beatS < seconds; beat++) {
        const at = beat * beatS;
        const root = roots[Math.floor(beat / 4) % roots.length]!;
        play(at, beatS * 0.95, key(melody[beat % melody.length]!), 0.09, 0.06, 3);
        if (beat % 4 === 0) for (const step of [0, 4, 7]) play(at, 4 * beatS, key(root + step), 0.04, 0.2, 0);
        play(at, beatS * 0.6, key(root - 12), 0.1, 0.01, 0);
        const noisy = beat % 2 === 1;
        add(at, 0.2, (t) => (noisy ? 0.25 * Math.exp(-25 * t) * random() * 2 : 0.4 * Math.exp(-12 * t) * wave(55, t)));
        for (const half of [0, beatS / 2]) add(at + half, 0.05, (t) => 0.15 * Math.exp(-80 * t) * random() * 2);
      }
      const wet = dry.slice();
      for (const [delayS, share] of [
        [0.031, 0.4],
        [0.047, 0.35],
        [0.073, 0.3],
        [0.113, 0.25],
      ] as const) {
        const delay = Math.round(delayS * sampleRateHz);
        for (let i = delay; i < wet.length; i++) wet[i]! += share * 0.5 * wet[i - delay]!;
      }
      const loudest = wet.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
      return wet.map((sample) => (0.7 * sample) / loudest);
    }
    const texts: Record<string, string> = {};
    for (const [name, samples] of Object.entries(sounds)) {
      texts[name] = (await glossa.transcribe({ samples, sampleRateHz })).text;
    }
    return texts;
  });
  expect(texts).toEqual({ silence: '', noise: '', 'quiet noise': '', hum: '', music: '', clicks: '', band: '' });
});

test('says what is wrong with what it cannot hear, and goes on', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  const errors = await page.evaluate(async () => {
    const of = (audio: unknown): Promise<string> => failure(glossa.transcribe(audio as Blob));
    return {
      text: await of(new Blob(['This is a letter, not a recording. '.repeat(50)])),
      empty: await of(new Blob([])),
      cut: await of(new Blob([await recording().slice(0, 20).arrayBuffer()])),
      none: await of({ samples: new Float32Array(0), sampleRateHz: 16_000 }),
      language: await failure(glossa.transcribe(recording(), { language: 'ja' })),
      after: (await glossa.transcribe(recording())).text,
    };
  });
  const bad = 'EngineError bad-input';
  expect(errors).toMatchObject({ text: bad, empty: bad, cut: bad, none: bad });
  expect(errors.language).toBe('EngineError unsupported-language');
  expect(wordErrors(errors.after, BECKETT)).toBeLessThanOrEqual(2);
});

test('Stop keeps what is done, and the next recording is not held up', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'two_cities.flac');
  const { error, partial, stopMs } = await page.evaluate(async () => {
    const controller = new AbortController();
    let stopped = 0;
    const call = glossa.transcribe(recording(), {
      signal: controller.signal,
      onSegment() {
        stopped ||= performance.now();
        controller.abort();
      },
    });
    const caught: unknown = await call.catch((error: unknown) => error);
    const partial = caught instanceof Error && 'partial' in caught ? caught.partial : undefined;
    return { error: await failure(call), partial, stopMs: performance.now() - stopped };
  });
  expect(error).toBe('AbortError aborted');
  expect(partial).toMatchObject([{ language: 'en' }]);
  expect(stopMs).toBeLessThan(200);
  await giveRecording(page, 'beckett.wav');
  const text = await page.evaluate(async () => (await glossa.transcribe(recording())).text);
  expect(wordErrors(text, BECKETT)).toBeLessThanOrEqual(2);
});

test('memory does not grow with the length of a recording', async ({ page, browser }) => {
  test.setTimeout(300_000);
  await openApp(page);
  await giveRecording(page, 'two_cities.flac');
  await page.evaluate(async () => {
    // Four minutes: what grows with the recording grows here, too.
    const context = new OfflineAudioContext(1, 1, 16_000);
    const once = (await context.decodeAudioData(await recording().arrayBuffer())).getChannelData(0);
    const times = 6;
    const samples = new Float32Array(once.length * times);
    for (let i = 0; i < times; i++) samples.set(once, i * once.length);
    const state = { heardS: 0, result: Promise.resolve('') };
    state.result = glossa
      .transcribe(
        { samples, sampleRateHz: 16_000 },
        {
          transfer: true,
          timestamps: 'word',
          onProgress: ({ stage, done }) => stage === 'decode' && (state.heardS = done),
        },
      )
      .then(({ text }) => text);
    Object.assign(globalThis, { state });
  });
  const heardS = (): Promise<number> =>
    page.evaluate(() => (globalThis as typeof globalThis & { state: { heardS: number } }).state.heardS);
  await expect.poll(heardS, { timeout: 200_000, intervals: [200] }).toBeGreaterThan(130);
  const before = await residentBytes(browser);
  const text = await page.evaluate(
    () => (globalThis as typeof globalThis & { state: { result: Promise<string> } }).state.result,
  );
  const after = await residentBytes(browser);
  expect(wordErrors(text, `${TWO_CITIES} `.repeat(6))).toBeLessThanOrEqual(18);
  expect(after - before).toBeLessThan(64 * MEGABYTE);
});
