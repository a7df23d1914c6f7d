import { CHROMIUM_ARGS, ensureChromium, SOFTWARE_WEBGPU_ARGS } from '../scripts/chromium.ts';
import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';

test.use({ launchOptions: { executablePath: ensureChromium(), args: [...CHROMIUM_ARGS, ...SOFTWARE_WEBGPU_ARGS] } });

/** Remembers the devices that a worker asks for, so that they can be lost. */
function rememberDevices(): void {
  const { requestDevice } = GPUAdapter.prototype;
  GPUAdapter.prototype.requestDevice = async function (...given) {
    const device = await requestDevice.apply(this, given);
    Object.assign(globalThis, { device });
    return device;
  };
}

function loseDevice(): void {
  (globalThis as typeof globalThis & { device?: GPUDevice }).device?.destroy();
}

test('WebGPU can be chosen, the page says that it ran, and a device that is lost loses nothing', async ({ page }) => {
  test.setTimeout(240_000);
  page.on('worker', (worker) => void worker.evaluate(rememberDevices).catch(() => undefined));
  await openApp(page);
  const { source, target, openPanel } = translateScreen(page);
  const settings = await openPanel('settings');
  await settings.getByText('WebGPU', { exact: true }).click();
  await page.keyboard.press('Escape');
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.', { timeout: 180_000 });
  await expect(page.getByTestId('ran')).toContainText('WebGPU');

  // The driver resets while the next text is translated: another worker with another device does it.
  await source.fill('Nobody came to the harbour.');
  for (const worker of page.workers()) await worker.evaluate(loseDevice).catch(() => undefined);
  await expect(target).toContainText('Ninguém', { timeout: 180_000 });
  await expect(page.getByRole('alert')).toHaveCount(0);
});
