/** Takes the pictures of the README from the built page: docs/screenshot*.png. */
import { chromium } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';

const TEXT =
  'The library opens at nine, but Dr. Almeida asked us to come at 8:45. ' +
  'Bring the letter you found in the old house, and we will read it together.\n\n' +
  'Nothing you write here leaves this page.';

const SHOTS = [
  { name: 'screenshot', width: 1280, height: 720, colorScheme: 'light' },
  { name: 'screenshot-phone', width: 390, height: 844, colorScheme: 'dark' },
] as const;

mkdirSync('docs', { recursive: true });
const server = await preview({ preview: { port: 4178 }, logLevel: 'warn' });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
for (const { name, width, height, colorScheme } of SHOTS) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 2, locale: 'en' });
  await page.goto(server.resolvedUrls!.local[0]!);
  await page.getByRole('textbox').fill(TEXT);
  const sentences = page.locator('.target-text [role=button]');
  await sentences.nth(2).waitFor();
  // Point at a word, so that the picture shows where it came from.
  await sentences.nth(1).hover();
  await sentences.nth(1).getByText('carta', { exact: true }).hover();
  await page.waitForTimeout(300);
  await page.screenshot({ path: `docs/${name}.png` });
}
await browser.close();
await server.close();
