import en from '../src/i18n/en.json' with { type: 'json' };
import es from '../src/i18n/es.json' with { type: 'json' };
import fr from '../src/i18n/fr.json' with { type: 'json' };
import ja from '../src/i18n/ja.json' with { type: 'json' };
import pt from '../src/i18n/pt.json' with { type: 'json' };
import zh from '../src/i18n/zh.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('the interface speaks six languages and remembers the choice', async ({ page }) => {
  await openApp(page);
  const settings = await translateScreen(page).openPanel('settings');
  const choices = [
    ['Português', 'pt', pt],
    ['Español', 'es', es],
    ['Français', 'fr', fr],
    ['简体中文', 'zh', zh],
    ['English', 'en', en],
    ['日本語', 'ja', ja],
  ] as const;
  expect(new Set(choices.map(([, , messages]) => messages.source.label)).size).toBe(choices.length);
  for (const [name, tag, messages] of choices) {
    await settings.getByText(name, { exact: true }).click();
    await expect(page.locator('html')).toHaveAttribute('lang', tag);
    await expect(settings.getByRole('heading', { name: messages.panels.settings })).toBeVisible();
  }
  await page.keyboard.press('Escape');
  await page.reload();
  await expect(page.getByRole('textbox', { name: ja.source.label })).toBeVisible();
});

test.describe(() => {
  test.use({ locale: 'pt-BR' });
  test('it begins in the browser’s language', async ({ page }) => {
    await openApp(page);
    await expect(page.getByRole('textbox', { name: pt.source.label })).toBeVisible();
    await expect(page.locator('html')).toHaveAttribute('lang', 'pt');
  });
});
