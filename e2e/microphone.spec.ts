import en from '../src/i18n/en.json' with { type: 'json' };
import { CHROMIUM_ARGS, ensureChromium } from '../scripts/chromium.ts';
import { expect, openApp, test } from './fixtures.ts';

/** A microphone that the reader does not allow. */
test.use({
  launchOptions: {
    executablePath: ensureChromium(),
    args: [...CHROMIUM_ARGS, '--use-fake-device-for-media-stream', '--deny-permission-prompts'],
  },
});

test('a microphone that is refused is said so, and nothing else breaks', async ({ page }) => {
  await openApp(page, './#listen');
  await page.evaluate(() => glossa.warmUpSpeech());
  await page.reload();
  await page.getByRole('button', { name: en.home.microphone }).click();
  await expect(page.getByText(en.capture.refused)).toBeVisible();
});
