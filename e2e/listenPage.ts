import type { Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import en from '../src/i18n/en.json' with { type: 'json' };

/** What the reader uses on the listen screen, by its accessible name. */
export interface ListenPage {
  lines: Locator;
  texts: Locator;
  translations: Locator;
  microphone: Locator;
  exportButton: Locator;
  stop: Locator;
  /** Opens files by the screen's file dialogue. */
  openFiles: (...files: { name: string; mimeType: string; buffer: Buffer }[]) => Promise<void>;
  translateInto: (language: string) => Promise<void>;
  /** Saves the transcript and gives the file's name and text. */
  save: (format: string, text?: string) => Promise<{ name: string; content: string }>;
}

export function listenPage(page: Page): ListenPage {
  const exportButton = page.getByRole('button', { name: en.export.open, exact: true });
  return {
    lines: page.getByRole('list', { name: en.lines.label }).getByRole('listitem'),
    texts: page.locator('.line-text'),
    translations: page.locator('.lines .line-translation'),
    microphone: page.getByRole('button', { name: en.home.microphone }),
    exportButton,
    stop: page.getByRole('button', { name: en.stop, exact: true }),
    openFiles: async (...files) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: en.home.choose }).click(),
      ]);
      await chooser.setFiles(files);
    },
    translateInto: async (language) => {
      await page.getByRole('button', { name: en.home.translate }).click();
      await page.getByRole('option', { name: language }).click();
    },
    save: async (format, text) => {
      await exportButton.click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(format, { exact: true }).click();
      if (text !== undefined) await dialog.getByText(text, { exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: en.export.save, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
    },
  };
}
