import { AxeBuilder } from '@axe-core/playwright';
import { test as plain, type Locator, type Page } from '@playwright/test';
import { hubCase } from '../scripts/compat/hub.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import type { SourceId } from '../src/protocol/hosts.ts';
import { expect, openApp, test } from './fixtures.ts';
import { argos, translated } from './broughtModels.ts';
import { addOtherCopies, type MirrorHost, REPOSITORY, WEIGHTS, startMirrorHost } from './mirrorHost.ts';
import { openModels, said } from './modelsPage.ts';
import { translateScreen } from './screen.ts';

const MOZILLA = 'Mozilla Firefox Translations';
const EN_ET = 'English → Estonian, tiny';
const words = en.catalogue;

test.describe.configure({ timeout: 40_000 });

let host: MirrorHost;
test.beforeEach(async () => {
  host = await startMirrorHost();
});
test.afterEach(() => host.close());

const rowOf = (panel: Locator, name = EN_ET): Locator => panel.getByRole('listitem', { name, exact: true });
/** A switch is its label: the box itself is not drawn. */
const turn = (panel: Locator, name: string): Promise<void> =>
  panel.getByRole('group', { name }).locator('.switch').click();
const press = (panel: Locator, name: string): Promise<void> => panel.getByRole('button', { name, exact: true }).click();

/** Opens the panel, switches Mozilla's source on and has its models shown. */
async function openMozilla(page: Page): Promise<Locator> {
  const { panel } = await openModels(page);
  await turn(panel, MOZILLA);
  await press(panel, said(words.showOf, { source: MOZILLA }));
  await expect(rowOf(panel)).toBeVisible();
  return panel;
}

