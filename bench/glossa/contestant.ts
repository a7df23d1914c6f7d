import { LINGER_MS } from '../harness/browser.ts';
import type { Contestant } from '../harness/contestant.ts';
import { installModel, openGlossa, translateLines, type GlossaPage } from './page.ts';

const DIRECTION = { from: 'en', to: 'pt' };

/** A first visit: installs the model, fills the profile's caches, compiled code included, and translates once. Its threads. */
export async function visitGlossa(url: string, profile: string, lines: string[]): Promise<number> {
  const browser = await openGlossa(url, profile);
  await installModel(browser.page, DIRECTION.from, DIRECTION.to);
  const { ran } = await translateLines(browser.page, lines, DIRECTION);
  await browser.page.waitForTimeout(LINGER_MS);
  await browser.close();
  return ran.threads;
}

/** Our engine, in a browser of its own on a profile that has visited before. */
export async function startGlossa(url: string, profile: string, line: string): Promise<Contestant> {
  const browser = await openGlossa(url, profile);
  const { page } = browser;
  const first = await page.evaluate(
    async ({ line, direction }) => {
      const { translateAsScreen, workerStartsMs } = globalThis as GlossaPage;
      const calledMs = performance.now();
      const [translation] = await translateAsScreen([line], direction);
      const endedMs = performance.now();
      // The worker that answered: the one this call started, or else the last of those that the page had started.
      const startedMs = workerStartsMs.find((ms) => ms >= calledMs) ?? workerStartsMs.at(-1);
      if (translation === undefined || startedMs === undefined) throw new Error('No worker of the page translated.');
      return { threads: translation.ran.threads, readyMs: endedMs - startedMs };
    },
    { line, direction: DIRECTION },
  );
  return {
    ...first,
    browser: browser.version,
    translateAll: async (lines) => {
      const { ms, targets } = await translateLines(page, lines, DIRECTION);
      return { ms, targets };
    },
    translateEach: (lines) =>
      page.evaluate(
        async ({ lines, direction }) => {
          const times: number[] = [];
          for (const line of lines) {
            const startedMs = performance.now();
            await (globalThis as GlossaPage).translateAsScreen([line], direction);
            times.push(performance.now() - startedMs);
          }
          return times;
        },
        { lines, direction: DIRECTION },
      ),
    peakResidentBytes: browser.peakResidentBytes,
    close: browser.close,
  };
}
