import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import en from '../src/i18n/en.json' with { type: 'json' };
import { beginLongCall, englishText, expect, openApp, test } from './fixtures.ts';
import { listenPage } from './listenPage.ts';
import { translateScreen } from './screen.ts';
import { recordingPath } from './speech.ts';

/** The workers of models; the runtime's own threads sleep in WASM and answer nobody. */
const engineWorkers = (page: Page) => page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(worker.url()));

/** Ends every worker as a browser does that needs its memory: no event tells the page. */
async function endWorkers(page: Page): Promise<void> {
  const workers = engineWorkers(page);
  expect(workers.length).toBeGreaterThan(0);
  await Promise.all(workers.map((worker) => worker.evaluate(() => setTimeout(() => self.close()))));
}

const countSentences = (text: string): number => text.split(/\.(?:\s|$)/).filter(Boolean).length;

test('a worker that ends without a word fails its call, and the next one has another', async ({ page }) => {
  await openApp(page);
  const ended = await beginLongCall(page);
  await endWorkers(page);
  expect(await ended()).toBe('EngineError worker-crashed');
  const translation = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(translation.text).toBe('Bom dia.');
});

test('a text whose worker is lost is translated all the same', async ({ page }) => {
  await openApp(page);
  const { source, sentences } = translateScreen(page);
  const text = englishText(6000);
  await source.fill(text);
  await expect(sentences.nth(2)).toBeVisible();
  await endWorkers(page);
  await expect(sentences).toHaveCount(countSentences(text));
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('a recording whose worker is lost is written down to its end, and nothing twice', async ({ page }) => {
  await openApp(page, './#listen');
  const { openFiles, texts } = listenPage(page);
  await openFiles({
    name: 'two_cities.flac',
    mimeType: 'audio/flac',
    buffer: readFileSync(recordingPath('two_cities.flac')),
  });
  await expect(texts.first()).toBeVisible();
  await endWorkers(page);
  await expect(texts.last()).toContainText('comparison only');
  const heard = (await texts.allInnerTexts()).join(' ').toLowerCase();
  for (const once of ['best of times', 'spring of hope', 'noisiest', 'comparison only']) {
    expect(heard.split(once)).toHaveLength(2);
  }
});

test('want of memory is said, and what was typed is translated when there is some again', async ({ page }) => {
  await openApp(page);
  const { source, target } = translateScreen(page);
  await page.route('**/worker-*.js', async (route) => {
    const response = await route.fetch();
    const scarce =
      'WebAssembly.Memory = class { constructor() { throw new RangeError("could not allocate memory"); } };\n';
    await route.fulfill({ response, body: scarce + (await response.text()) });
  });
  await source.fill('The house is blue.');
  await expect(page.getByRole('alert')).toContainText(en.errors['out-of-memory']);
  await page.unrouteAll({ behavior: 'ignoreErrors' });
  await page.getByRole('button', { name: en.retry }).click();
  await expect(target).toContainText('A casa é azul.');
  await expect(source).toHaveValue('The house is blue.');
});

test('a tab that was frozen in the middle goes on where it was', async ({ page, context }) => {
  await openApp(page);
  const { source, sentences } = translateScreen(page);
  const text = englishText(6000);
  await source.fill(text);
  await expect(sentences.nth(2)).toBeVisible();
  const session = await context.newCDPSession(page);
  await session.send('Page.setWebLifecycleState', { state: 'frozen' });
  await new Promise((resolve) => setTimeout(resolve, 2000));
  await session.send('Page.setWebLifecycleState', { state: 'active' });
  await expect(sentences).toHaveCount(countSentences(text));
  await expect(page.getByRole('alert')).toHaveCount(0);
});

test('three tabs work at the same time, and each keeps its own text', async ({ page, context }) => {
  const texts = ['The house is blue.', 'The ship sails at dawn.', 'Good morning.'];
  const tabs = [page, await context.newPage(), await context.newPage()];
  for (const tab of tabs) await openApp(tab);
  await Promise.all(tabs.map((tab, i) => translateScreen(tab).source.fill(texts[i]!)));
  // A translation comes word by word.
  for (const tab of tabs) await expect(translateScreen(tab).target).toHaveText(/\.\s*$/);
  const targets = await Promise.all(tabs.map((tab) => translateScreen(tab).target.innerText()));
  expect(new Set(targets).size).toBe(3);
  for (const [i, tab] of tabs.entries()) {
    await tab.reload();
    await expect(translateScreen(tab).source).toHaveValue(texts[i]!);
    await expect(translateScreen(tab).target).toHaveText(targets[i]!);
  }
});

test('what was typed is there after the tab crashed', async ({ page, context }) => {
  await openApp(page);
  await translateScreen(page).source.fill('Nothing of this may be lost.');
  await expect(translateScreen(page).sentences.first()).toBeVisible();
  const crashed = page.waitForEvent('crash');
  await page.goto('chrome://crash').catch(() => undefined);
  await crashed;
  const another = await context.newPage();
  await openApp(another);
  await expect(translateScreen(another).source).toHaveValue('Nothing of this may be lost.');
});
