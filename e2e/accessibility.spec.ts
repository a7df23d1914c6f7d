import { AxeBuilder } from '@axe-core/playwright';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { LOOKS, translateScreen } from './screen.ts';

const textFile = (name: string, content: string) => ({ name, mimeType: 'text/plain', buffer: Buffer.from(content) });

for (const { width, colorScheme } of LOOKS) {
  test(`no axe violations: ${colorScheme}, ${width} px wide`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openApp(page);
    const { source, sentences, openPanel } = translateScreen(page);
    const violations = async (): Promise<string[]> => {
      // What a button says has to be in its name, or speech control does not find it: axe calls this rule experimental.
      const rules = { 'label-content-name-mismatch': { enabled: true } };
      const result = await new AxeBuilder({ page }).options({ rules }).analyze();
      return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
    };
    expect(await violations(), 'empty page').toEqual([]);
    await source.fill('The 3 boats left at 8:45. Nobody knows where they went.');
    await expect(sentences).toHaveCount(2);
    await sentences.first().hover();
    expect(await violations(), 'with a translation').toEqual([]);
    expect(
      await page.evaluate(() => document.documentElement.scrollWidth),
      'nothing sticks out sideways',
    ).toBeLessThanOrEqual(width);
    await sentences.first().click();
    await expect(page.getByRole('option').nth(1)).toBeVisible();
    expect(await violations(), 'other wordings').toEqual([]);
    await page.keyboard.press('Escape');
    for (const name of ['history', 'glossary', 'models', 'network', 'settings', 'help'] as const) {
      const panel = await openPanel(name);
      await expect(panel).toBeVisible();
      expect(await violations(), `${name} panel`).toEqual([]);
      await page.keyboard.press('Escape');
      await expect(panel).toBeHidden();
    }
    await page.getByRole('button', { name: en.menu, exact: true }).click();
    await expect(page.getByRole('menu')).toBeVisible();
    expect(await violations(), 'menu').toEqual([]);
    await page.keyboard.press('Escape');
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: en.source.open }).click(),
    ]);
    await chooser.setFiles(textFile('letter.txt', 'The house is blue.'));
    await expect(page.getByRole('button', { name: en.share.back })).toBeVisible();
    expect(await violations(), 'with a notice').toEqual([]);
    await chooser.setFiles([textFile('one.txt', 'One house.'), textFile('two.txt', 'Two houses.')]);
    await expect(
      page.getByRole('region', { name: en.files.label }).getByRole('button', { name: en.files.save }),
    ).toHaveCount(2);
    expect(await violations(), 'with files').toEqual([]);
  });
}
