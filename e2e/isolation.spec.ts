import { expect, openApp, test } from './fixtures.ts';
import { PORTS } from './ports.ts';

/** A static host that sets no headers: see `webServer` in playwright.config.ts. */
test.use({ baseURL: `http://localhost:${PORTS.bare}/`, serviceWorkers: 'allow' });

test('without isolation it translates on one thread, and has threads from the second visit on', async ({ page }) => {
  await openApp(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(false);
  const first = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(first).toMatchObject({ text: 'Bom dia.', ran: { provider: 'wasm', threads: 1 } });

  await page.evaluate(() => navigator.serviceWorker.ready);
  await openApp(page);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const second = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(second.text).toBe('Bom dia.');
  expect(second.ran.threads).toBeGreaterThan(1);
});
