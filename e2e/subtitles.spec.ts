import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import en from '../src/i18n/en.json' with { type: 'json' };
import { parseSubtitles } from '../src/formats/subtitles/parseSubtitles.ts';
import { expect, openApp, test } from './fixtures.ts';
import { listenPage } from './listenPage.ts';
import { LOOKS } from './screen.ts';

const SRT = `1
00:00:01,000 --> 00:00:03,500
The house by the river
is blue,

2
00:00:03,600 --> 00:00:05,000
and nobody knows why.

3
00:00:06,000 --> 00:00:08,250
The boats left at 8:45.
`;

/** Drops a file on the page as a file manager does. */
async function drop(page: Page, name: string, content: string): Promise<void> {
  const data = await page.evaluateHandle(
    (file) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([file.content], file.name));
      return transfer;
    },
    { name, content },
  );
  const screen = page.locator('.listen-screen');
  await screen.dispatchEvent('dragover', { dataTransfer: data });
  await screen.dispatchEvent('drop', { dataTransfer: data });
}

test('a dropped subtitle file is edited with undo and exported, and is there again after a reload', async ({
  page,
}) => {
  await openApp(page, './#listen');
  const { lines, texts, save } = listenPage(page);
  await drop(page, 'river.srt', SRT);
  await expect(lines).toHaveCount(3);

  await lines.nth(1).dblclick();
  await page.getByRole('textbox', { name: en.lines.text }).fill('and I know why.');
  await page.getByRole('textbox', { name: en.lines.end }).fill('0:05.5');
  await page.keyboard.press('Enter');
  await expect(texts.nth(1)).toHaveText('and I know why.');
  await page.keyboard.press('Control+z');
  await expect(texts.nth(1)).toHaveText('and nobody knows why.');
  await page.keyboard.press('Control+Shift+z');
  await expect(texts.nth(1)).toHaveText('and I know why.');

  const srt = await save('SRT');
  expect(srt.name).toBe('river.srt');
  expect(parseSubtitles(srt.content).cues).toEqual([
    { startS: 1, endS: 3.5, text: 'The house by the river\nis blue,' },
    { startS: 3.6, endS: 5.5, text: 'and I know why.' },
    { startS: 6, endS: 8.25, text: 'The boats left at 8:45.' },
  ]);
  const vtt = await save('WebVTT');
  expect(vtt.name).toBe('river.vtt');
  expect(vtt.content).toMatch(/^WEBVTT\n\n00:00:01\.000 --> 00:00:03\.500\n/);
  expect(parseSubtitles(vtt.content).cues).toEqual(parseSubtitles(srt.content).cues);

  await page.reload();
  await page.getByRole('button', { name: /^river\.srt/ }).click();
  await expect(texts.nth(1)).toHaveText('and I know why.');
});

test('subtitles are translated, sentences whole, and both languages are exported', async ({ page }) => {
  await openApp(page, './#listen');
  const { lines, translations, translateInto, save } = listenPage(page);
  await drop(page, 'river.srt', SRT);
  await expect(lines).toHaveCount(3);
  await translateInto('English → Portuguese');
  await expect(translations).toHaveText([/azul/, /ninguém sabe/, /8[:h]45/]);
  const both = await save('SRT');
  expect(both.name).toBe('river.en-pt.srt');
  const { cues } = parseSubtitles(both.content);
  expect(cues.map(({ startS }) => startS)).toEqual([1, 3.6, 6]);
  expect(cues[1]?.text).toMatch(/^and nobody knows why\.\n.*ninguém/);
  const translated = await save('WebVTT', 'Portuguese');
  expect(translated.name).toBe('river.pt.vtt');
  expect(translated.content).not.toContain('nobody');
});

test('everything can be done from the keyboard', async ({ page }) => {
  await openApp(page, './#listen');
  const { lines, texts } = listenPage(page);
  await drop(page, 'river.srt', SRT);
  await expect(lines).toHaveCount(3);
  const { keyboard } = page;
  await lines.first().getByRole('button').first().focus();
  await keyboard.press('ArrowDown');
  await keyboard.press('F2');
  await expect(page.getByRole('textbox', { name: en.lines.text })).toBeFocused();
  // Split before "knows", then join again.
  await keyboard.press('Home');
  for (let i = 0; i < 'and nobody '.length; i++) await keyboard.press('ArrowRight');
  await keyboard.press('Control+Enter');
  await expect(texts).toHaveText([/river/, 'and nobody', 'knows why.', /boats/]);
  await keyboard.press('Control+z');
  await expect(lines).toHaveCount(3);
  await keyboard.press('ArrowDown');
  await keyboard.press('Delete');
  await expect(lines).toHaveCount(2);
  await keyboard.press('Control+z');
  await expect(lines).toHaveCount(3);
});

for (const { width, colorScheme } of LOOKS) {
  test(`no axe violations: ${colorScheme}, ${width} px wide`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openApp(page, './#listen');
    await expect(page.getByRole('heading', { name: en.home.live })).toBeVisible();
    const violations = async (): Promise<string[]> => {
      const result = await new AxeBuilder({ page }).analyze();
      return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
    };
    expect(await violations(), 'where listening begins').toEqual([]);
    const { lines, translateInto, translations, exportButton } = listenPage(page);
    await drop(page, 'river.srt', SRT);
    await expect(lines).toHaveCount(3);
    await translateInto('English → Portuguese');
    await expect(translations.nth(2)).not.toBeEmpty();
    await page.getByRole('searchbox').fill('boats');
    expect(await violations(), 'a transcript').toEqual([]);
    await lines.first().dblclick();
    expect(await violations(), 'a line being edited').toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      'nothing sticks out sideways',
    ).toBeLessThanOrEqual(width);
    await page.keyboard.press('Escape');
    await exportButton.click();
    await expect(page.getByRole('dialog')).toBeVisible();
    expect(await violations(), 'export').toEqual([]);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: en.transcript.back }).click();
    await expect(page.getByRole('heading', { name: en.transcripts.title })).toBeVisible();
    expect(await violations(), 'the list of transcripts').toEqual([]);
  });
}
