import { beginLongCall, expect, openApp, STAGED_CRASH, test } from './fixtures.ts';

test('a failed download is said, and the next call succeeds', async ({ page }) => {
  await openApp(page);
  await page.route('**/models/en-pt/*.gz', (route) => route.abort());
  const ended = await page.evaluate(() => failure(glossa.translate('Good morning.', { from: 'en', to: 'pt' })));
  expect(ended).toBe('EngineError download-failed');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  const translation = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(translation.text).toBe('Bom dia.');
});

test('a part that was changed on the way is refused', async ({ page }) => {
  await openApp(page);
  await page.route('**/models/en-pt/*.gz', async (route) => {
    const response = await route.fetch();
    const body = await response.body();
    body[body.length >> 1]! ^= 0xff;
    // The engine gives up the other parts at the first wrong one.
    await route.fulfill({ response, body }).catch(() => undefined);
  });
  const ended = await page.evaluate(() => failure(glossa.models.install('en-pt')));
  expect(ended).toBe('EngineError model-corrupt');
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  expect(await page.evaluate(async () => (await glossa.models.install('en-pt')).state)).toBe('installed');
});

test('a crashed worker fails its call with what was done, and the next call has a new worker', async ({ page }) => {
  await openApp(page);
  const ended = await beginLongCall(page);
  // The runtime's own threads sleep in WASM and answer nobody.
  const workers = page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(worker.url()));
  expect(workers.length).toBeGreaterThan(0);
  await Promise.all(
    workers.map((worker) =>
      worker.evaluate((message) => {
        setTimeout(() => {
          throw new Error(message);
        });
      }, STAGED_CRASH),
    ),
  );
  expect(await ended()).toBe('EngineError worker-crashed');
  const translation = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(translation.text).toBe('Bom dia.');
});
