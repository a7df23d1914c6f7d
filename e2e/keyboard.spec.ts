import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test('everything can be done from the keyboard', async ({ page }) => {
  await openApp(page);
  const { source, target, sentences, from } = translateScreen(page);
  const { keyboard } = page;

  await keyboard.type('Please close the window before you leave the office.');
  await expect(sentences).toHaveCount(1);

  // To the translation, along its words, into the other wordings and back with another one.
  await keyboard.press('Alt+o');
  await expect(sentences.first()).toBeFocused();
  await keyboard.press('ArrowRight');
  await expect(page.locator('.target-text .lit')).toHaveCount(1);
  await expect(page.locator('.mirror .lit')).not.toHaveCount(0);
  await keyboard.press('Enter');
  const wordings = page.getByRole('listbox', { name: en.alternatives.title }).getByRole('option');
  await expect.poll(() => wordings.count()).toBeGreaterThan(1);
  const first = (await target.textContent()) ?? '';
  await keyboard.press('ArrowDown');
  await keyboard.press('Enter');
  await expect(wordings).toHaveCount(0);
  await expect(target).not.toHaveText(first);

  // Clear, undo, swap.
  await keyboard.press('Alt+i');
  await expect(source).toBeFocused();
  await keyboard.press('Alt+x');
  await expect(source).toHaveValue('');
  await keyboard.press('Alt+z');
  await expect(source).toHaveValue(/window/);
  await expect(sentences).toHaveCount(1);
  await keyboard.press('Alt+w');
  await expect(source).toHaveValue(/janela/);
  await expect(from).toContainText('Portuguese');

  // The sheet of keys, the menu, and a language menu.
  await keyboard.press('Control+/');
  await expect(page.getByRole('dialog')).toContainText(en.shortcuts.swap);
  await keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();
  await keyboard.press('Alt+i');
  const menu = page.getByRole('button', { name: en.menu, exact: true });
  for (let i = 0; i < 8 && !(await menu.evaluate((element) => element === document.activeElement)); i++) {
    await keyboard.press('Shift+Tab');
  }
  await keyboard.press('Enter');
  await expect(page.getByRole('menuitem').first()).toBeFocused();
  await keyboard.press('Enter');
  await expect(page.getByRole('dialog')).toBeVisible();
  await keyboard.press('Escape');
  await expect(menu).toBeFocused();
});

test('Escape stops a long job', async ({ page }) => {
  await openApp(page);
  const { source, target, stop } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');
  await source.fill('The house is blue. '.repeat(1500));
  await expect(stop).toBeVisible();
  await source.press('Escape');
  await expect(page.getByText(en.stopped)).toBeVisible();
});
