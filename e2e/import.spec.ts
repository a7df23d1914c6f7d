import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Page } from '@playwright/test';
import { preview } from 'vite';
import en from '../src/i18n/en.json' with { type: 'json' };
import { type Files, student, tarGz, translated, whisper, zip } from './broughtModels.ts';
import { expect, openApp, test } from './fixtures.ts';
import { modelsPage, openModels, said } from './modelsPage.ts';
import { PORTS } from './ports.ts';
import { translateScreen } from './screen.ts';

/** Puts files where `given()` finds them in the page. */
async function give(page: Page, files: Files): Promise<void> {
  const encoded = Object.entries(files).map(([path, bytes]) => [path, Buffer.from(bytes).toString('base64')] as const);
  await page.evaluate((list) => {
    const files = list.map(([path, text]) => ({
      path,
      file: new Blob([Uint8Array.from(atob(text), (character) => character.charCodeAt(0))]),
    }));
    Object.assign(globalThis, { given: files });
  }, encoded);
}

declare global {
  var given: { path: string; file: Blob }[];
}

/** Drops files on what a selector finds. */
async function drop(page: Page, selector: string, files: Files): Promise<void> {
  await give(page, files);
  await page.evaluate((selector) => {
    const dataTransfer = new DataTransfer();
    for (const { path, file } of given) dataTransfer.items.add(new File([file], path));
    document.querySelector(selector)?.dispatchEvent(new DragEvent('drop', { dataTransfer, bubbles: true }));
  }, selector);
}

const stored = (page: Page): Promise<number> =>
  page.evaluate(async () => (await (await caches.open('glossa-models')).keys()).length);

