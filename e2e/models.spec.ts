import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, saveData, test } from './fixtures.ts';
import { EN_PT, fetchOf, openModels, resumeOf, said, verifyOf } from './modelsPage.ts';
import { translateScreen } from './screen.ts';
import { type SlowServer, startSlowServer } from './slowServer.ts';

const INSTALLED = /^Installed, 19\.8 MB|^Installed, 20 MB/;

test.describe('from a slow server', () => {
  let server: SlowServer;
  test.beforeEach(async () => {
    server = await startSlowServer();
  });
  test.afterEach(() => server.close());

  test('a download is paused, and goes on after a reload with the byte where it was', async ({ page }) => {
    await openApp(page, server.address);
    const models = await openModels(page);
    await models.panel.getByRole('button', { name: fetchOf(EN_PT), exact: true }).press('Enter');
    const amount = models.row(EN_PT).getByRole('progressbar');
    await expect
      .poll(async () => Number(await amount.getAttribute('aria-valuenow')), { intervals: [50] })
      .toBeGreaterThan(30);
    // The button gave way to this one, and the keyboard stays where it was.
    await expect(models.row(EN_PT).getByRole('button', { name: en.models.pause })).toBeFocused();
    await page.keyboard.press('Enter');
    await expect(models.row(EN_PT).getByRole('button', { name: resumeOf(EN_PT) })).toBeFocused();
    await expect(models.state(EN_PT)).toHaveText(/^\d\d?(\.\d)? MB of 15\.1 MB fetched$/);

    server.pauseMs = 0;
    await page.reload();
    const again = await openModels(page);
    await expect(again.state(EN_PT)).toHaveText(/^\d\d?(\.\d)? MB of 15\.1 MB fetched$/);
    await again.press(resumeOf(EN_PT));
    await expect(again.state(EN_PT)).toHaveText(INSTALLED);
    expect(server.asked).toEqual(['en-pt whole', expect.stringMatching(/^en-pt bytes=\d{7,}-$/)]);
    expect(await page.evaluate(() => glossa.models.verify('en-pt'))).toEqual({ ok: true, broken: [] });
  });

  test('two tabs do not fetch the same model twice, and both see how far it is', async ({ page, context }) => {
    const other = await context.newPage();
    const [first, second] = await Promise.all(
      [page, other].map(async (each) => {
        await openApp(each, server.address);
        return openModels(each);
      }),
    );
    await first!.press(fetchOf(EN_PT));
    await expect.poll(() => server.asked).toHaveLength(1);
    await second!.press(fetchOf(EN_PT));
    const amount = second!.row(EN_PT).getByRole('progressbar');
    await expect
      .poll(async () => Number(await amount.getAttribute('aria-valuenow')), { intervals: [50] })
      .toBeGreaterThan(10);
    await expect(first!.state(EN_PT)).toHaveText(INSTALLED);
    await expect(second!.state(EN_PT)).toHaveText(INSTALLED);
    expect(server.asked).toEqual(['en-pt whole']);
  });
});

test('tells of a model what it is and how good, and gives its memory back', async ({ page }) => {
  await openApp(page);
  await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  const models = await openModels(page);
  const row = models.row(EN_PT);
  await expect(models.state(EN_PT)).toHaveText(/^Installed/);
  await expect(row).toContainText('BLEU 46.9, FLORES-101 dev');
  await expect(row.getByRole('link', { name: 'MPL-2.0' })).toHaveAttribute('href', /^https:\/\/www\.mozilla\.org/);
  await expect(row).toContainText(new RegExp(`${en.models.facts.used}.*(now|second|minute)`));
  await expect(row).toContainText(new RegExp(`${en.models.facts.checked}.*(now|second|minute)`));

  expect(page.workers().length).toBeGreaterThan(1);
  const before = page.workers().length;
  await models.press(said(en.memory.unloadOf, { model: EN_PT }));
  await expect(models.panel.getByText(en.memory.none)).toBeVisible();
  await expect.poll(() => page.workers().length).toBeLessThan(before);
});

test('a damaged file is found, thrown away and fetched again', async ({ page }) => {
  await openApp(page);
  await page.evaluate(async () => {
    await glossa.models.install('en-pt');
    const cache = await caches.open('glossa-models');
    for (const request of await cache.keys()) {
      const kept = await cache.match(request);
      const bytes = new Uint8Array(await kept!.arrayBuffer());
      if (!request.url.includes('/sha256/') || bytes.length < 10_000_000) continue;
      // Half written, though it says its full length.
      await cache.put(request, new Response(bytes.slice(0, bytes.length >> 1), { headers: kept!.headers }));
    }
  });
  const models = await openModels(page);
  await models.press(verifyOf(EN_PT));
  await expect(page.getByText(said(en.models.broken, { parts: 'weights.bin.gz' }))).toBeVisible();
  await expect(models.state(EN_PT)).toHaveText(/^Installed/);
  expect(await page.evaluate(() => glossa.models.verify('en-pt'))).toEqual({ ok: true, broken: [] });
});

test('where room runs out it says what to delete, and goes on', async ({ page, context, baseURL }) => {
  await openApp(page);
  await page.evaluate(() => glossa.models.install('en-pt'));
  // Chromium's estimate does not tell of this: it is found when the browser refuses to write.
  const session = await context.newCDPSession(page);
  await session.send('Storage.overrideQuotaForOrigin', { origin: new URL(baseURL!).origin, quotaSize: 50_000_000 });
  const models = await openModels(page);
  const other = 'Portuguese → English';
  await models.press(fetchOf(other));
  const note = models.row(other).getByRole('alert');
  await expect(note).toContainText(EN_PT);
  await note.getByRole('button', { name: en.room.delete }).click();
  await expect(models.state(other)).toHaveText(/^Installed/);
  await expect(models.state(EN_PT)).toHaveText(/to fetch/);
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('everything is deleted, and the page starts as new', async ({ page }) => {
    await openApp(page);
    const { source, target } = translateScreen(page);
    await source.fill('The house is blue.');
    await expect(target).toContainText('A casa é azul.');
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
    const models = await openModels(page);
    // The page would begin to fetch a model again as soon as it is there.
    await saveData(page);
    await models.press(en.everything.delete);
    await expect(models.panel.getByText(en.everything.confirm)).toBeVisible();
    await Promise.all([
      page.waitForEvent('load'),
      models.panel.getByRole('alert').getByRole('button', { name: en.everything.delete }).click(),
    ]);
    await page.waitForFunction(() => 'glossa' in globalThis);
    await expect(source).toHaveValue('');
    const left = await page.evaluate(async () => ({
      states: (await glossa.models.list()).map(({ state }) => state),
      models: (await (await caches.open('glossa-models')).keys()).length,
    }));
    expect(new Set(left.states)).toEqual(new Set(['available']));
    expect(left.models).toBe(0);
    const panel = await translateScreen(page).openPanel('history');
    await expect(panel.getByText(en.history.empty)).toBeVisible();
  });
});
