import type { Page } from '@playwright/test';
import { openBrowser } from '../harness/browser.ts';
import {
  CLIP_RATE_HZ,
  contestant,
  giveClip,
  type Heard,
  type HearingPage,
  type Recogniser,
} from '../harness/recogniser.ts';
import type { Answer, Question } from './worker.ts';

type Driven = HearingPage & { load: (threads: number) => Promise<void> };

/** Runs in the page. */
function defineDriver(): void {
  const page = globalThis as Driven;
  let worker: Worker | undefined;

  function ask(question: Question, onWords: () => void, transfer: Transferable[] = []): Promise<string> {
    return new Promise((resolve, reject) => {
      if (!worker) {
        reject(new Error('There is no worker.'));
        return;
      }
      worker.onerror = ({ message }) => reject(new Error(message));
      worker.onmessage = ({ data }: MessageEvent<Answer>) => {
        if (data.type === 'words') onWords();
        else if (data.type === 'failed') reject(new Error(data.message));
        else resolve(data.type === 'heard' ? data.text : '');
      };
      worker.postMessage(question, transfer);
    });
  }

  page.load = async (threads) => {
    worker = new Worker('/worker.js', { type: 'module' });
    await ask({ type: 'load', threads }, () => undefined);
  };
  page.hear = async (samples) => {
    const startedMs = performance.now();
    let firstWordsMs: number | undefined;
    const text = await ask({ type: 'hear', samples }, () => (firstWordsMs ??= performance.now() - startedMs));
    const ms = performance.now() - startedMs;
    return { text, ms, firstWordsMs: firstWordsMs ?? ms };
  };
}

/** transformers.js in a browser of its own, on that many threads, with the clips given to its page. */
export async function startTransformers(
  url: string,
  profile: string,
  threads: number,
  clips: Record<string, { file: Buffer; seconds?: number }>,
  first: string,
): Promise<Recogniser> {
  const browser = await openBrowser(profile);
  const { page } = browser;
  await page.goto(url);
  await page.evaluate(defineDriver);
  for (const [name, { file, seconds }] of Object.entries(clips)) await giveClip(page, name, file, seconds);
  await browser.forgetPeak();
  const readyMs = await page.evaluate(
    async ({ threads, first }) => {
      const { load, hear, clips } = globalThis as Driven;
      const startedMs = performance.now();
      await load(threads);
      await hear(clips[first]!);
      return performance.now() - startedMs;
    },
    { threads, first },
  );
  return contestant(browser, {
    threads,
    readyMs,
    transcribeLong: (clip, seconds) => transcribeLong(page, clip, seconds),
  });
}

/** It takes no files in a worker: the samples are one array. */
function transcribeLong(page: Page, clip: string, seconds: number): Promise<Heard> {
  return page.evaluate(
    ({ clip, length }) => {
      const { clips, hear } = globalThis as Driven;
      const samples = new Float32Array(length);
      for (let at = 0; at < length; at += clips[clip]!.length) samples.set(clips[clip]!.subarray(0, length - at), at);
      return hear(samples);
    },
    { clip, length: seconds * CLIP_RATE_HZ },
  );
}
