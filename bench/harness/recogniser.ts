import type { Page } from '@playwright/test';
import type { OpenBrowser } from './browser.ts';

/** One speech recogniser in a browser of its own, loaded. All times are taken inside its page. */
export interface Recogniser {
  /** Threads it computes on. */
  threads: number;
  /** From the start of its worker to the end of the first clip, files cached, in ms. */
  readyMs: number;
  /** Chromium's version. */
  browser: string;
  /** Writes down the clip that the page was given under this name. */
  transcribe(clip: string): Promise<Heard>;
  /** Writes down that many seconds of the clip, over and over, as one file or one array. */
  transcribeLong(clip: string, seconds: number): Promise<Heard>;
  /** Highest resident size of its page's process so far, in bytes; null where the system does not say. */
  peakResidentBytes: () => number | null;
  close: () => Promise<void>;
}

export interface Heard {
  text: string;
  ms: number;
  /** Until the first words were there. */
  firstWordsMs: number;
}

/** Sound as both sides are given it: 16 kHz, mono. */
export type ClipPage = typeof globalThis & { clips: Record<string, Float32Array> };

export const CLIP_RATE_HZ = 16_000;

/** A page that can be told to write down what it was given, once its contestant has prepared it. */
export type HearingPage = ClipPage & { hear: (samples: Float32Array) => Promise<Heard> };

/** A prepared page as a contestant. */
export function contestant(
  browser: OpenBrowser,
  { threads, readyMs, transcribeLong }: Pick<Recogniser, 'threads' | 'readyMs' | 'transcribeLong'>,
): Recogniser {
  return {
    threads,
    readyMs,
    browser: browser.version,
    transcribe: (clip) =>
      browser.page.evaluate((clip) => {
        const { hear, clips } = globalThis as HearingPage;
        return hear(clips[clip]!);
      }, clip),
    transcribeLong,
    peakResidentBytes: browser.peakResidentBytes,
    close: browser.close,
  };
}

/** Gives the page a sound file, decoded by the browser, or the first `seconds` of it. */
export async function giveClip(page: Page, name: string, file: Buffer, seconds = Infinity): Promise<void> {
  await page.evaluate(
    async ({ name, base64, seconds, rateHz }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      const decoded = await new OfflineAudioContext(1, 1, rateHz).decodeAudioData(bytes.buffer);
      const page = globalThis as ClipPage;
      page.clips = {
        ...page.clips,
        [name]: decoded.getChannelData(0).slice(0, Math.min(decoded.length, seconds * rateHz)),
      };
    },
    { name, base64: file.toString('base64'), seconds: Number.isFinite(seconds) ? seconds : 1e9, rateHz: CLIP_RATE_HZ },
  );
}
