import { expect, openApp, saveData, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test.use({ serviceWorkers: 'allow' });

test('on a save-data connection nothing large is fetched but at the reader’s word', async ({ page, context }) => {
  const fetched: string[] = [];
  context.on('request', (request) => {
    if (/\.(gz|wasm)$/.test(request.url())) fetched.push(request.url());
  });
  await saveData(page);
  await openApp(page);
  const { source, target, targetPane } = translateScreen(page);
  await source.fill('The house is blue.');
  const fetch = targetPane.getByRole('button', { name: /1\d(\.\d)? MB/ });
  await expect(fetch).toBeVisible();
  expect(fetched).toEqual([]);
  expect(await page.evaluate(() => navigator.serviceWorker.getRegistration())).toBeUndefined();
  await fetch.click();
  await expect(target).toContainText('A casa é azul.');
  expect(fetched.length).toBeGreaterThan(0);
  // From now on it opens offline.
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => true));
});
