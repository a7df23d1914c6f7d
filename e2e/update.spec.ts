import { readFileSync } from 'node:fs';
import en from '../src/i18n/en.json' with { type: 'json' };
import { englishText, expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';
import { startStaticHost, type StaticHost, visitFirst } from './staticHost.ts';

// No trace: to the browser, writing one touches the page, and a page that was touched is not reloaded.
test.use({ serviceWorkers: 'allow', trace: 'off' });

let host: StaticHost;
test.beforeEach(async () => {
  host = await startStaticHost();
});
test.afterEach(() => host.close());

const built = (name: string): string => readFileSync(new URL(`../dist/${name}`, import.meta.url), 'utf8');

/** The next release: another page, and a service worker that knows of it. */
function release(): void {
  const serviceWorker = built('sw.js').replace(/("revision":")\w+(","url":"index\.html")/, '$1another$2');
  expect(serviceWorker).not.toBe(built('sw.js'));
  host.replaced.set('sw.js', serviceWorker);
  host.replaced.set('index.html', built('index.html').replace('<title>', '<title>Next: '));
}

test('a new release waits until it is wanted, loses nothing, and fetches only what changed', async ({ page }) => {
  await visitFirst(page, host);
  const { source, target } = translateScreen(page);
  await source.fill('The house is blue.');
  await expect(target).toContainText('A casa é azul.');

  release();
  host.asked.length = 0;
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  const notice = page.getByText(en.update.ready);
  await expect(notice).toBeVisible();
  await expect(page).toHaveTitle(/^Glossa/);
  // Its files only, of which all but the page are here: the runtime above all.
  expect([...new Set(host.asked)].sort()).toEqual(['index.html', 'sw.js']);

  // Work is under way, and there are words that were typed a moment ago.
  await page.evaluate((text) => {
    void glossa.translate(text, { from: 'en', to: 'pt' }).then(() => localStorage.setItem('ended', 'yes'));
  }, englishText(6000));
  await source.fill('The house is green.');
  await page.getByRole('button', { name: en.update.reload }).click();
  await expect(page.getByText(en.update.waits)).toBeVisible();
  expect(await page.evaluate(() => localStorage.getItem('ended'))).toBe(null);
  await expect(page).toHaveTitle(/^Next: /);
  expect(await page.evaluate(() => localStorage.getItem('ended'))).toBe('yes');
  await expect(source).toHaveValue('The house is green.');
  await expect(target).toContainText('A casa é verde.');
  expect(host.asked.filter((name) => name.endsWith('.wasm') || name.endsWith('.gz'))).toEqual([]);
});

test('a page in another tab goes on with its own release until it is told', async ({ page, context }) => {
  await visitFirst(page, host);
  const other = await context.newPage();
  await openApp(other, host.address);
  const lazy = /"(assets\/lazy\/HelpPanel-[^"]+\.js)"/.exec(built('sw.js'))?.[1] ?? '';
  expect(lazy).not.toBe('');

  // The next release has its help under another name.
  release();
  host.replaced.set('sw.js', String(host.replaced.get('sw.js')).replaceAll(lazy, 'assets/lazy/HelpPanel-another.js'));
  host.replaced.set('assets/lazy/HelpPanel-another.js', built(lazy));
  await page.evaluate(async () => (await navigator.serviceWorker.getRegistration())?.update());
  await page.getByRole('button', { name: en.update.reload }).click();
  await expect(page).toHaveTitle(/^Next: /);

  await expect(other).toHaveTitle(/^Glossa/);
  await expect(other.getByText(en.update.ready)).toBeVisible();
  host.asked.length = 0;
  const help = await translateScreen(other).openPanel('help');
  await expect(help).toBeVisible();
  // The reloaded page asks which models there are.
  expect(host.asked.filter((name) => !name.startsWith('models/'))).toEqual([]);
  await other.keyboard.press('Escape');
  await other.getByRole('button', { name: en.update.reload }).click();
  await expect(other).toHaveTitle(/^Next: /);
});
