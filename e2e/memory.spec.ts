import { englishText, expect, openApp, test } from './fixtures.ts';
import { residentBytes } from './memory.ts';

const MEGABYTE = 2 ** 20;

test('100 runs leave memory flat', async ({ page, browser }) => {
  await openApp(page);
  const run = (times: number): Promise<void> =>
    page.evaluate(async (count) => {
      for (let i = 0; i < count; i++) {
        await glossa.translate(`The harbour was quiet on day ${i}, and nobody came.`, { from: 'en', to: 'pt' });
      }
    }, times);
  // The first runs grow the arena that all later ones use.
  await run(50);
  const before = await residentBytes(browser);
  await run(100);
  expect((await residentBytes(browser)) - before).toBeLessThan(16 * MEGABYTE);
});

/**
 * An eighth of a megabyte instead of a whole one, because a slow machine would take minutes for that: what grows with the
 * text grows here, too. The browser collects garbage when it likes, which moves the size up and down by some 80 MB.
 */
test('a long text streams in flat memory and keeps its shape', async ({ page, browser }) => {
  test.setTimeout(180_000);
  await openApp(page);
  const source = englishText(120_000);
  await page.evaluate((text) => {
    const state = { sentences: 0, result: Promise.resolve('') };
    state.result = glossa
      .translate(text, { from: 'en', to: 'pt', onSentence: () => state.sentences++ })
      .then((translation) => translation.text);
    Object.assign(globalThis, { state });
  }, source);
  const translated = (): Promise<number> =>
    page.evaluate(() => (globalThis as typeof globalThis & { state: { sentences: number } }).state.sentences);
  const quarter = source.split('. ').length / 4;
  await expect.poll(translated, { timeout: 120_000, intervals: [100] }).toBeGreaterThan(quarter);
  const before = await residentBytes(browser);
  const target = await page.evaluate(
    () => (globalThis as typeof globalThis & { state: { result: Promise<string> } }).state.result,
  );
  const after = await residentBytes(browser);
  expect(target.split('\n\n')).toHaveLength(source.split('\n\n').length);
  expect(after - before).toBeLessThan(128 * MEGABYTE);
});
