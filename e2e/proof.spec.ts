import { test as plain } from '@playwright/test';
import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { CHROMIUM_ARGS, ensureChromium } from '../scripts/chromium.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { givePictures } from './pictures.ts';
import { PORTS } from './ports.ts';
import { translateScreen } from './screen.ts';
import { giveRecording } from './speech.ts';

test.use({
  serviceWorkers: 'allow',
  launchOptions: {
    executablePath: ensureChromium(),
    args: [...CHROMIUM_ARGS, '--autoplay-policy=no-user-gesture-required'],
  },
});

/** Requests and sockets of everything: pages, workers, service workers. The guard of every test looks at the rest. */
test('translating, transcribing, captioning and listening ask nobody else for anything, and it is all written down', async ({
  page,
  context,
  baseURL,
}) => {
  test.setTimeout(240_000);
  const asked = new Set<string>();
  context.on('request', (request) => asked.add(request.url()));
  page.on('websocket', (socket) => asked.add(socket.url()));
  await openApp(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await giveRecording(page, 'beckett.wav');
  await givePictures(page, 'coffee.jpg');
  const done = await page.evaluate(async () => {
    const { text: translation } = await glossa.translate('The secret house is blue.', { from: 'en', to: 'pt' });
    const { text: transcript } = await glossa.transcribe(recording(), { language: 'en' });
    const { text: caption } = await glossa.caption(picture('coffee.jpg'));
    const audio = new AudioContext();
    const sound = new AudioBufferSourceNode(audio, {
      buffer: await audio.decodeAudioData(await recording().arrayBuffer()),
    });
    const stream = new MediaStreamAudioDestinationNode(audio);
    sound.connect(stream);
    const session = glossa.listen(stream.stream, { language: 'en', to: 'pt' });
    const heard = new Promise((resolve) => session.on('phrase', resolve));
    sound.start();
    await audio.resume();
    await heard;
    const { text: captions } = await session.stop();
    return { translation, transcript, caption, captions };
  });
  for (const text of Object.values(done)) expect(text.length).toBeGreaterThan(3);
  expect(asked.size).toBeGreaterThan(20);
  const { origin } = new URL(baseURL ?? '');
  expect([...asked].filter((url) => !url.startsWith(`${origin}/`) && !/^(blob|data):/.test(url))).toEqual([]);
  expect([...asked].some((url) => url.endsWith('.gz'))).toBe(true);

  const panel = await translateScreen(page).openPanel('network');
  await expect(panel.getByText(en.network.noneElsewhere)).toBeVisible();
  for (const purpose of ['Model en-pt', en.network.for.runtime, en.network.for.shell]) {
    await expect(panel.getByText(purpose, { exact: true })).toBeVisible();
  }
  await panel.getByText('Model en-pt').click();
  await expect(panel.locator('.request').first()).toContainText('/models/en-pt/');
  await expect(panel.locator('.request').first()).toContainText(en.network.client.worker);
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    panel.getByRole('button', { name: en.network.save }).click(),
  ]);
  const saved = readFileSync(await download.path(), 'utf8');
  for (const url of asked) {
    if (/\.(gz|wasm)$/.test(url)) expect(saved).toContain(url);
  }
  for (const text of ['secret', ...Object.values(done)]) expect(saved).not.toContain(text);
  await panel.getByRole('button', { name: en.network.clear }).click();
  await expect(panel.getByText('Model en-pt')).toBeHidden();
});

test('the offline lock refuses every request to the network, and lets go of it again', async ({ page }) => {
  await openApp(page);
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  const ask = (): Promise<string> =>
    page.evaluate(() =>
      fetch('models/index.json', { cache: 'no-store' }).then(
        ({ ok }) => (ok ? 'answered' : 'failed'),
        () => 'refused',
      ),
    );
  const { openPanel } = translateScreen(page);
  expect(await ask()).toBe('answered');
  const panel = await openPanel('network');
  await panel.getByText(en.network.lockNone, { exact: true }).click();
  await expect(panel.getByRole('radio', { name: en.network.lockNone })).toBeChecked();
  expect(await ask()).toBe('refused');
  await panel.getByText(en.network.showRefused, { exact: true }).click();
  await panel.getByText(en.network.for.models, { exact: true }).click();
  await expect(panel.locator('.request').first()).toContainText(en.network.by.refused);

  // The page itself opens from the device, and the lock outlives it.
  await page.reload();
  await page.waitForFunction(() => 'glossa' in globalThis);
  expect(await ask()).toBe('refused');
  const again = await openPanel('network');
  await again.getByText(en.network.lockSite, { exact: true }).click();
  await expect(again.getByRole('radio', { name: en.network.lockSite })).toBeChecked();
  expect(await ask()).toBe('answered');
});

// Without the policy of the page, which would refuse it first; and without the guard, which would see the attempt.
plain.describe('behind the policy', () => {
  plain.use({ serviceWorkers: 'allow', bypassCSP: true });

  plain('the service worker itself refuses every other site', async ({ page }) => {
    let visits = 0;
    const elsewhere = createServer((_request, response) => {
      visits++;
      response
        .writeHead(200, { 'Access-Control-Allow-Origin': '*', 'Cross-Origin-Resource-Policy': 'cross-origin' })
        .end();
    });
    await new Promise<void>((resolve) => elsewhere.listen(PORTS.own, resolve));
    const ask = (): Promise<boolean> =>
      page.evaluate(
        (url) =>
          fetch(url, { cache: 'no-store' }).then(
            () => true,
            () => false,
          ),
        `http://localhost:${PORTS.own}/x`,
      );
    await openApp(page);
    const before = await page.evaluate(() => navigator.serviceWorker.controller !== null);
    if (!before) {
      expect(await ask(), 'nobody else would have stopped it').toBe(true);
      expect(visits).toBe(1);
    }
    await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
    expect(await ask()).toBe(false);
    expect(visits).toBeLessThanOrEqual(1);
    elsewhere.closeAllConnections();
    elsewhere.close();
  });
});
