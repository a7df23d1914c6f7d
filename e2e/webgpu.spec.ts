import { CHROMIUM_ARGS, ensureChromium, SOFTWARE_WEBGPU_ARGS } from '../scripts/chromium.ts';
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test.use({ launchOptions: { executablePath: ensureChromium(), args: [...CHROMIUM_ARGS, ...SOFTWARE_WEBGPU_ARGS] } });

test('WebGPU can be chosen, and the page says that it ran', async ({ page }) => {
  test.setTimeout(240_000);
  await openApp(page);
  const { source, target, openPanel } = translateScreen(page);
  const settings = await openPanel('settings');
  await settings.getByText('WebGPU', { exact: true }).click();
  await page.keyboard.press('Escape');
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.', { timeout: 180_000 });
  await expect(page.getByTestId('ran')).toContainText('WebGPU');
});
