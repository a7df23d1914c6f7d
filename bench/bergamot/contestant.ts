import type { Contestant } from '../harness/contestant.ts';
import { LINGER_MS, openBrowser, type OpenBrowser } from '../harness/browser.ts';
import { defineBergamot, type BergamotDriver } from './driver.ts';

type Driven = typeof globalThis & { bergamot: BergamotDriver };

/** A first visit: fills the profile's caches, compiled code included, and translates once. */
export async function visitBergamot(url: string, profile: string, lines: string[]): Promise<void> {
  const browser = await openBergamot(url, profile);
  await browser.page.evaluate(() => (globalThis as Driven).bergamot.fetchWeights());
  await browser.page.evaluate(async (lines) => {
    const { bergamot } = globalThis as Driven;
    await bergamot.start(1, lines[0] ?? '');
    await bergamot.translate(lines);
  }, lines);
  await browser.page.waitForTimeout(LINGER_MS);
  await browser.close();
}

/** Bergamot on that many workers, in a browser of its own on a profile that has visited before. */
export async function startBergamot(url: string, profile: string, workers: number, line: string): Promise<Contestant> {
  const browser = await openBergamot(url, profile);
  const { page } = browser;
  const start = ([workers, line]: [number, string]) => (globalThis as Driven).bergamot.start(workers, line);
  return {
    threads: workers,
    readyMs: await page.evaluate(start, [workers, line] as [number, string]),
    browser: browser.version,
    translateAll: (lines) =>
      page.evaluate(async (lines) => {
        const startedMs = performance.now();
        const targets = await (globalThis as Driven).bergamot.translate(lines);
        return { ms: performance.now() - startedMs, targets };
      }, lines),
    translateEach: (lines) =>
      page.evaluate(async (lines) => {
        const times: number[] = [];
        for (const line of lines) {
          const startedMs = performance.now();
          await (globalThis as Driven).bergamot.translate([line]);
          times.push(performance.now() - startedMs);
        }
        return times;
      }, lines),
    peakResidentBytes: browser.peakResidentBytes,
    close: browser.close,
  };
}

async function openBergamot(url: string, profile: string): Promise<OpenBrowser> {
  const browser = await openBrowser(profile);
  await browser.page.goto(url);
  await browser.page.evaluate(defineBergamot);
  return browser;
}
