import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('on a save-data connection the model is fetched only at the reader’s word', async ({ page, context }) => {
  const fetched: string[] = [];
  context.on('request', (request) => {
    if (request.url().endsWith('.gz')) fetched.push(request.url());
  });
  await page.addInitScript(() => {
    const connection: unknown = Reflect.get(navigator, 'connection');
    if (typeof connection === 'object' && connection !== null) {
      Object.defineProperty(connection, 'saveData', { value: true });
    }
  });
  await openApp(page);
  const { source, target, targetPane } = translateScreen(page);
  await source.fill('The house is blue.');
  const fetch = targetPane.getByRole('button', { name: /1\d(\.\d)? MB/ });
  await expect(fetch).toBeVisible();
  expect(fetched).toEqual([]);
  await fetch.click();
  await expect(target).toContainText('A casa é azul.');
  expect(fetched.length).toBeGreaterThan(0);
});
