import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';

test('a microphone that is refused is said so, and nothing else breaks', async ({ page }) => {
  await openApp(page, './#listen');
  await page.evaluate(() => glossa.warmUpSpeech());
  await page.reload();
  await page.getByRole('button', { name: en.home.microphone }).click();
  await expect(page.getByText(en.capture.refused)).toBeVisible();
});
