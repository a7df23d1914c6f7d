import { gzipSync } from 'node:zlib';
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

const BUDGET_BYTES = 250_000;

test('a first visit loads at most 250 kB of script and style, and no model', async ({ page }) => {
  const loaded = new Map<string, Promise<number>>();
  page.on('response', (response) => {
    const url = response.url();
    if (/\.(m?js|css)$/.test(url))
      loaded.set(
        url,
        response.body().then((body) => gzipSync(body).length),
      );
    else if (/\.(wasm|gz|onnx|bin)$/.test(url)) loaded.set(url, Promise.resolve(Infinity));
  });
  await openApp(page);
  await expect(translateScreen(page).source).toBeFocused();
  await page.waitForLoadState('networkidle');
  expect(loaded.size).toBeGreaterThan(1);
  const bytes = (await Promise.all(loaded.values())).reduce((sum, length) => sum + length, 0);
  expect(bytes).toBeLessThan(BUDGET_BYTES);
});
