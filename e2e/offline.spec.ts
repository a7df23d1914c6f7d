import { preview, type PreviewServer } from 'vite';
import { expect, openApp, test } from './fixtures.ts';
import { PORTS } from './ports.ts';

test.use({ serviceWorkers: 'allow' });

let server: PreviewServer;
test.beforeEach(async () => {
  server = await preview({ preview: { port: PORTS.own }, logLevel: 'warn' });
});
test.afterEach(() => server.close());

test('after the first use it opens and translates with the server gone', async ({ page, context }) => {
  const address = server.resolvedUrls!.local[0]!;
  await openApp(page, address);
  const online = await page.evaluate(async () => {
    const { text } = await glossa.translate('The ship sails at dawn.', { from: 'en', to: 'pt' });
    await navigator.serviceWorker.ready;
    return text;
  });
  await server.close();
  await context.setOffline(true);
  await openApp(page, address);
  expect(await page.evaluate(() => crossOriginIsolated)).toBe(true);
  const offline = await page.evaluate(() => glossa.translate('The ship sails at dawn.', { from: 'en', to: 'pt' }));
  expect(offline.text).toBe(online);
  expect(
    (await page.evaluate(() => glossa.detect('Não sei onde ele está, mas amanhã vamos falar com você.'))).language,
  ).toBe('pt');
});
