import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';
import { serveThirdLanguage, THIRD } from './thirdLanguage.ts';

test('a language that no model of its own leads to is reached by way of English, and the page says so', async ({
  page,
  context,
}) => {
  await serveThirdLanguage(context);
  await openApp(page);
  await page.evaluate(() => Promise.all(['pt-en', 'en-gl'].map((id) => glossa.models.install(id))));
  await page.reload();
  const { source, target, sentences, to } = translateScreen(page);
  await source.fill('A casa é azul. O comboio parte às 8:45 de Lisboa.');
  await expect(target).toContainText('house');
  await to.click();
  await page.getByRole('option', { name: THIRD.name }).click();
  await expect(target).toContainText('8:45');
  await expect(target).toContainText('casa');
  await expect(sentences).toHaveCount(2);
  await expect(page.getByTestId('ran')).toContainText('via English');
  await to.click();
  await expect(page.getByRole('option', { name: THIRD.name })).toContainText('via English');
  await page.keyboard.press('Escape');

  const made = await page.evaluate(async () => {
    const glossary: [string, string][] = [['comboio', 'ferrocarril']];
    const partials: string[] = [];
    const text = '  A casa é azul.\n\nO comboio parte às 8:45. Veja https://a.example/b.';
    const onPartial = ({ text: soFar }: { text: string }): void => void partials.push(soFar);
    const found = await glossa.translate(text, {
      from: 'pt',
      to: 'gl',
      glossary,
      alternatives: 2,
      beams: 3,
      onPartial,
    });
    return { ...found, partials };
  });
  expect(made).toMatchObject({ via: 'en', from: 'pt', to: 'gl', ran: { model: 'pt-en+en-gl' } });
  expect(made.text).toMatch(/^ {2}A casa é azul\.\n\n[AO] ferrocarril .*8:45.*https:\/\/a\.example\/b/s);
  expect(made.sentences).toHaveLength(3);
  expect(made.partials.length).toBeGreaterThan(0);
  for (const {
    source: of,
    sourceRange,
    target: into,
    targetRange,
    alignment,
    alternatives,
    warnings,
  } of made.sentences) {
    expect(of).toBe('  A casa é azul.\n\nO comboio parte às 8:45. Veja https://a.example/b.'.slice(...sourceRange));
    expect(into).toBe(made.text.slice(...targetRange));
    expect(alternatives.length).toBeGreaterThan(0);
    expect(warnings).toEqual([]);
    for (const { source: a, target: b, weight } of alignment) {
      expect(a[1]).toBeLessThanOrEqual(of.length);
      expect(b[1]).toBeLessThanOrEqual(into.length);
      expect(weight).toBeLessThanOrEqual(1);
    }
  }
  const linked = made.sentences[0]!.alignment.map(
    (link) => `${made.sentences[0]!.source.slice(...link.source)} ${made.sentences[0]!.target.slice(...link.target)}`,
  );
  expect(linked).toEqual(expect.arrayContaining(['casa casa', 'azul azul']));
});
