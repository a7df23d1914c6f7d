import type { Locator, Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import en from '../src/i18n/en.json' with { type: 'json' };

export interface GivenFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** What the reader uses on the see screen, by its accessible name. */
export interface SeePage {
  /** The words of the caption that can be pointed at. */
  words: Locator;
  heat: Locator;
  rows: Locator;
  stop: Locator;
  ran: Locator;
  choose: (...files: GivenFile[]) => Promise<void>;
  filter: (name: keyof typeof en.album.filters) => Locator;
  /** Saves an album and gives the file's name and text. */
  save: (format: string) => Promise<{ name: string; content: string }>;
}

export function seePage(page: Page): SeePage {
  return {
    words: page.locator('.caption-word'),
    heat: page.getByTestId('heat'),
    rows: page.getByRole('grid', { name: en.album.pictures }).getByRole('row'),
    stop: page.getByRole('button', { name: en.stop, exact: true }),
    ran: page.getByTestId('ran'),
    choose: async (...files) => {
      const [chooser] = await Promise.all([
        page.waitForEvent('filechooser'),
        page.getByRole('button', { name: en.see.choose }).click(),
      ]);
      await chooser.setFiles(files);
    },
    filter: (name) =>
      page.getByRole('radiogroup', { name: en.album.show }).getByRole('radio', { name: en.album.filters[name] }),
    save: async (format) => {
      await page.getByRole('button', { name: en.export.open, exact: true }).click();
      const dialog = page.getByRole('dialog');
      await dialog.getByText(format, { exact: true }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        dialog.getByRole('button', { name: en.export.save, exact: true }).click(),
      ]);
      return { name: download.suggestedFilename(), content: readFileSync(await download.path(), 'utf8') };
    },
  };
}

const PHOTOGRAPHS = ['chelsea', 'coffee', 'rocket', 'astronaut'] as const;
type Photograph = (typeof PHOTOGRAPHS)[number];

export const photograph = (which: Photograph, name = `${which}.jpg`): GivenFile => ({
  name,
  mimeType: 'image/jpeg',
  buffer: readFileSync(new URL(`./pictures/${which}.jpg`, import.meta.url)),
});

export const drawing = (): GivenFile => ({
  name: 'drawing.svg',
  mimeType: 'image/svg+xml',
  buffer: readFileSync(new URL('./pictures/drawing.svg', import.meta.url)),
});

/** Many files, no two the same bytes: what follows a JPEG's end is nobody's business. */
export const photographs = (count: number): GivenFile[] =>
  Array.from({ length: count }, (_, i) => {
    const which = PHOTOGRAPHS[i % PHOTOGRAPHS.length] ?? 'chelsea';
    const file = photograph(which, `${String(i).padStart(3, '0')}-${which}.jpg`);
    return { ...file, buffer: Buffer.concat([file.buffer, Buffer.from(`number ${i}`)]) };
  });
