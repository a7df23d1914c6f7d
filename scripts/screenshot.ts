/** Takes the pictures of the README from the built page: docs/screenshot*.png. */
import { chromium, type Page } from '@playwright/test';
import { mkdirSync } from 'node:fs';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';

const TEXT =
  'The library opens at nine, but Dr. Almeida asked us to come at 8:45. ' +
  'Bring the letter you found in the old house, and we will read it together.\n\n' +
  'Nothing you write here leaves this page.';

const RECORDING = 'e2e/audio/two_cities.flac';

const SHOTS = [
  { name: 'screenshot', width: 1280, height: 720, colorScheme: 'light', show: translateText },
  { name: 'screenshot-phone', width: 390, height: 844, colorScheme: 'dark', show: translateText },
  { name: 'screenshot-listen', width: 1280, height: 720, colorScheme: 'light', show: captionRecording },
  { name: 'screenshot-see', width: 1280, height: 720, colorScheme: 'light', show: captionPicture },
] as const;

async function translateText(page: Page): Promise<void> {
  await page.getByRole('textbox').fill(TEXT);
  const sentences = page.locator('.target-text [role=button]');
  await sentences.nth(2).waitFor();
  // Point at a word, so that the picture shows where it came from.
  await sentences.nth(1).hover();
  await sentences.nth(1).getByText('carta', { exact: true }).hover();
}

async function captionRecording(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Listen' }).click();
  const [chooser] = await Promise.all([
    page.waitForEvent('filechooser'),
    page.getByRole('button', { name: 'Choose files' }).click(),
  ]);
  await chooser.setFiles(RECORDING);
  await page.getByTestId('ran').waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Translate into' }).click();
  await page.getByRole('option', { name: 'English → Portuguese' }).click();
  await page.getByText('sabedoria').first().waitFor();
  await page.getByRole('listitem').nth(2).getByRole('button').first().click();
  await page.keyboard.press('Alt+k');
}

async function captionPicture(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'See' }).click();
  await page.getByRole('button', { name: 'A cat' }).click();
  const words = page.locator('.caption-word');
  await words.first().waitFor({ timeout: 120_000 });
  await page.getByRole('button', { name: 'Translate into Portuguese' }).click();
  await page.getByText('gato').first().waitFor();
  await words.filter({ hasText: 'cat' }).hover();
}

mkdirSync('docs', { recursive: true });
const server = await preview({ preview: { port: 4178 }, logLevel: 'warn' });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
for (const { name, width, height, colorScheme, show } of SHOTS) {
  const page = await browser.newPage({ viewport: { width, height }, colorScheme, deviceScaleFactor: 2, locale: 'en' });
  await page.goto(server.resolvedUrls!.local[0]!);
  await show(page);
  await page.waitForTimeout(300);
  await page.screenshot({ path: `docs/${name}.png` });
}
await browser.close();
await server.close();
