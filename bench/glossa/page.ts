import type { Page } from '@playwright/test';
import type { Glossa } from '../../src/client/engine.ts';
import type { Ran, TranslatedSentence, Translation } from '../../src/protocol/types.ts';
import { openBrowser, type OpenBrowser } from '../harness/browser.ts';

/** The page's globals, as far as page code here uses them. */
export type GlossaPage = typeof globalThis & { glossa: Glossa; workerStartsMs: number[] };

/** Runs before the app: notes when each worker of the page is started. */
function watchWorkers(): void {
  const page = globalThis as GlossaPage;
  page.workerStartsMs = [];
  page.Worker = class extends Worker {
    constructor(url: string | URL, options?: WorkerOptions) {
      page.workerStartsMs.push(performance.now());
      super(url, options);
    }
  };
}

/** A browser on the built app, once it has its API. `before` sees the page while it is still empty. */
export async function openGlossa(url: string, profile: string, before?: (page: Page) => void): Promise<OpenBrowser> {
  const browser = await openBrowser(profile);
  before?.(browser.page);
  await browser.page.addInitScript(watchWorkers);
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

/** What a translation of many lines is asked for. */
export interface LinesRequest {
  lines: string[];
  from: string;
  to: string;
  beams?: number;
  glossary?: [source: string, target: string][];
}

/** What it gives: one entry a line, and how long the call took inside the page. */
export interface LinesResult {
  ms: number;
  targets: string[];
  sentences: TranslatedSentence[][];
  /** Warnings of all lines together. */
  warnings: number;
  ran: Ran;
}

/** Translates the lines in one call: partial text on, as the screen has it. */
export function translateLines(page: Page, request: LinesRequest): Promise<LinesResult> {
  return page.evaluate(async ({ lines, ...options }) => {
    const listeners = { onPartial: () => undefined, onSentence: () => undefined, onProgress: () => undefined };
    const startedMs = performance.now();
    const translations: Translation[] = await (globalThis as GlossaPage).glossa.translate(lines, {
      ...options,
      ...listeners,
    });
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
  }, request);
}
