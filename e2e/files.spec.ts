import type { Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

/** Drops a file on the page as a file manager does. */
async function drop(page: Page, name: string, type: string, content: string): Promise<void> {
  const data = await page.evaluateHandle(
    (file) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([file.content], file.name, { type: file.type }));
      return transfer;
    },
    { name, type, content },
  );
  const { source } = translateScreen(page);
  await source.dispatchEvent('dragover', { dataTransfer: data });
  await source.dispatchEvent('drop', { dataTransfer: data });
}

test('dropped text and Markdown files are translated', async ({ page }) => {
  await openApp(page);
  const { source, target } = translateScreen(page);
  await drop(page, 'note.txt', 'text/plain', 'The house is blue.\n');
  await expect(source).toHaveValue('The house is blue.\n');
  await expect(target).toContainText('A casa é azul.');
  await drop(page, 'note.md', 'text/markdown', '# The house\n\nThe house is white.\n');
  await expect(source).toHaveValue('# The house\n\nThe house is white.\n');
  await expect(target).toContainText('A casa é branca.');

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: en.target.save }).click(),
  ]);
  expect(download.suggestedFilename()).toBe('note.pt.md');
});

test('other kinds of file are refused by name, and what was there stays', async ({ page }) => {
  await openApp(page);
  const { source } = translateScreen(page);
  await source.fill('The house is blue.');
  await drop(page, 'report.pdf', 'application/pdf', '%PDF-1.7');
  await expect(page.getByRole('status').filter({ hasText: 'report.pdf' })).toBeVisible();
  await expect(source).toHaveValue('The house is blue.');
});