test('nothing is asked of a source before it is switched on, nor after it is switched off', async ({ page }) => {
  await openApp(page, host.address);
  const { panel } = await openModels(page);
  const mozilla = panel.getByRole('switch', { name: MOZILLA });
  await expect(mozilla).not.toBeChecked();
  await expect(panel.getByText(words.lead)).toBeVisible();
  await expect(panel.getByText(said(words.asks, { hosts: 'huggingface.co, *.hf.co, *.huggingface.co' }))).toBeVisible();
  await expect(panel.getByRole('button', { name: words.show })).toHaveCount(0);
  const codeOf = (source: SourceId): Promise<string> =>
    page.evaluate((id) => failure(glossa.models.catalogue(id, { repository: 'owner/name' })), source);
  for (const source of ['mozilla', 'bergamot', 'argos', 'hub'] as const)
    expect(await codeOf(source)).toBe('EngineError source-off');
  expect(host.asked).toEqual([]);

  await turn(panel, MOZILLA);
  await expect(mozilla).toBeChecked();
  expect(host.asked).toEqual([]);
  await press(panel, said(words.showOf, { source: MOZILLA }));
  await expect(rowOf(panel)).toContainText('MPL-2.0');
  expect(host.asked).toEqual(['mozilla/db/models.json']);
  const rules = { 'label-content-name-mismatch': { enabled: true } };
  const { violations } = await new AxeBuilder({ page }).options({ rules }).analyze();
  expect(violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`))).toEqual([]);

  await turn(panel, MOZILLA);
  await expect(rowOf(panel)).toHaveCount(0);
  expect(await codeOf('mozilla')).toBe('EngineError source-off');
  expect(host.asked).toEqual(['mozilla/db/models.json']);
});

test('a model is stopped, gone on with after a reload with the byte where it was, translates and is deleted', async ({
  page,
}) => {
  host.files.get(WEIGHTS)!.pauseMs = 60;
  await openApp(page, host.address);
  let panel = await openMozilla(page);
  await press(panel, said(words.installOf, { model: EN_ET }));
  const amount = rowOf(panel).getByRole('progressbar');
  await expect
    .poll(async () => Number(await amount.getAttribute('aria-valuenow')), { intervals: [50] })
    .toBeGreaterThan(20);
  await rowOf(panel).getByRole('button', { name: en.stop, exact: true }).press('Enter');
  await expect(rowOf(panel)).toContainText(/\d(\.\d)? kB fetched/);
  await expect(rowOf(panel).getByRole('button', { name: said(words.resumeOf, { model: EN_ET }) })).toBeFocused();

  host.files.get(WEIGHTS)!.pauseMs = 0;
  await page.reload();
  await page.waitForFunction(() => 'glossa' in globalThis);
  panel = (await openModels(page)).panel;
  // What was begun is shown without asking anybody.
  await press(panel, said(words.resumeOf, { model: EN_ET }));
  await expect(page.getByText(said(words.done, { model: EN_ET }))).toBeVisible();
  expect(host.asked.filter((asked) => asked.startsWith(WEIGHTS))).toEqual([
    WEIGHTS,
    expect.stringMatching(/ bytes=\d{3,}-$/),
  ]);
  const [model] = await page.evaluate(async () =>
    (await glossa.models.list()).filter(({ id }) => id === 'mozilla-en-et-tiny'),
  );
  expect(model).toMatchObject({ licence: 'MPL-2.0', source: MOZILLA, from: ['en'], to: ['et'], state: 'installed' });
  const { ran, text } = await page.evaluate(() => glossa.translate('w2 w3 w4 w5', { from: 'en', to: 'et' }));
  expect([ran.model, text]).toEqual(['mozilla-en-et-tiny', translated([2, 3, 4, 5])]);
  await page.evaluate(() => glossa.models.remove('mozilla-en-et-tiny'));
  expect(await page.evaluate(async () => (await glossa.models.list()).map(({ id }) => id))).not.toContain(
    'mozilla-en-et-tiny',
  );
});

test('the other sources have models that are installed, translate and are deleted', async ({ page }) => {
  addOtherCopies(host.files);
  await openApp(page, host.address);
  const use = (source: SourceId, pair: { from: string; to: string }, text: string, repository = ''): Promise<string> =>
    page.evaluate(
      async ([source, pair, text, repository]) => {
        await glossa.models.switchSource(source, true);
        const [entry] = await glossa.models.catalogue(source, { repository });
        const { id } = await glossa.models.installFrom(entry!);
        const translation = await glossa.translate(text, { ...pair, model: id });
        await glossa.models.remove(id);
        const left = await glossa.models.list();
        return left.some((model) => model.id === id) ? 'still there' : translation.text;
      },
      [source, pair, text, repository] as const,
    );
  expect(await use('bergamot', { from: 'en', to: 'et' }, 'w2 w3 w4 w5')).toContain(translated([2, 3, 4, 5]));
  // Its random model does not come to an end by itself: this is how it begins.
  expect((await use('argos', { from: 'en', to: 'pt' }, argos().text)).slice(0, argos().said.length)).toBe(argos().said);
  const [run] = hubCase('nllb').runs;
  expect(await use('hub', { from: 'en', to: 'pt' }, run!.source, REPOSITORY)).toBe(run!.greedyText);
});

test('what goes wrong is said in a sentence, and the next try goes on', async ({ page }) => {
  await openApp(page, host.address);
  const panel = await openMozilla(page);
  const alert = rowOf(panel).getByRole('alert');
  const whole = host.files.get(WEIGHTS)!;
  const attempt = async (): Promise<void> => {
    const button = rowOf(panel).getByRole('button', { name: new RegExp(`^(${words.install}|${words.resume})`) });
    await button.first().click();
  };
  const wrong = Buffer.from(whole.body);
  for (const [file, sentence] of [
    [{ ...whole, status: 404 }, en.errors['not-found']],
    [{ ...whole, status: 403 }, en.errors['access-denied']],
    [{ ...whole, type: 'text/html' }, en.errors['not-a-model']],
    [{ body: wrong.fill(7, wrong.length >> 1) }, words.damaged],
    [{ ...whole, breaksAt: 0.6 }, en.errors['download-failed']],
  ] as const) {
    host.files.set(WEIGHTS, file);
    await attempt();
    await expect(alert).toContainText(sentence);
  }
  host.files.set(WEIGHTS, whole);
  host.asked.length = 0;
  await attempt();
  await expect(page.getByText(said(words.done, { model: EN_ET }))).toBeVisible();
  const sixty = Math.floor(whole.body.length * 0.6);
  expect(host.asked).toContain(`${WEIGHTS} bytes=${sixty}-`);
});

test('with the offline lock on, not even this site’s own copies are asked for', async ({ page }) => {
  await openApp(page, host.address);
  await openMozilla(page);
  await page.keyboard.press('Escape');
  await page.evaluate(async () => {
    const opening = indexedDB.open('glossa-network');
    const db = await new Promise<IDBDatabase>((resolve) => (opening.onsuccess = () => resolve(opening.result)));
    db.transaction('values', 'readwrite')
      .objectStore('values')
      .put({ lock: 'none', sources: ['mozilla'] }, 'rules');
    db.close();
  });
  host.asked.length = 0;
  const { panel } = await openModels(page);
  await expect(panel.getByText(words.locked)).toBeVisible();
  await expect(panel.getByRole('switch', { name: MOZILLA })).toBeDisabled();
  expect(await page.evaluate(() => failure(glossa.models.catalogue('mozilla')))).toBe('EngineError source-off');
  expect(host.asked).toEqual([]);
});

// Without the guard: here a page of ours asks hosts outside, whose answers the test gives.
plain.describe('at hosts outside', () => {
  plain.use({ serviceWorkers: 'allow' });

  plain(
    'the Hub is asked when it is on, its files are shown to be out of reach, and all is in the list',
    async ({ page, context }) => {
      const asked: string[] = [];
      const api = JSON.stringify({
        pipeline_tag: 'translation',
        cardData: { license: 'cc-by-4.0' },
        siblings: ['config.json', 'tokenizer.json', 'onnx/encoder_model.onnx', 'onnx/decoder_model_merged.onnx'].map(
          (rfilename) => ({
            rfilename,
            size: 1000,
          }),
        ),
      });
      await context.route(/^https:/, (route) => {
        const url = route.request().url();
        asked.push(url);
        expect(route.request().headers()['referer']).toBeUndefined();
        if (url.includes('/api/'))
          return route.fulfill({
            body: api,
            headers: { 'access-control-allow-origin': '*', 'content-type': 'application/json' },
          });
        // Only a page of its own may read this.
        return route.fulfill({
          body: 'x'.repeat(1000),
          headers: { 'access-control-allow-origin': 'https://huggingface.co' },
        });
      });
      await openApp(page, host.address);
      await page.evaluate(() => navigator.serviceWorker.ready);
      await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
      const { panel } = await openModels(page);
      const hub = panel.getByRole('group', { name: 'Hugging Face Hub' });
      await turn(panel, 'Hugging Face Hub');
      await hub.getByRole('textbox', { name: words.repository }).fill('owner/opus-mt-en-de');
      expect(asked).toEqual([]);
      await press(hub, words.look);
      const row = rowOf(panel, 'English → German');
      await expect(row).toContainText('cc-by-4.0');
      await press(panel, said(words.installOf, { model: 'English → German' }));
      await expect(row.getByRole('alert')).toContainText(en.errors['host-unreachable']);
      const address = 'https://huggingface.co/owner/opus-mt-en-de/resolve/main/config.json';
      await expect(row.getByRole('link', { name: 'config.json' })).toHaveAttribute('href', address);
      expect(asked).toEqual(['https://huggingface.co/api/models/owner/opus-mt-en-de?blobs=true', address]);

      await page.keyboard.press('Escape');
      const network = await translateScreen(page).openPanel('network');
      const listed = network.getByText(said(en.network.for.source, { source: 'Hugging Face Hub' }));
      await expect(listed).toBeVisible();
      await listed.click();
      await expect(
        network.getByText('https://huggingface.co/api/models/owner/opus-mt-en-de', { exact: true }),
      ).toBeVisible();
      // Switched off there, it is refused again, by the service worker too.
      await network.locator('.switch', { hasText: 'Hugging Face Hub' }).click();
      const refused = await page.evaluate(async () => [
        await failure(glossa.models.catalogue('hub', { repository: 'owner/name' })),
        await failure(fetch('https://huggingface.co/api/models/owner/name')),
      ]);
      expect(refused).toEqual(['EngineError source-off', 'TypeError: Failed to fetch']);
      expect(asked).toHaveLength(2);
    },
  );
});
