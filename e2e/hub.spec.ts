import AxeBuilder from '@axe-core/playwright';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';
import { hubCase } from '../scripts/compat/hub.ts';
import type * as Outside from '../scripts/compat/hubTranscript.ts';
import { expect, openApp, test } from './fixtures.ts';
import { importFiles } from './importFiles.ts';

test('a translator of the Hub: imported, translates with other wordings, is told the language, deleted', async ({
  page,
}) => {
  await openApp(page);
  const { id, kind, to } = await importFiles(page, hubCase('nllb').files, { name: 'A small NLLB' });
  expect([kind, to]).toEqual(['translation', ['en', 'pt', 'zh-Hant']]);
  const result = await page.evaluate(async (model) => {
    const options = { model, from: 'en', alternatives: 2 };
    const partials: string[] = [];
    const onPartial = ({ text }: { text: string }): void => void partials.push(text);
    const text = 'The cat sat on the mat.';
    const translation = await glossa.translate(text, { ...options, to: 'pt', onPartial });
    const other = await glossa.translate(text, { ...options, to: 'zh-Hant' });
    return { translation, other: other.text, partials: partials.length };
  }, id);
  const [sentence] = result.translation.sentences;
  expect(sentence?.target).toBe(result.translation.text);
  expect(sentence?.alternatives.length).toBeGreaterThan(0);
  expect(sentence?.alignment).toEqual([]);
  expect(result.partials).toBeGreaterThan(0);
  expect(result.other).not.toBe(result.translation.text);
  await page.evaluate((model) => glossa.models.remove(model), id);
  const left = await page.evaluate(async () => (await glossa.models.list()).map((model) => model.id));
  expect(left).not.toContain(id);
});

test('a Whisper of the Hub: imported, writes what it writes outside a browser, with times of words, and stops when told', async ({
  page,
}) => {
  const runner = fileURLToPath(new URL('../scripts/compat/hubTranscript.ts', import.meta.url));
  const outside = await runnerImport<typeof Outside>(runner, { configFile: false });
  const { SAMPLES, LANGUAGE, TEXTS } = outside.module;
  await openApp(page);
  const { id, kind, from } = await importFiles(page, hubCase('whisper').files, { name: 'A small Whisper' });
  expect([kind, from]).toEqual(['speech', ['en', 'pt', 'jv']]);
  const { segments, stopped } = await page.evaluate(
    async ([given, language, model]) => {
      const audio = () => ({ samples: Float32Array.from(given), sampleRateHz: 16_000 });
      const transcript = await glossa.transcribe(audio(), { model, language, timestamps: 'word' });
      const abort = new AbortController();
      const task = glossa.transcribe(audio(), { model, task: 'translate', signal: abort.signal });
      abort.abort();
      return { segments: transcript.segments, stopped: await failure(task) };
    },
    [[...SAMPLES], LANGUAGE, id] as const,
  );
  expect(TEXTS.join('').length).toBeGreaterThan(10);
  expect(segments.map(({ text }) => text)).toEqual(TEXTS);
  expect(segments.every(({ words, language }) => language === LANGUAGE && (words?.length ?? 0) > 0)).toBe(true);
  expect(stopped).toContain('aborted');
});

test('a summariser of the Hub opens a door, keeps the text, and takes the door with it', async ({ page }) => {
  await openApp(page);
  const door = page.getByRole('button', { name: 'Summarise', exact: true });
  await expect(page.getByLabel('Text to translate')).toBeVisible();
  await expect(door).toHaveCount(0);
  const { id, kind } = await importFiles(page, hubCase('t5').files, { name: 'A small T5' });
  expect(kind).toBe('summary');
  await page.reload();
  await door.click();
  const field = page.getByLabel('Text to summarise');
  await field.fill('The cat sat on the mat and looked at the rain. '.repeat(40));
  await page.locator('.summarise-bar').getByText('Short', { exact: true }).click();
  await field.press('Control+Enter');
  await expect(page.getByTestId('summary-ran')).toContainText('A small T5');
  await expect(page.getByTestId('summary')).not.toBeEmpty();
  await expect(page.getByText(/read in \d+ parts/)).toBeVisible();
  expect((await new AxeBuilder({ page }).analyze()).violations).toEqual([]);
  await page.reload();
  await expect(page.getByLabel('Text to summarise')).toHaveValue(/The cat sat/);
  await page.evaluate((model) => glossa.models.remove(model), id);
  await page.reload();
  await expect(page.getByLabel('Text to translate')).toBeVisible();
  await expect(door).toHaveCount(0);
});
