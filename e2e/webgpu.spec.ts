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

test('models are tested against WASM, and a software adapter is never chosen without being asked for', async ({
  page,
}) => {
  test.setTimeout(240_000);
  await openApp(page);
  const tests = await page.evaluate(async () => {
    const tested = await glossa.models.test('en-pt');
    const { ran } = await glossa.translate('Good morning.', { from: 'en', to: 'pt' });
    return { tested, provider: ran.provider, why: (await glossa.warmUp({ from: 'en', to: 'pt' })).why };
  });
  const { verdict, adapter, webgpuMs = Infinity, wasmMs = 0 } = tests.tested;
  expect(adapter).toMatch(/swiftshader/i);
  // Right, or it would be "wrong"; and slow, on a busy machine so slow that the browser takes the device away.
  expect(['software', 'failed']).toContain(verdict);
  expect(webgpuMs).toBeGreaterThan(wasmMs);
  expect(tests.provider).toBe('wasm');
  expect(tests.why).toMatch(/^WASM is used: /);
});

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
