import type { Page } from '@playwright/test';
import { expect, openApp, STAGED_CRASH, test } from './fixtures.ts';
import { CHROMIUM_ARGS, ensureChromium, fakeMicrophoneArgs } from '../scripts/chromium.ts';
import { BECKETT, giveRecording, recordingPath, wordErrors } from './speech.ts';

test.use({
  launchOptions: {
    executablePath: ensureChromium(),
    args: [
      ...CHROMIUM_ARGS,
      ...fakeMicrophoneArgs(recordingPath('beckett.wav')),
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
});

interface Heard {
  /** Phrases, and how long after the end of its voice each was told. */
  phrases: { text: string; delayS: number }[];
  translations: Record<number, string>;
  /** Times that stable words were not what a phrase then said. */
  broken: string[];
  states: string[];
  errors: string[];
  loudest: number;
  text: string;
}

/** In the page: listens to a stream until nothing has been told for a while, and notes everything. */
async function captions(stream: MediaStream, to: string | undefined, quietMs: number): Promise<Heard> {
  const heard: Heard = { phrases: [], translations: {}, broken: [], states: [], errors: [], loudest: 0, text: '' };
  let stable = '';
  let lastMs = performance.now();
  let beganMs: number | undefined;
  const session = glossa.listen(stream, { timestamps: 'word', ...(to === undefined ? {} : { to }) });
  session.on('level', ({ peak }) => {
    beganMs ??= performance.now();
    heard.loudest = Math.max(heard.loudest, peak);
  });
  session.on('state', (state) => heard.states.push(state));
  session.on('error', ({ message }) => heard.errors.push(message));
  session.on('tail', () => (lastMs = performance.now()));
  session.on('stable', ({ words }) => (stable += words.map(({ text }) => text).join('')));
  session.on('translation', ({ index, text }) => (heard.translations[index] = text));
  session.on('phrase', ({ segment: { text }, spokenEndS }) => {
    lastMs = performance.now();
    heard.phrases.push({ text, delayS: (lastMs - (beganMs ?? 0)) / 1000 - spokenEndS });
    if (!text.startsWith(stable.trimStart()) && !stable.trimStart().startsWith(text)) heard.broken.push(stable);
    stable = '';
  });
  while (performance.now() - lastMs < quietMs) await new Promise((resolve) => setTimeout(resolve, 100));
  heard.text = (await session.stop()).text;
  return heard;
}

test('captions the microphone while it listens, and translates what it hears', async ({ page }) => {
  await openApp(page);
  await page.evaluate(async () => {
    await glossa.warmUpSpeech();
    await glossa.warmUp({ from: 'en', to: 'pt' });
  });
  const heard = await page.evaluate<Heard>(`(async () => {
    const stream = await navigator.mediaDevices.getUserMedia({ audio: true });
    return (${captions.toString()})(stream, 'pt', 6000);
  })()`);
  expect(heard.errors).toEqual([]);
  expect(heard.states).toEqual(['listening', 'ended']);
  expect(heard.loudest).toBeGreaterThan(0.05);
  expect(wordErrors(heard.text, BECKETT)).toBeLessThanOrEqual(3);
  expect(heard.phrases.map(({ text }) => text).join(' ')).toBe(heard.text);
  expect(heard.phrases.length).toBeGreaterThan(1);
  expect(heard.broken).toEqual([]);
  expect(Object.keys(heard.translations)).toHaveLength(heard.phrases.length);
  expect(Object.values(heard.translations).join(' ')).toMatch(/tent|falh/i);
});

test('hears no words in a hum, and ends with what was said when the stream does', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  const { hum, cut } = await page.evaluate(async () => {
    const context = new AudioContext();
    const listenTo = async (
      source: AudioScheduledSourceNode,
      seconds: number,
    ): Promise<{ text: string; errors: string[] }> => {
      const output = context.createMediaStreamDestination();
      source.connect(output);
      source.start();
      const errors: string[] = [];
      const session = glossa.listen(output.stream);
      session.on('error', ({ message }) => errors.push(message));
      await new Promise((resolve) => setTimeout(resolve, seconds * 1000));
      for (const track of output.stream.getTracks()) {
        track.stop();
        // A track that is stopped here tells nobody; one that a device ends does.
        track.dispatchEvent(new Event('ended'));
      }
      return { text: (await session.stop()).text, errors };
    };
    await glossa.warmUpSpeech();
    const hum = await listenTo(new OscillatorNode(context, { frequency: 100, type: 'sawtooth' }), 5);
    const buffer = await context.decodeAudioData(await recording().arrayBuffer());
    const cut = await listenTo(new AudioBufferSourceNode(context, { buffer }), 4.5);
    return { hum, cut };
  });
  expect(hum.text).toBe('');
  expect(cut.text).toMatch(/failed/i);
  expect(cut.text).not.toMatch(/better/i);
  expect(cut.errors[0]).toMatch(/^.{20,}\.$/);
});

test('pauses: what is said meanwhile is not heard', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  const { text, states } = await page.evaluate(async () => {
    await glossa.warmUpSpeech();
    const context = new AudioContext();
    const buffer = await context.decodeAudioData(await recording().arrayBuffer());
    const source = new AudioBufferSourceNode(context, { buffer });
    const output = context.createMediaStreamDestination();
    source.connect(output);
    const session = glossa.listen(output.stream);
    const states: string[] = [];
    session.on('state', (state) => states.push(state));
    await new Promise<void>((resolve) => session.on('state', () => resolve()));
    source.start();
    const wait = (seconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, seconds * 1000));
    await wait(3.4);
    session.pause();
    await wait(3);
    session.resume();
    await wait(5);
    return { text: (await session.stop()).text, states };
  });
  expect(states).toEqual(['listening', 'paused', 'listening', 'ended']);
  expect(text).toMatch(/failed/i);
  expect(text).toMatch(/better/i);
  expect(text).not.toMatch(/matter/i);
});

