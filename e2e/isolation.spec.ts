import type { Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';
import { startStaticHost, type StaticHost, visitFirst } from './staticHost.ts';

/** A static host that sets no headers. */
// No trace: to the browser, writing one touches the page, and a page that was touched is not reloaded.
test.use({ serviceWorkers: 'allow', trace: 'off' });

let host: StaticHost;
test.afterEach(() => host.close());

function countLoads(page: Page): () => number {
  let loads = 0;
  page.on('domcontentloaded', () => loads++);
  return () => loads;
}

for (const path of ['/', '/some/path/']) {
  test(`a host that sets no headers isolates nothing, the app does: on the first visit to ${path}`, async ({
    page,
  }) => {
    host = await startStaticHost(path);
    const loads = countLoads(page);
    await visitFirst(page, host);
    const { source, target } = translateScreen(page);
    await source.fill('Good morning.');
    await expect(target).toContainText('Bom dia.');
    await expect(page.getByTestId('ran')).toContainText('threads');
    // Once, and never again.
    expect(loads()).toBe(2);
    expect(host.asked.some((name) => name.startsWith('models/en-pt/'))).toBe(true);
    await page.reload();
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
    expect(loads()).toBe(3);
  });
}

test('a page that was typed into is not reloaded: it has one thread, and says why', async ({ page }) => {
  host = await startStaticHost();
  let release = (): void => undefined;
  host.held.set('sw.js', new Promise<void>((resolve) => (release = resolve)));
  const loads = countLoads(page);
  await openApp(page, host.address);
  const { source, target } = translateScreen(page);
  await source.press('G');
  release();
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await source.pressSequentially('ood morning.');
  await expect(target).toContainText('Bom dia.');
  await expect(page.getByTestId('ran')).toContainText(`1 thread (${en.ran.notIsolated})`);
  expect(loads()).toBe(1);
  expect(await page.evaluate(() => glossa.device())).toMatchObject({ threads: 1, isolated: false });

  await page.reload();
  await expect(target).toContainText('Bom dia.');
  await expect(page.getByTestId('ran')).not.toContainText(en.ran.notIsolated);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
});
