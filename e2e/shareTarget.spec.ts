import type { Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };
import { SHARED_CACHE } from '../src/protocol/shared.ts';
import { expect, openApp, test } from './fixtures.ts';
import { listenPage } from './listenPage.ts';
import { translateScreen } from './screen.ts';
import { type GivenFile, photograph, seePage } from './seePage.ts';
import { postShare } from './sharing.ts';

test.use({ serviceWorkers: 'allow' });

/** Opens the page, with the service worker in control. */
async function openControlled(page: Page): Promise<void> {
  await openApp(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
}

/** How much is still kept for a page to open. */
const kept = (page: Page): Promise<number> =>
  page.evaluate(async (name) => (await (await caches.open(name)).keys()).length, SHARED_CACHE);

const text = (name: string, content: string, mimeType = 'text/plain'): GivenFile => ({
  name,
  mimeType,
  buffer: Buffer.from(content),
});

test('a shared text with its link opens in Translate, and what was there can be had back', async ({ page }) => {
  await openControlled(page);
  const { source, target } = translateScreen(page);
  await source.fill('My own text');
  await expect(target).not.toBeEmpty();
  await postShare(page, { title: 'News', text: 'The house is blue.', url: 'https://example.org/house' });
  await expect(source).toHaveValue('News\nThe house is blue.\nhttps://example.org/house');
  await expect(target).toContainText('A casa é azul.');
  expect(new URL(page.url()).hash).toBe('');
  await expect.poll(() => kept(page)).toBe(0);
  await page.getByRole('button', { name: en.share.back }).click();
  await expect(source).toHaveValue('My own text');
  await page.reload();
  await expect(source).toHaveValue('My own text');
});

test('a shared picture opens in See, a recording and captions in Listen; what no door takes is named', async ({
  page,
}) => {
  await openControlled(page);
  await postShare(page, { title: 'chelsea.jpg' }, [photograph('chelsea')]);
  await expect(seePage(page).words.filter({ hasText: 'cat' })).toBeVisible();
  await postShare(page, {}, [text('film.vtt', 'WEBVTT\n\n00:01.000 --> 00:02.000\nThe end.\n', 'text/vtt')]);
  await expect(listenPage(page).texts).toContainText(['The end.']);
  await postShare(page, {}, [text('report.pdf', '%PDF-1.7', 'application/pdf')]);
  await expect(page.getByRole('status').filter({ hasText: 'report.pdf' })).toBeVisible();
  await expect.poll(() => kept(page)).toBe(0);
});

test('what was shared waits for a page that can open it', async ({ page, context }) => {
  await openControlled(page);
  // The page that would open it dies before it has run anything.
  await context.route('**/assets/*.js', (route) => route.abort());
  const form = { text: { name: 'text', value: 'The house is blue.' } };
  const status = await page.evaluate(async (fields) => {
    const data = new FormData();
    data.append(fields.text.name, fields.text.value);
    return (await fetch('share', { method: 'POST', body: data, redirect: 'manual' })).type;
  }, form);
  expect(status).toBe('opaqueredirect');
  expect(await kept(page)).toBe(1);
  await context.unroute('**/assets/*.js');
  await openApp(page);
  await expect(translateScreen(page).source).toHaveValue('The house is blue.');
  await expect.poll(() => kept(page)).toBe(0);
});
