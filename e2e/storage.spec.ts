import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { openModels } from './modelsPage.ts';
import { givePictures } from './pictures.ts';
import { translateScreen } from './screen.ts';

const translated = 'A casa é azul.';

test('a browser that keeps nothing of the reader’s is told, and all doors work', async ({ page }) => {
  await page.addInitScript(() => {
    IDBFactory.prototype.open = () => {
      throw new DOMException('A private window.', 'SecurityError');
    };
  });
  await openApp(page);
  const { source, target } = translateScreen(page);
  await expect(page.getByText(en.errors.library)).toBeVisible();
  await source.fill('The house is blue.');
  await expect(target).toContainText(translated);
  const { panel } = await openModels(page);
  await expect(panel.getByText(en.storage.noLibrary)).toBeVisible();
  await page.keyboard.press('Escape');

  await page.getByRole('button', { name: en.doors.see, exact: true }).click();
  await page.getByRole('button', { name: en.see.examples.cat }).click();
  await expect(page.locator('.caption-word').first()).toBeVisible();
  await page.getByRole('button', { name: en.doors.listen, exact: true }).click();
  await expect(page.getByRole('button', { name: en.home.microphone })).toBeVisible();
});

test('where Cache Storage is denied, models are fetched for the visit, and that is said', async ({ page, context }) => {
  const deny = `Object.defineProperty(globalThis, 'caches', { value: {
    open: () => Promise.reject(new DOMException('denied', 'SecurityError')),
    keys: () => Promise.reject(new DOMException('denied', 'SecurityError')),
  } });`;
  await page.addInitScript(deny);
  await context.route(/\/worker-[^/]*\.js$/, async (route) => {
    const response = await route.fetch();
    await route.fulfill({ response, body: `${deny}\n${await response.text()}` });
  });
  await openApp(page);
  const { source, target } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText(translated);
  await source.fill('The boat is red.');
  await expect(target).toContainText(/barco/i);
  const { panel } = await openModels(page);
  await expect(panel.getByText(en.storage.noModels)).toBeVisible();
});

test.describe('with the service worker', () => {
  test.use({ serviceWorkers: 'allow' });

  test('a cache that the browser clears while the page is open is filled again, or offline said to be', async ({
    page,
    context,
  }) => {
    await openApp(page);
    await page.evaluate(() => navigator.serviceWorker.ready);
    await givePictures(page, 'chelsea.jpg');
    const translate = (): Promise<string> =>
      page.evaluate(() =>
        glossa.translate('The house is blue.', { from: 'en', to: 'pt' }).then(
          ({ text }) => text,
          (error: unknown) => (error instanceof Error && 'code' in error ? String(error.code) : 'another error'),
        ),
      );
    const clear = (): Promise<boolean> => page.evaluate(() => caches.delete('glossa-models'));
    expect(await translate()).toBe(translated);
    // While a job runs, and one more after it by the model that is loaded.
    const [captioned] = await Promise.all([
      page.evaluate(() => glossa.caption(picture('chelsea.jpg')).then(({ text }) => text)),
      clear(),
    ]);
    expect(captioned).toContain('cat');
    expect(await translate()).toBe(translated);
    // Loaded anew.
    await page.evaluate(() => glossa.models.unload('en-pt'));
    expect(await translate()).toBe(translated);
    await clear();
    await page.evaluate(() => glossa.models.unload('en-pt'));
    await context.setOffline(true);
    expect(await translate()).toBe('model-missing');
  });
});
