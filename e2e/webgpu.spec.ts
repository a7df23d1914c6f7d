import { CHROMIUM_ARGS, ensureChromium, SOFTWARE_WEBGPU_ARGS } from '../scripts/chromium.ts';
import { hubCase } from '../scripts/compat/hub.ts';
import { speakingWhisper } from '../src/convert/speakingWhisper.fixture.ts';
import type { Transcript } from '../src/protocol/types.ts';
import { expect, openApp, test } from './fixtures.ts';
import { importFiles } from './importFiles.ts';
import { translateScreen } from './screen.ts';
import { giveRecording } from './speech.ts';

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

/** Of random weights but for what it says, and small: the software adapter would take minutes for the one that is shipped. */
test('a Whisper hears on WebGPU what it hears on WASM', async ({ page }) => {
  await openApp(page);
  await giveRecording(page, 'beckett.wav');
  const { model, config, vocabulary } = speakingWhisper();
  const files = { 'model.bin': model, 'config.json': config, 'vocabulary.json': vocabulary };
  const { id } = await importFiles(page, Object.entries(files), { name: 'Babel' });
  const { onWasm, onGpu, tested } = await page.evaluate(async (model) => {
    const transcribe = (provider: 'wasm' | 'webgpu') => glossa.transcribe(recording(), { model, provider, untilS: 3 });
    const [onWasm, onGpu] = [await transcribe('wasm'), await transcribe('webgpu')];
    return { onWasm, onGpu, tested: await glossa.models.test(model) };
  }, id);
  expect([onWasm.ran.provider, onGpu.ran.provider]).toEqual(['wasm', 'webgpu']);
  expect(onWasm.text).toMatch(/^(bom dia ?)+$/);
  const told = ({ segments }: Transcript) =>
    segments.map(({ startS, endS, text, language }) => ({ startS, endS, text, language }));
  expect(told(onGpu)).toEqual(told(onWasm));
  expect(tested).toMatchObject({ verdict: 'software' });
});

test('a translator of the Hub says on WebGPU what it says on WASM', async ({ page }) => {
  await openApp(page);
  const { id } = await importFiles(page, hubCase('nllb').files, { name: 'A small NLLB' });
  const [onWasm, onGpu] = await page.evaluate(async (model) => {
    const translate = (provider: 'wasm' | 'webgpu') =>
      glossa.translate('The cat sat on the mat.', { model, provider, from: 'en', to: 'pt' });
    return [await translate('wasm'), await translate('webgpu')] as const;
  }, id);
  expect([onWasm.ran.provider, onGpu.ran.provider]).toEqual(['wasm', 'webgpu']);
  expect(onWasm.text).not.toBe('');
  expect(onGpu.text).toBe(onWasm.text);
});
