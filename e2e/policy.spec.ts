import { test as plain } from '@playwright/test';
import { HEADERS } from '../src/sw/headers.ts';
import { expect, openApp, test } from './fixtures.ts';
import { startStaticHost, type StaticHost, visitFirst } from './staticHost.ts';

// To the browser, writing a trace touches the page, and a page that was touched is not reloaded.
plain.use({ trace: 'off' });

const headersOf = (headers: Record<string, string>): Record<string, string | undefined> =>
  Object.fromEntries(Object.keys(HEADERS).map((name) => [name, headers[name.toLowerCase()]]));

test('the page and its workers come with the headers', async ({ page, request }) => {
  const scripts = new Set<string>();
  page.on('request', (asked) => {
    if (/\/$|\/(worker|lane\.worker|ort-wasm)[^/]*\.m?js$/.test(asked.url())) scripts.add(asked.url());
  });
  await openApp(page);
  const { ran } = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(ran.threads, 'the runtime may start its threads').toBeGreaterThan(1);
  expect(scripts.size).toBeGreaterThanOrEqual(3);
  // Asked again: the browser does not tell a test what came with the script of a worker.
  for (const url of scripts) expect(headersOf((await request.get(url)).headers()), url).toEqual(HEADERS);
});

// Without the guard, which would see what is attempted here.
plain.describe('where the host sends none', () => {
  plain.use({ serviceWorkers: 'allow' });

  let host: StaticHost;
  plain.afterEach(() => host.close());

  plain('the service worker adds them, to the scripts of workers too', async ({ page }) => {
    host = await startStaticHost('/some/path/');
    await visitFirst(page, host);
    await page.evaluate(() => glossa.device());
    const worker = page.workers().find((each) => each.url().includes('/worker-'));
    if (!worker) throw new Error('The engine started no worker.');
    const given = await page.evaluate(async (script) => {
      const answers = await Promise.all([fetch('./'), fetch(script)]);
      return answers.map(({ headers }) => Object.fromEntries(headers));
    }, worker.url());
    for (const headers of given) expect(headersOf(headers)).toEqual(HEADERS);
    // In force there, and not only said: neither text nor another site's script becomes code.
    // (Later, because what is evaluated for a test at once may evaluate text.)
    const refusals = await worker.evaluate(async () => {
      await new Promise((resolve) => setTimeout(resolve));
      const attempt = (act: () => unknown): string => {
        try {
          act();
          return 'allowed';
        } catch (error) {
          return error instanceof Error ? error.name : 'thrown';
        }
      };
      return [
        attempt(() => Reflect.construct(Function, ['return 1'])),
        attempt(() => new Worker('https://elsewhere.test/x.js')),
      ];
    });
    expect(refusals).toEqual(['EvalError', 'TypeError']);
  });
});
