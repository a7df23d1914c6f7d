import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { speakingWhisper } from '../src/convert/speakingWhisper.fixture.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { importFiles } from './importFiles.ts';
import { listenPage } from './listenPage.ts';
import { recordingPath } from './speech.ts';

/** Brings a multilingual Whisper that hears Portuguese in everything, as CTranslate2 keeps it: see speakingWhisper.fixture.ts. */
async function bringBabel(page: Page): Promise<void> {
  const { model, config, vocabulary } = speakingWhisper();
  const files = Object.entries({ 'model.bin': model, 'config.json': config, 'vocabulary.json': vocabulary });
  await importFiles(page, files, { id: 'babel', name: 'Babel' });
  await page.reload();
}

const HEADER = 44;
const SECONDS = 4;

/** The first seconds of a recording. */
function recording(): { name: string; mimeType: string; buffer: Buffer } {
  const whole = readFileSync(recordingPath('beckett.wav'));
  const buffer = Buffer.from(whole.subarray(0, HEADER + SECONDS * 2 * 16_000));
  buffer.writeUInt32LE(buffer.length - 8, 4);
  buffer.writeUInt32LE(buffer.length - HEADER, HEADER - 4);
  return { name: 'beckett.wav', mimeType: 'audio/wav', buffer };
}

test('the language that is spoken is detected, shown, corrected, and translated', async ({ page }) => {
  await openApp(page, './#listen');
  await bringBabel(page);
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

  // The same from a script.
  const transcripts = await page.evaluate(async (base64) => {
    const audio = new Blob([Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))]);
    const calls = [{}, { language: 'en' }, { among: ['en', 'de'] }, { task: 'translate' as const }];
    return Promise.all(calls.map((options) => glossa.transcribe(audio, { ...options, model: 'babel', untilS: 3 })));
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
  expect(transcripts.every(({ segments }) => segments.every(({ endS }) => endS <= 3.1))).toBe(true);
});
