import type { Page } from '@playwright/test';
import type { Glossa } from '../../src/client/engine.ts';
import type { Ran, TranslatedSentence, Translation } from '../../src/protocol/types.ts';
import { openBrowser, type OpenBrowser } from '../harness/browser.ts';

/** What of a translation is to choose here. */
export interface Direction {
  from: string;
  to: string;
  beams?: number;
  glossary?: [source: string, target: string][];
}

/** The page's globals, as far as page code here uses them. */
export type GlossaPage = typeof globalThis & {
  glossa: Glossa;
  /** When each worker of the page was started. */
  workerStartsMs: number[];
  /** Translates lines by the very call that the screen makes: it listens to partial text, sentences and progress. */
  translateAsScreen: (lines: string[], direction: Direction) => Promise<Translation[]>;
};

/** Runs in the page before the app does. */
function preparePage(): void {
  const page = globalThis as GlossaPage;
  page.workerStartsMs = [];
  page.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      page.workerStartsMs.push(performance.now());
      super(url, options);
    }
  };
  page.translateAsScreen = (lines, direction) =>
    page.glossa.translate(lines, {
      ...direction,
      signal: new AbortController().signal,
      onProgress: () => undefined,
      onPartial: () => undefined,
      onSentence: () => undefined,
    });
}

/** A browser on the built app, once it has its API. `before` sees the page while it is still empty. */
export async function openGlossa(
  url: string,
  profile: string,
  before?: (page: Page) => void,
  args?: string[],
): Promise<OpenBrowser> {
  const browser = await openBrowser(profile, args);
  before?.(browser.page);
  await browser.page.addInitScript(preparePage);
  await browser.page.goto(url);
  await browser.page.waitForFunction(() => 'glossa' in globalThis);
  return browser;
}

/** Installs the model from one language to another, if it is not there yet; its id. */
export function installModel(page: Page, from: string, to: string): Promise<string> {
  return page.evaluate(
    async ([from, to]) => {
      const { models } = (globalThis as GlossaPage).glossa;
      const model = (await models.list()).find((model) => model.from.includes(from) && model.to.includes(to));
      if (model === undefined) throw new Error(`The build has no model from ${from} to ${to}.`);
      if (model.state !== 'installed') await models.install(model.id);
      return model.id;
    },
    [from, to] as [string, string],
  );
}

/** A translation of many lines: one entry a line, and how long the call took inside the page. */
export interface LinesResult {
  ms: number;
  targets: string[];
  sentences: TranslatedSentence[][];
  /** Warnings of all lines together. */
  warnings: number;
  ran: Ran;
}

/** Translates the lines in one call. */
export function translateLines(page: Page, lines: string[], direction: Direction): Promise<LinesResult> {
  return page.evaluate(
    async ({ lines, direction }) => {
      const startedMs = performance.now();
      const translations = await (globalThis as GlossaPage).translateAsScreen(lines, direction);
      const ms = performance.now() - startedMs;
      const ran = translations[0]?.ran;
      if (ran === undefined) throw new Error('There were no lines to translate.');
      return {
        ms,
        targets: translations.map(({ text }) => text),
        sentences: translations.map(({ sentences }) => sentences),
        warnings: translations.reduce((sum, { warnings, sentences }) => {
          return sum + warnings.length + sentences.reduce((inner, sentence) => inner + sentence.warnings.length, 0);
        }, 0),
        ran,
      };
    },
    { lines, direction },
  );
}
