import { AxeBuilder } from '@axe-core/playwright';
import { readFileSync } from 'node:fs';
import { CHROMIUM_ARGS, ensureChromium, fakeMicrophoneArgs } from '../scripts/chromium.ts';
import { parseSubtitles } from '../src/formats/subtitles/parseSubtitles.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { listenPage } from './listenPage.ts';
import { BECKETT, recordingPath, TWO_CITIES, wordErrors } from './speech.ts';

test.use({
  launchOptions: {
    executablePath: ensureChromium(),
    args: [
      ...CHROMIUM_ARGS,
      ...fakeMicrophoneArgs(recordingPath('beckett.wav')),
      '--autoplay-policy=no-user-gesture-required',
    ],
  },
});

const file = (name: 'beckett.wav' | 'two_cities.flac', as = name, type = 'audio/wav') => ({
  name: as,
  mimeType: type,
  buffer: readFileSync(recordingPath(name)),
});

const silence = (): Buffer => {
  const wav = readFileSync(recordingPath('beckett.wav'));
  return Buffer.concat([wav.subarray(0, 44), Buffer.alloc(wav.length - 44)]);
};

test('a recording becomes captions within limits, in step with the player, in two languages', async ({ page }) => {
  await openApp(page, './#listen');
  const { openFiles, lines, texts, translations, translateInto, stop, save } = listenPage(page);
  await expect(page.getByText(/It is fetched once/)).toBeVisible();
  await openFiles(file('two_cities.flac', 'two_cities.flac', 'audio/flac'));
  await expect(texts.first()).toContainText('best of times');
  await expect(stop).toBeHidden();
  await expect(page.getByTestId('ran')).toContainText('as fast as it plays');

  const srt = await save('SRT');
  expect(srt.name).toBe('two_cities.srt');
  const { cues } = parseSubtitles(srt.content);
  expect(wordErrors(cues.map(({ text }) => text).join(' '), TWO_CITIES)).toBeLessThanOrEqual(3);
  cues.forEach((cue, i) => {
    expect(cue.text.split('\n').length).toBeLessThanOrEqual(2);
    for (const line of cue.text.split('\n')) expect(line.length).toBeLessThanOrEqual(42);
    expect(cue.endS - cue.startS).toBeLessThanOrEqual(7.2);
    expect(cue.endS).toBeLessThanOrEqual(cues[i + 1]?.startS ?? 45);
  });

  // A line's time plays it, and it is lit while it is said.
  const third = lines.nth(2);
  await third.getByRole('button').first().click();
  await expect(third).toHaveAttribute('aria-current', 'true');
  await page.keyboard.press('Alt+k');
  const timeS = await page.locator('audio').evaluate((player: HTMLAudioElement) => player.currentTime);
  expect(timeS).toBeGreaterThan(1);

  await translateInto('English → Portuguese');
  await expect(translations.last()).not.toBeEmpty();
  const both = await save('SRT');
  expect(both.name).toBe('two_cities.en-pt.srt');
  expect(both.content).toMatch(/melhor/);
  expect(both.content).toMatch(/best/);
});

test('Stop keeps what was heard', async ({ page }) => {
  await openApp(page, './#listen');
  const { openFiles, lines, texts, stop } = listenPage(page);
  await openFiles(file('two_cities.flac'));
  // Of the first of its two windows.
  await expect(texts.first()).toContainText('best of times');
  await stop.click();
  await expect(page.getByText(en.transcript.stopped)).toBeVisible();
  const heard = await lines.count();
  await page.reload();
  const entry = page.getByRole('button', { name: /^two_cities\.flac/ });
  await expect(entry).toContainText(en.transcripts.stopped);
  await entry.click();
  await expect(lines).toHaveCount(heard);
});

test('silence has no captions, and what is no recording is refused by name', async ({ page }) => {
  await openApp(page, './#listen');
  const { openFiles, lines } = listenPage(page);
  await openFiles({ name: 'silence.wav', mimeType: 'audio/wav', buffer: silence() });
  await expect(page.getByText(en.transcript.empty)).toBeVisible();
  await expect(lines).toHaveCount(0);
  await page.getByRole('button', { name: en.transcript.back }).click();
  await openFiles({ name: 'letter.mp3', mimeType: 'audio/mpeg', buffer: Buffer.from('Dear reader. '.repeat(200)) });
  await expect(page.getByRole('status').filter({ hasText: 'letter.mp3' })).toBeVisible();
  await expect(page.getByRole('button', { name: /^letter\.mp3/ })).toHaveCount(0);
});

test('live captions are shown, translated, kept with their recording, and survive a reload', async ({ page }) => {
  await openApp(page, './#listen');
  const { microphone, texts } = listenPage(page);
  await page.getByRole('button', { name: en.home.translate }).click();
  await page.getByRole('option', { name: 'Portuguese' }).click();
  await page.getByText(en.home.keepRecording).click();
  await microphone.click();
  const live = page.getByRole('region', { name: en.live.label });
  await expect(live.locator('.caption-stage')).toContainText(/fail/i);
  await expect(live.locator('.caption-translation').first()).not.toBeEmpty();
  const { violations } = await new AxeBuilder({ page }).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);
  await expect(live.locator('.caption-stage')).toContainText(/better/i);
  await page.getByRole('button', { name: en.live.finish }).click();

  await expect(texts.last()).toContainText(/better/i);
  expect(wordErrors((await texts.allTextContents()).join(' '), BECKETT)).toBeLessThanOrEqual(2);
  await page.reload();
  await page.getByRole('button', { name: /^Live captions/ }).click();
  await expect(texts.last()).toContainText(/better/i);
  const player = page.locator('audio');
  await expect.poll(() => player.evaluate((element: HTMLAudioElement) => element.duration)).toBeGreaterThan(8);
});
