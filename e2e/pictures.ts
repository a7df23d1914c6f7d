import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';

declare global {
  /** A file of e2e/pictures that the page was given. */
  function picture(name: string): Blob;
}

/** Makes `picture(name)` in the page give these files. */
export async function givePictures(page: Page, ...names: string[]): Promise<void> {
  const files = names.map((name) => {
    const data = readFileSync(new URL(`./pictures/${name}`, import.meta.url));
    return [name, data.toString('base64')] as const;
  });
  await page.evaluate((given) => {
    const pictures = new Map(
      given.map(([name, data]) => [name, new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))])]),
    );
    globalThis.picture = (name) => {
      const file = pictures.get(name);
      if (!file) throw new Error(`The page was not given ${name}.`);
      return file;
    };
  }, files);
}
