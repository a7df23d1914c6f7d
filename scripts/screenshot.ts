/** Takes the pictures of the README (docs/) and of the web manifest (public/screenshots/) from the built page. */
import { chromium, type Page } from '@playwright/test';
import { mkdirSync, writeFileSync } from 'node:fs';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from './chromium.ts';

const TEXT =
  'The library opens at nine, but Dr. Almeida asked us to come at 8:45. ' +
  'Bring the letter you found in the old house, and we will read it together.\n\n' +
  'Nothing you write here leaves this page.';

const RECORDING = 'e2e/audio/two_cities.flac';

const SHOTS = [
  { path: 'docs/screenshot.png', width: 1280, height: 720, scale: 2, colorScheme: 'light', show: translateText },
  { path: 'docs/screenshot-phone.png', width: 390, height: 844, scale: 2, colorScheme: 'dark', show: translateText },
  {
    path: 'docs/screenshot-listen.png',
    width: 1280,
    height: 720,
    scale: 2,
    colorScheme: 'light',
    show: captionRecording,
  },
  { path: 'docs/screenshot-see.png', width: 1280, height: 720, scale: 2, colorScheme: 'light', show: captionPicture },
  ...(['translate', 'listen', 'see'] as const).flatMap((door) => {
    const show = { translate: translateText, listen: captionRecording, see: captionPicture }[door];
    const path = `public/screenshots/${door}`;
    return [
      { path: `${path}-wide.webp`, width: 1280, height: 720, scale: 1, colorScheme: 'light', show } as const,
      { path: `${path}-narrow.webp`, width: 360, height: 640, scale: 1.5, colorScheme: 'light', show } as const,
    ];
  }),
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

/** A system shows these small, and a phone fetches them: WebP, which Playwright does not write itself. */
async function writeWebp(page: Page, path: string): Promise<void> {
  const session = await page.context().newCDPSession(page);
  const { data } = await session.send('Page.captureScreenshot', { format: 'webp', quality: 85 });
  writeFileSync(path, Buffer.from(data, 'base64'));
}

for (const folder of ['docs', 'public/screenshots']) mkdirSync(folder, { recursive: true });
const server = await preview({ preview: { port: 4178 }, logLevel: 'warn' });
const browser = await chromium.launch({ executablePath: ensureChromium(), args: CHROMIUM_ARGS });
for (const { path, width, height, scale, colorScheme, show } of SHOTS) {
  const page = await browser.newPage({
    viewport: { width, height },
    colorScheme,
    deviceScaleFactor: scale,
    locale: 'en',
  });
  await page.goto(server.resolvedUrls!.local[0]!);
  await show(page);
  await page.waitForTimeout(300);
  if (path.endsWith('.webp')) await writeWebp(page, path);
  else await page.screenshot({ path });
  await page.close();
}
await browser.close();
await server.close();