test.describe('on the screen', () => {
  test.use({ serviceWorkers: 'allow' });

  test('an archive dropped on a door is brought, translates, is here without a server after a reload, and goes', async ({
    page,
    context,
  }) => {
    const server = await preview({ preview: { port: PORTS.own }, logLevel: 'warn' });
    const address = server.resolvedUrls!.local[0]!;
    await openApp(page, address);
    await drop(page, '.translate-screen', { 'enet.tar.gz': await tarGz(student()) });
    const { panel, row, press } = modelsPage(page.getByRole('dialog', { name: en.panels.models }));
    await expect(panel.getByLabel(en.bring.from, { exact: true })).toHaveValue('en');
    await expect(panel.getByLabel(en.bring.to, { exact: true })).toHaveValue('et');
    await panel.getByLabel(en.bring.name, { exact: true }).fill('My student');
    await press(en.bring.convert);
    await expect(page.getByText(said(en.bring.done, { model: 'My student' }))).toBeVisible();
    await expect(row('My student')).toContainText(en.bring.brought);
    await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));

    await server.close();
    await context.setOffline(true);
    await openApp(page, address);
    const { source, target, to } = translateScreen(page);
    await to.click();
    await page.getByRole('option', { name: 'Estonian' }).click();
    await source.fill('w2 w3 w4 w5');
    await expect(target).toContainText(translated([2, 3, 4, 5]));

    const again = await openModels(page);
    await again.press(said(en.models.removeOf, { model: 'My student' }));
    await expect(again.row('My student')).toHaveCount(0);
    expect(await page.evaluate(async () => (await glossa.models.list()).map(({ name }) => name))).not.toContain(
      'My student',
    );
    await context.setOffline(false);
  });

  test('languages that no name tells are asked for', async ({ page }) => {
    await openApp(page);
    const { panel, press } = await openModels(page);
    const choosing = page.waitForEvent('filechooser');
    await press(en.bring.files);
    await (
      await choosing
    ).setFiles(
      Object.entries(student()).map(([path, bytes]) => ({
        name: path.replace(/^.*\//, '').replace('.enet', ''),
        mimeType: 'application/octet-stream',
        buffer: Buffer.from(bytes),
      })),
    );
    const convert = panel.getByRole('button', { name: en.bring.convert });
    await expect(convert).toBeDisabled();
    await panel.getByLabel(en.bring.from, { exact: true }).fill('fi');
    await panel.getByLabel(en.bring.to, { exact: true }).fill('not a tag');
    await expect(convert).toBeDisabled();
    await panel.getByLabel(en.bring.to, { exact: true }).fill('et');
    await expect(panel.getByText('Estonian')).toBeVisible();
    await convert.press('Enter');
    await expect(page.getByText(said(en.bring.done, { model: 'Firefox Translations' }))).toBeVisible();
  });

  test('a folder with a Whisper is brought, and hears', async ({ page }, { outputDir }) => {
    await openApp(page);
    for (const [path, bytes] of Object.entries(whisper())) {
      mkdirSync(dirname(join(outputDir, path)), { recursive: true });
      writeFileSync(join(outputDir, path), bytes);
    }
    const { press, row } = await openModels(page);
    const choosing = page.waitForEvent('filechooser');
    await press(en.bring.folder);
    await (await choosing).setFiles(join(outputDir, 'whisper-small'));
    await press(en.bring.convert);
    await expect(row('whisper-small')).toContainText(en.bring.brought);
    const ran = await page.evaluate(async () => {
      const [model] = (await glossa.models.list()).filter(({ name }) => name === 'whisper-small');
      const audio = { samples: Float32Array.from({ length: 16_000 }, (_, i) => Math.sin(i / 9)), sampleRateHz: 16_000 };
      return { model, ran: (await glossa.transcribe(audio, { model: model!.id })).ran };
    });
    expect(ran.ran.model).toBe(ran.model!.id);
    expect(ran.model).toMatchObject({ kind: 'speech', state: 'installed', brought: true });
  });

  test('what is no model is refused in a sentence', async ({ page }) => {
    await openApp(page);
    const { panel, press } = await openModels(page);
    const choosing = page.waitForEvent('filechooser');
    await press(en.bring.files);
    await (await choosing).setFiles({ name: 'cat.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('meow') });
    await expect(panel.getByRole('alert')).toContainText('There is cat.jpg, but no model');
  });
});

test('says what files are and what is missing, and keeps nothing of what does not work', async ({ page }) => {
  await openApp(page);
  const files = student();
  const [model, vocabulary] = Object.entries(files);
  await give(page, { 'enet.zip': zip(files) });
  expect(await page.evaluate(() => glossa.models.inspect(given))).toMatchObject({
    format: 'Firefox Translations',
    kind: 'translation',
    from: ['en'],
    to: ['et'],
  });
  const message = (call: () => Promise<unknown>): Promise<string> =>
    page.evaluate(call).then(
      () => 'no error',
      (error: unknown) => String(error),
    );
  const before = await stored(page);
  const tried = () => glossa.models.import(given, { to: ['et'] });

  await give(page, Object.fromEntries([model!]));
  expect(await message(tried)).toContain('there is no vocab.*.spm');
  await give(page, { 'enet.zip': zip(files).slice(0, -40) });
  expect(await message(tried)).toContain('enet.zip is damaged');
  await give(page, { 'enet.tar.gz': (await tarGz(files)).slice(0, 4000) });
  expect(await message(tried)).toContain('enet.tar.gz is damaged');
  await give(page, Object.fromEntries([[model![0], model![1].slice(0, 3000)], vocabulary!]));
  expect(await message(tried)).toContain('The Marian model is damaged');
  // Weights that are numbers, but of no model.
  const unended = student();
  const bytes = unended[model![0]]!;
  bytes.fill(0x40, bytes.length - 6000);
  await give(page, unended);
  expect(await page.evaluate(() => failure(glossa.models.import(given)))).toBe('EngineError model-corrupt');
  expect(await stored(page)).toBe(before);
});

test('stops in the middle, keeps nothing, and gives its memory back', async ({ page }) => {
  await openApp(page);
  await give(page, student({ dim: 256, heads: 8, encoderLayers: 6, decoderLayers: 2, ffn: 1536, vocabulary: 8000 }));
  const before = await stored(page);
  const ended = await page.evaluate(async () => {
    const controller = new AbortController();
    const stop = () => setTimeout(() => controller.abort(), 50);
    return failure(glossa.models.import(given, { signal: controller.signal, onProgress: stop }));
  });
  expect(ended).toBe('AbortError aborted');
  await expect.poll(() => page.workers().length).toBeLessThanOrEqual(1);
  expect(await stored(page)).toBe(before);
  await give(page, student());
  expect(await page.evaluate(async () => (await glossa.models.import(given)).state)).toBe('installed');
});
