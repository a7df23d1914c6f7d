import type { Page } from '@playwright/test';
import type { Caption } from '../../src/protocol/types.ts';
import type { OpenBrowser } from '../harness/browser.ts';
import { openGlossa, type GlossaPage } from './page.ts';

/** What of a captioner is to choose here. */
export interface CaptionChoice {
  model?: string;
  beams?: number;
  alternatives?: number;
  parallel?: boolean;
}

/** A caption and how long the call took inside the page, decoding included. */
export interface Captioned {
  ms: number;
  caption: Omit<Caption, 'words'> & { words: { text: string; probability: number }[] };
}

type Driven = GlossaPage & {
  caption: (file: Blob, choice: CaptionChoice) => Promise<Captioned>;
  pictures: Blob[];
};

/** Runs in the page: captions by the very call that the screen makes. */
function defineDriver(): void {
  const page = globalThis as Driven;
  page.pictures = [];
  page.caption = async (file, choice) => {
    const startedMs = performance.now();
    const { words, ...caption } = await page.glossa.caption(file, {
      ...choice,
      signal: new AbortController().signal,
      onProgress: () => undefined,
    });
    const ms = performance.now() - startedMs;
    return { ms, caption: { ...caption, words: words.map(({ text, probability }) => ({ text, probability })) } };
  };
}

export interface OpenCaptioner extends OpenBrowser {
  threads: number;
}

/** A browser on the built app that captions, with the model installed and loaded. */
export async function openCaptioner(url: string, profile: string, model: string): Promise<OpenCaptioner> {
  const browser = await openGlossa(url, profile);
  const threads = await browser.page.evaluate(async (id) => {
    const { models, warmUpCaption } = (globalThis as GlossaPage).glossa;
    const model = (await models.list()).find((each) => each.id === id);
    if (model === undefined) throw new Error(`The build has no model ${id}.`);
    if (model.state !== 'installed') await models.install(model.id);
    return (await warmUpCaption({ model: model.id })).threads;
  }, model);
  await browser.page.evaluate(defineDriver);
  return { ...browser, threads };
}

/** Captions an encoded picture. */
export function captionFile(page: Page, file: Buffer, choice: CaptionChoice): Promise<Captioned> {
  return page.evaluate(
    ({ base64, choice }) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      return (globalThis as Driven).caption(new Blob([bytes]), choice);
    },
    { base64: file.toString('base64'), choice },
  );
}

/** Gives the page encoded pictures for `captionMany`. */
export async function givePictures(page: Page, files: Buffer[]): Promise<void> {
  for (const file of files) {
    await page.evaluate((base64) => {
      const bytes = Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0));
      (globalThis as Driven).pictures.push(new Blob([bytes]));
    }, file.toString('base64'));
  }
}

/** Captions `count` pictures as the screen captions an album, as many at the same time as the device can; how many those are. */
export function captionAlbum(page: Page, count: number, choice: CaptionChoice): Promise<number> {
  return page.evaluate(
    async ({ count, choice }) => {
      const { caption, pictures } = globalThis as Driven;
      let next = 0;
      const work = async (): Promise<void> => {
        while (next < count) await caption(pictures[next++ % pictures.length]!, { ...choice, parallel: true });
      };
      const workers = Math.min(4, navigator.hardwareConcurrency);
      await Promise.all(Array.from({ length: workers }, work));
      return workers;
    },
    { count, choice },
  );
}

/** Captions `count` pictures, over and over those that were given, one after the other; how long each took. */
export function captionMany(page: Page, count: number, choice: CaptionChoice): Promise<number[]> {
  return page.evaluate(
    async ({ count, choice }) => {
      const { caption, pictures } = globalThis as Driven;
      const times: number[] = [];
      for (let i = 0; i < count; i++) times.push((await caption(pictures[i % pictures.length]!, choice)).ms);
      return times;
    },
    { count, choice },
  );
}
