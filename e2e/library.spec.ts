import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('a glossary term is used, in the form that the sentence asks for, and marked', async ({ page }) => {
  await openApp(page);
  const { source, target, openPanel } = translateScreen(page);
  await source.fill('The ship sails at dawn.');
  await expect(target).toContainText('navio');

  const panel = await openPanel('glossary');
  await panel.getByRole('button', { name: en.languages.to }).click();
  await expect(page.getByRole('option')).toHaveText(['Portuguese']);
  await page.keyboard.press('Escape');
  await panel.getByRole('textbox', { name: 'Term in English' }).fill('ship');
  await panel.getByRole('textbox', { name: 'Translation in Portuguese' }).fill('embarcação');
  await panel.getByRole('button', { name: en.glossary.add, exact: true }).click();
  await expect(panel.getByRole('button', { name: 'Edit “ship”' })).toBeVisible();
  await page.keyboard.press('Escape');

  await expect(target).toContainText('embarcação');
  await expect(target).not.toContainText('navio');
  await expect(target.locator('.term')).toHaveText('embarcação');

  await page.reload();
  await expect(target).toContainText('embarcação');
});

test('history keeps finished translations, brings them back, and deletes them all', async ({ page }) => {
  await openApp(page);
  const { source, target, openPanel } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  const kept = (): Promise<number> =>
    page.evaluate(
      () =>
        new Promise<number>((resolve, reject) => {
          const opening = indexedDB.open('glossa');
          opening.onerror = () => reject(new Error('no library'));
          opening.onsuccess = () => {
            const counting = opening.result.transaction('history').objectStore('history').count();
            counting.onsuccess = () => resolve(counting.result);
            opening.result.close();
          };
        }),
    );
  await expect.poll(kept).toBe(1);
  await source.fill('Nobody came to the harbour.');
  await expect.poll(kept).toBe(2);

  const history = await openPanel('history');
  await history.getByRole('searchbox').fill('AZUL');
  await history.getByRole('button', { name: 'The house is blue.' }).click();
  await expect(source).toHaveValue('The house is blue.');
  await expect(target).toContainText('A casa é azul.');

  await openPanel('history');
  await history.getByRole('button', { name: en.history.deleteAll }).click();
  await expect(history).toContainText(en.history.empty);
  expect(await kept()).toBe(0);
});

test('one button deletes all that the reader has kept', async ({ page }) => {
  await openApp(page);
  const { source, target, openPanel } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  const settings = await openPanel('settings');
  await settings.getByRole('button', { name: en.settings.deleteAll }).click();
  await settings.getByRole('alert').getByRole('button', { name: en.settings.deleteAll }).click();
  await page.keyboard.press('Escape');
  await expect(source).toHaveValue('');
  await page.reload();
  await expect(source).toHaveValue('');
  const history = await openPanel('history');
  await expect(history).toContainText(en.history.empty);
});
