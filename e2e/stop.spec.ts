import { englishText, expect, openApp, test } from './fixtures.ts';

test('a stopped call answers within 100 ms and the next one is not held up', async ({ page }) => {
  await openApp(page);
  const times = await page.evaluate(async (text) => {
    const options = { from: 'en', to: 'pt' };
    const short = async (): Promise<number> => {
      const start = performance.now();
      await glossa.translate('The ship sails at dawn.', options);
      return performance.now() - start;
    };
    await short();
    const aloneMs = await short();

    const controller = new AbortController();
    const { promise: underway, resolve: begin } = Promise.withResolvers<undefined>();
    const long = glossa.translate(text, { ...options, signal: controller.signal, onSentence: () => begin(undefined) });
    const ended = failure(long);
    await underway;
    const start = performance.now();
    controller.abort();
    const answer = await ended;
    const stopMs = performance.now() - start;
    return { answer, stopMs, nextMs: await short(), aloneMs };
  }, englishText(100_000));
  expect(times.answer).toBe('AbortError aborted');
  expect(times.stopMs).toBeLessThan(100);
  expect(times.nextMs).toBeLessThan(times.aloneMs + 500);
});
