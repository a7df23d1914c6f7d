import type { Page } from '@playwright/test';
import {
  CLIP_RATE_HZ,
  type ClipPage,
  contestant,
  giveClip,
  type Heard,
  type Recogniser,
} from '../harness/recogniser.ts';
import { LINGER_MS, type OpenBrowser } from '../harness/browser.ts';
import { openGlossa, type GlossaPage } from './page.ts';

/** What of a recogniser is to choose here. */
const SPEECH = { language: 'en' };

type Driven = ClipPage & GlossaPage & { hear: (audio: Blob | Float32Array) => Promise<Heard> };

/** Runs in the page: transcribes by the very call that the screen makes, which wants words with their times. */
function defineDriver({ rateHz, speech }: { rateHz: number; speech: typeof SPEECH }): void {
  const page = globalThis as Driven;
  page.hear = async (audio) => {
    const startedMs = performance.now();
    let firstWordsMs: number | undefined;
    const input = audio instanceof Blob ? audio : { samples: audio, sampleRateHz: rateHz };
    const { text } = await page.glossa.transcribe(input, {
      ...speech,
      timestamps: 'word',
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onSegment: () => (firstWordsMs ??= performance.now() - startedMs),
    });
    const ms = performance.now() - startedMs;
    return { text, ms, firstWordsMs: firstWordsMs ?? ms };
  };
}

/** Installs the speech model, if it is not there yet. */
function installRecogniser(page: Page): Promise<void> {
  return page.evaluate(async () => {
    const { models } = (globalThis as GlossaPage).glossa;
    const model = (await models.list()).find(({ kind }) => kind === 'speech');
    if (model === undefined) throw new Error('The build has no speech model.');
    if (model.state !== 'installed') await models.install(model.id);
  });
}

/** A first visit: installs the model, loads it and so fills the profile's caches, compiled code included. Its threads. */
export async function visitRecogniser(url: string, profile: string): Promise<number> {
  const browser = await openRecogniser(url, profile);
  const { threads } = await browser.page.evaluate(() => (globalThis as GlossaPage).glossa.warmUpSpeech());
  await browser.page.waitForTimeout(LINGER_MS);
  await browser.close();
  return threads;
}

/** A browser on the built app that transcribes files, with the speech model installed. */
export async function openRecogniser(url: string, profile: string): Promise<OpenBrowser> {
  const browser = await openGlossa(url, profile);
  await installRecogniser(browser.page);
  await browser.page.evaluate(defineDriver, { rateHz: CLIP_RATE_HZ, speech: SPEECH });
  return browser;
}

/** Transcribes a file as it is. */
export function transcribeFile(page: Page, file: Buffer): Promise<Heard> {
  return page.evaluate((base64) => {
    return (globalThis as Driven).hear(new Blob([Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0))]));
  }, file.toString('base64'));
}

/** Our engine, in a browser of its own on a profile that has visited before, with the clips given to its page. */
export async function startRecogniser(
  url: string,
  profile: string,
  threads: number,
  clips: Record<string, { file: Buffer; seconds?: number }>,
  first: string,
): Promise<Recogniser> {
  const browser = await openRecogniser(url, profile);
  const { page } = browser;
  for (const [name, { file, seconds }] of Object.entries(clips)) await giveClip(page, name, file, seconds);
  await browser.forgetPeak();
  const readyMs = await page.evaluate(async (first) => {
    const { workerStartsMs, hear, clips } = globalThis as Driven;
    const calledMs = performance.now();
    await hear(clips[first]!);
    const endedMs = performance.now();
    // The worker that answered: the one this call started, or else the last of those that the page had started.
    return endedMs - (workerStartsMs.find((ms) => ms >= calledMs) ?? workerStartsMs.at(-1) ?? calledMs);
  }, first);
  return contestant(browser, {
    threads,
    readyMs,
    transcribeLong: (clip, seconds) => transcribeLong(page, clip, seconds),
  });
}

/** As a WAV file, whose parts are one piece of memory however long it is. */
function transcribeLong(page: Page, clip: string, seconds: number): Promise<Heard> {
  return page.evaluate(
    ({ clip, seconds, rateHz }) => {
      const { clips, hear } = globalThis as Driven;
      const samples = Int16Array.from(clips[clip]!, (sample) => Math.round(Math.max(-1, Math.min(1, sample)) * 32_767));
      const times = Math.ceil((seconds * rateHz) / samples.length);
      const dataBytes = times * samples.byteLength;
      // RIFF header of 16-bit PCM.
      const header = new DataView(new ArrayBuffer(44));
      const write = (at: number, text: string): void => {
        for (let i = 0; i < text.length; i++) header.setUint8(at + i, text.charCodeAt(i));
      };
      write(0, 'RIFF');
      header.setUint32(4, 36 + dataBytes, true);
      write(8, 'WAVEfmt ');
      header.setUint32(16, 16, true);
      header.setUint16(20, 1, true);
      header.setUint16(22, 1, true);
      header.setUint32(24, rateHz, true);
      header.setUint32(28, rateHz * 2, true);
      header.setUint16(32, 2, true);
      header.setUint16(34, 16, true);
      write(36, 'data');
      header.setUint32(40, dataBytes, true);
      const part = new Blob([samples]);
      return hear(new Blob([header, ...Array.from({ length: times }, () => part)]));
    },
    { clip, seconds, rateHz: CLIP_RATE_HZ },
  );
}
