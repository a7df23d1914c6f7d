import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('a link opens its text, whose words no request carries', async ({ page, context }) => {
  const asked: string[] = [];
  context.on('request', (request) => asked.push(`${request.url()} ${request.postData() ?? ''}`));
  await openApp(page, './#text=The%20secret%20garden%20is%20green.&from=en&to=pt');
  const { source, target, from } = translateScreen(page);
  await expect(source).toHaveValue('The secret garden is green.');
  await expect(from).toContainText('English');
  await expect(target).toContainText(/jardim/i);
  expect(asked.length).toBeGreaterThan(5);
  expect(asked.filter((request) => /secret|jardim/i.test(request))).toEqual([]);
});

test('the share button copies such a link', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openApp(page);
  const { source, target } = translateScreen(page);
  await source.fill('One & two = three #4?');
  await expect(target).not.toBeEmpty();
  await page.getByRole('button', { name: en.target.share }).click();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  const url = new URL(link);
  expect(url.search).toBe('');
  expect(new URLSearchParams(url.hash.slice(1)).get('text')).toBe('One & two = three #4?');
});
