import { expect, test as base } from '@playwright/test';
import puppeteer, { type Page } from 'puppeteer-core';
import { preview } from 'vite';
import { findFirefox } from '../../scripts/firefox.ts';
import en from '../../src/i18n/en.json' with { type: 'json' };
import { PORTS } from '../ports.ts';

/** Playwright drives only a Firefox of its own; an installed one speaks WebDriver BiDi. */
const test = base.extend<{ firefox: Page }>({
  firefox: async ({ baseURL }, use) => {
    const browser = await puppeteer.launch({
      browser: 'firefox',
      executablePath: findFirefox(),
      headless: true,
      extraPrefsFirefox: { 'intl.accept_languages': 'en-US' },
    });
    const page = await browser.newPage();
    const uncaught: string[] = [];
    const elsewhere: string[] = [];
    page.on('pageerror', (error) => uncaught.push(String(error)));
    page.on('request', (request) => {
      const { protocol, origin } = new URL(request.url());
      const own = [new URL(baseURL!).origin, `http://localhost:${PORTS.own}`];
      if (protocol.startsWith('http') && !own.includes(origin)) elsewhere.push(request.url());
    });
    await use(page);
    await browser.close();
    expect(uncaught).toEqual([]);
    expect(elsewhere).toEqual([]);
  },
});

async function open(page: Page, address: string): Promise<void> {
  await page.goto(address);
  await page.waitForFunction(() => 'glossa' in globalThis);
}

const button = (name: string): string => `::-p-aria([name="${name}"][role="button"])`;

/** The text of what a selector finds, once it matches. */
async function textOf(page: Page, selector: string, wanted: RegExp): Promise<string> {
  const matches = await page.waitForFunction(
    (selector, source) => {
      const text = document.querySelector(selector)?.textContent ?? '';
      return new RegExp(source, 'i').test(text) && text;
    },
    { timeout: 120_000 },
    selector,
    wanted.source,
  );
  return String(await matches.jsonValue());
}

test('translates what is typed, with threads', async ({ firefox: page, baseURL }) => {
  await open(page, baseURL!);
  await page.locator('textarea').fill('The house is blue.');
  expect(await textOf(page, '.target-text', /azul/)).toContain('A casa é azul.');
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const { ran } = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(ran.threads).toBeGreaterThan(1);
});

test('writes down a recording', async ({ firefox: page, baseURL }) => {
  await open(page, baseURL!);
  await page.locator(button(en.doors.listen)).click();
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.locator(button(en.home.choose)).click()]);
  await chooser.accept([new URL('../audio/beckett.wav', import.meta.url).pathname]);
  expect(await textOf(page, '.lines', /fail/)).toMatch(/fail better/i);
});

test('describes a picture, and shows where it looked', async ({ firefox: page, baseURL }) => {
  await open(page, baseURL!);
  await page.locator(button(en.doors.see)).click();
  const [chooser] = await Promise.all([page.waitForFileChooser(), page.locator(button(en.see.choose)).click()]);
  await chooser.accept([new URL('../pictures/chelsea.jpg', import.meta.url).pathname]);
  const words = '.caption-word';
  await page.waitForSelector(words, { timeout: 120_000 });
  expect(await page.$$eval(words, (found) => found.map(({ textContent }) => textContent))).toContain('cat');
  await page.hover(words);
  await page.waitForSelector('[data-testid=heat]');
});

test('opens and translates with the server gone', async ({ firefox: page }) => {
  const server = await preview({ preview: { port: PORTS.own }, logLevel: 'warn' });
  const address = server.resolvedUrls!.local[0]!;
  const translate = async (): Promise<string> => {
    await open(page, address);
    return page.evaluate(async () => (await glossa.translate('Good morning.', { from: 'en', to: 'pt' })).text);
  };
  expect(await translate()).toBe('Bom dia.');
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null);
  await server.close();
  expect(await translate()).toBe('Bom dia.');
});