/** Runs an expression in every worker of the app. */
async function inWorkers(page: Page, expression: string): Promise<void> {
  const workers = page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(worker.url()));
  expect(workers.length).toBeGreaterThan(0);
  await Promise.all(workers.map((worker) => worker.evaluate(expression)));
}

interface Followed {
  phrases: string[];
  /** Times that stable words were not what a phrase then said. */
  broken: string[];
  states: string[];
  errors: string[];
  behindS: number[];
}

declare global {
  /** What is heard of the recording that plays. */
  var followed: Followed;
  /** Ends the session that listens to it, and gives its text. */
  var endListening: () => Promise<string>;
}

/** Plays a recording to a session, in the page; resolves when the first phrase was told. */
async function listenToRecording(page: Page): Promise<void> {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  await page.evaluate(async () => {
    await glossa.warmUpSpeech();
    const context = new AudioContext();
    const source = new AudioBufferSourceNode(context, {
      buffer: await context.decodeAudioData(await recording().arrayBuffer()),
    });
    const output = context.createMediaStreamDestination();
    source.connect(output);
    const session = glossa.listen(output.stream);
    globalThis.followed = { phrases: [], broken: [], states: [], errors: [], behindS: [] };
    globalThis.endListening = async () => (await session.stop()).text;
    let stable = '';
    session.on('stable', ({ words }) => (stable += words.map(({ text }) => text).join('')));
    session.on('behind', ({ seconds }) => followed.behindS.push(seconds));
    session.on('error', ({ message }) => followed.errors.push(message));
    session.on('state', (state) => followed.states.push(state));
    const { promise: told, resolve } = Promise.withResolvers<undefined>();
    session.on('phrase', ({ segment: { text } }) => {
      followed.phrases.push(text);
      if (!text.startsWith(stable.trimStart()) && !stable.trimStart().startsWith(text)) followed.broken.push(stable);
      stable = '';
      resolve(undefined);
    });
    await new Promise<void>((listening) => session.on('state', () => listening()));
    source.start();
    await told;
  });
}

test('goes on with another worker when its own is lost: nothing said is lost, and nothing stable changes', async ({
  page,
}) => {
  await listenToRecording(page);
  await inWorkers(page, `void setTimeout(() => { throw new Error('${STAGED_CRASH}'); })`);
  await expect.poll(() => page.evaluate(() => followed.phrases.join(' ')), { timeout: 60_000 }).toMatch(/better/i);
  const text = await page.evaluate(() => endListening());
  const { phrases, broken, states, errors } = await page.evaluate(() => followed);
  expect(wordErrors(text, BECKETT)).toBeLessThanOrEqual(3);
  expect(phrases.join(' ')).toBe(text);
  expect(broken).toEqual([]);
  expect(states).toEqual(['listening', 'starting', 'listening', 'ended']);
  expect(errors).toEqual([expect.stringContaining('Nothing is lost.')]);
});

test('says when it is behind, and catches up', async ({ page }) => {
  await listenToRecording(page);
  await inWorkers(page, 'for (const end = performance.now() + 5000; performance.now() < end; );');
  await expect.poll(() => page.evaluate(() => followed.behindS.at(-1)), { timeout: 60_000 }).toBe(0);
  expect(await page.evaluate(() => Math.max(...followed.behindS))).toBeGreaterThan(3);
  await expect.poll(() => page.evaluate(() => followed.phrases.join(' ')), { timeout: 60_000 }).toMatch(/better/i);
  expect(wordErrors(await page.evaluate(() => endListening()), BECKETT)).toBeLessThanOrEqual(3);
  expect(await page.evaluate(() => followed.errors)).toEqual([]);
});
