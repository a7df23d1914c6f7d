import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { speakingWhisper } from '../src/convert/speakingWhisper.fixture.ts';
import { convertWhisper } from '../src/convert/whisper.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { listenPage } from './listenPage.ts';
import { recordingPath } from './speech.ts';

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The files of a multilingual Whisper that hears Portuguese in everything: see speakingWhisper.fixture.ts. */
function babel(): { name: string; base64: string }[] {
  const { architecture, parts } = convertWhisper(speakingWhisper());
  const packed = parts.map(({ bytes, file, ...part }) => {
    const gz = gzipSync(bytes);
    const sums = { packedSha256: sha256(gz), unpackedSha256: sha256(bytes) };
    const about = { ...part, file: `${file}.gz`, packedBytes: gz.length, unpackedBytes: bytes.length, ...sums };
    return { about, file: { name: about.file, base64: gz.toString('base64') } };
  });
  const from = Object.keys(architecture.languageIds);
  const manifest = {
    format: 1,
    id: 'babel',
    kind: 'speech',
    name: 'Babel',
    from,
    to: from,
    licence: 'MIT',
    source: 'Made by hand.',
    needs: ['silero-vad'],
    architecture,
    parts: packed.map(({ about }) => about),
  };
  const text = Buffer.from(JSON.stringify(manifest)).toString('base64');
  return [{ name: 'manifest.json', base64: text }, ...packed.map(({ file }) => file)];
}

async function importBabel(page: Page): Promise<void> {
  await page.evaluate(async (files) => {
    const given = files.map(({ name, base64 }) => {
      const text = atob(base64);
      return new File([Uint8Array.from(text, (character) => character.charCodeAt(0))], name);
    });
    await glossa.models.import(given);
  }, babel());
  await page.reload();
}

const recording = () => ({
  name: 'beckett.wav',
  mimeType: 'audio/wav',
  buffer: readFileSync(recordingPath('beckett.wav')),
});

test('the language that is spoken is detected, shown, corrected, and translated', async ({ page }) => {
  await openApp(page, './#listen');
  await importBabel(page);
  const { openFiles, texts, stop, save } = listenPage(page);
  await expect(page.getByRole('button', { name: en.spoken.detect })).toBeVisible();
  await openFiles(recording());
  await expect(texts.first()).toHaveText(/^bom dia/);
  await expect(stop).toBeHidden();
  const heard = await texts.allTextContents();
  expect(heard.every((text) => /^(bom dia ?)+$/.test(text))).toBe(true);
  const language = page.getByRole('button', { name: /^Spoken: Portuguese/ });
  await expect(language).toBeVisible();

  // The whole of it again, as English; and back.
  await language.click();
  const dialog = page.getByRole('dialog', { name: en.spoken.correct });
  await expect(dialog).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await dialog.getByRole('button', { name: /Portuguese/ }).click();
  await page.getByRole('option', { name: 'English', exact: true }).click();
  await dialog.getByRole('button', { name: en.spoken.hear }).click();
  await expect(texts.first()).toHaveText(/^hello there/);
  await expect(page.getByRole('button', { name: /^Spoken: English/ })).toBeVisible();
  await page.getByRole('button', { name: en.undo, exact: true }).click();
  expect(await texts.allTextContents()).toEqual(heard);
  await expect(language).toBeVisible();

  const data: unknown = JSON.parse((await save('JSON')).content);
  expect(data).toMatchObject({ language: 'pt' });

  // Written down in English by the model itself.
  await page.getByRole('button', { name: en.transcript.back }).click();
  await page.getByText(en.spoken.intoEnglish).click();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await openFiles(recording());
  await expect(texts.first()).toHaveText(/^good morning/);
  await expect(stop).toBeHidden();
  await expect(page.locator('.line-text').first()).toHaveAttribute('lang', 'en');
  await expect(language).toBeVisible();
});

test('each segment says which language it is in, and how sure that is', async ({ page }) => {
  await openApp(page, './#listen');
  await importBabel(page);
  const transcripts = await page.evaluate(async (base64) => {
    const audio = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    const calls = [{}, { language: 'en' }, { among: ['en', 'de'] }, { task: 'translate' as const }];
    return Promise.all(calls.map((options) => glossa.transcribe(audio, { ...options, model: 'babel', untilS: 4 })));
  }, recording().buffer.toString('base64'));
  const said = transcripts.map(({ language, textLanguage, segments: [first] }) => ({
    language,
    textLanguage,
    text: first?.text.replace(/^((\w+ \w+)).*/, '$1'),
    sure: first?.languageProbability === undefined ? null : first.languageProbability > 0.7,
  }));
  expect(said).toEqual([
    { language: 'pt', textLanguage: undefined, text: 'bom dia', sure: true },
    { language: 'en', textLanguage: undefined, text: 'hello there', sure: null },
    { language: 'en', textLanguage: undefined, text: 'hello there', sure: true },
    { language: 'pt', textLanguage: 'en', text: 'good morning', sure: true },
  ]);
  expect(transcripts.every(({ segments }) => segments.every(({ endS }) => endS <= 4.1))).toBe(true);
});
