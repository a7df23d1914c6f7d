import en from '../src/i18n/en.json' with { type: 'json' };
import { englishText, expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('says what the model weighs, fetches it, and translates typed English as it streams', async ({ page }) => {
  await openApp(page);
  const { source, target, targetPane, sentences } = translateScreen(page);
  await expect(source).toBeFocused();
  await expect(targetPane).toContainText(/1\d(\.\d)? MB/);

  await page.evaluate(() => {
    const seen = new Set<string>();
    Object.assign(globalThis, { seen });
    new MutationObserver(() => {
      const text = document.querySelector('.target-text')?.textContent;
      if (text) seen.add(text);
    }).observe(document.body, { subtree: true, childList: true, characterData: true });
  });
  await page.keyboard.type('The house is blue. ');
  await source.press('End');
  await page.keyboard.insertText(englishText(2000));
  await expect(target).toContainText('A casa é azul.');
  await expect(sentences).toHaveCount(englishText(2000).split(/\.(?:\s|$)/).length);
  const seen = await page.evaluate(() => [...(globalThis as typeof globalThis & { seen: Set<string> }).seen]);
  expect(seen.length, 'the text grew on the screen').toBeGreaterThan(3);
  await expect(page.getByTestId('ran')).toContainText(/WebAssembly, \d+ threads · [\d,]+ ms · [\d,]+ words\/s/);
});

test('hears Portuguese, says so, and lets the reader correct it', async ({ page }) => {
  await openApp(page);
  const { source, target, from, to } = translateScreen(page);
  await source.fill('O navio parte de madrugada e ninguém no porto sabe para onde.');
  await expect(from).toContainText('Portuguese');
  await expect(to).toContainText('English');
  await expect(target).toContainText(/ship/i);

  await from.click();
  await page.getByRole('option', { name: 'English' }).click();
  await expect(from).toContainText('English');
  await expect(to).toContainText('Portuguese');
});

test('swaps the languages and goes on with the translation', async ({ page }) => {
  await openApp(page);
  const { source, target, from, to, swap } = translateScreen(page);
  await source.fill('The cat sleeps on the roof.');
  await expect(target).toContainText(/gato/i);
  await swap.click();
  await expect(source).toHaveValue(/gato/i);
  await expect(from).toContainText('Portuguese');
  await expect(to).toContainText('English');
  await expect(target).toContainText(/cat/i);
});

test('pointing at a word lights the words that made it', async ({ page }) => {
  await openApp(page);
  const { source, target, sentences } = translateScreen(page);
  await source.fill('The cat sleeps.');
  await expect(target).toContainText(/gato/i);
  await sentences.first().hover();
  await target.getByText('gato', { exact: true }).hover();
  await expect(page.locator('.mirror .lit')).toHaveText(['cat']);
});

test('a click shows other wordings with scores; a picked one stands in the text', async ({ page }) => {
  await openApp(page);
  const { source, target, sentences } = translateScreen(page);
  await source.fill('Please close the window before you leave the office.');
  await expect(sentences).toHaveCount(1);
  const first = (await target.textContent()) ?? '';
  await sentences.first().click();
  const wordings = page.getByRole('listbox', { name: en.alternatives.title }).getByRole('option');
  await expect.poll(() => wordings.count()).toBeGreaterThan(2);
  for (const text of await wordings.allTextContents()) expect(text).toMatch(/\d+\s?%/);
  const other = wordings.and(page.getByRole('option', { selected: false })).first();
  const chosen = (await other.locator('.wording-text').textContent()) ?? '';
  expect(chosen).not.toBe(first);
  await other.click();
  await expect(target).toHaveText(chosen);
});

test('Stop ends a long job at once, keeps what is there, and typing goes on', async ({ page }) => {
  await openApp(page);
  const { source, target, sentences, stop } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  await source.fill(englishText(60_000));
  await expect.poll(() => sentences.count(), { timeout: 30_000 }).toBeGreaterThan(1);
  await stop.click();
  await expect(stop).toBeHidden();
  await expect(page.getByText(en.stopped)).toBeVisible();
  expect(await sentences.count()).toBeGreaterThan(1);
  await source.fill('The house is white.');
  await expect(target).toHaveText('A casa é branca.');
});

test('copies the translation, and gives a cleared text back', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await openApp(page);
  const { source, target } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  await page.getByRole('button', { name: en.target.copy, exact: true }).click();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe('A casa é azul.');
  await page.getByRole('button', { name: en.source.clear, exact: true }).click();
  await expect(source).toHaveValue('');
  await page.getByRole('button', { name: en.source.undoClear }).click();
  await expect(source).toHaveValue('The house is blue.');
});

test('a reload loses nothing typed', async ({ page }) => {
  await openApp(page);
  const { source, target } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  await page.reload();
  await expect(source).toHaveValue('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
});
