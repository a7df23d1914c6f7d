import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, test } from './fixtures.ts';
import { openModels } from './modelsPage.ts';
import { givePictures } from './pictures.ts';
import { type SlowServer, startSlowServer } from './slowServer.ts';
import { BECKETT, giveRecording, wordErrors } from './speech.ts';

test.use({ serviceWorkers: 'allow' });

let server: SlowServer;
test.beforeEach(async () => {
  server = await startSlowServer();
});
test.afterEach(() => server.close());

test('gets ready for offline, across a reload, and then all doors work with the server gone', async ({
  page,
  context,
}) => {
  await openApp(page, server.address);
  const { panel } = await openModels(page);
  await panel.getByRole('button', { name: /^Get ready: fetch 7\d/ }).click();
  await expect.poll(() => server.asked.length, { intervals: [50] }).toBeGreaterThan(0);
  await expect(panel.locator('.ready').getByRole('progressbar')).toContainText(/MB/);
  server.pauseMs = 0;

  // It goes on by itself, and says when it is done.
  await page.reload();
  await expect(page.getByText(en.ready.notice)).toBeVisible();
  const again = await openModels(page);
  await expect(again.panel.getByText(en.ready.done)).toBeVisible();

  await server.close();
  await context.setOffline(true);
  await openApp(page, server.address);
  await givePictures(page, 'chelsea.jpg');
  await giveRecording(page, 'beckett.wav');
  const done = await page.evaluate(async () => ({
    translated: (await glossa.translate('The house is blue.', { from: 'en', to: 'pt' })).text,
    back: (await glossa.translate('A casa é azul.', { from: 'pt', to: 'en' })).text,
    heard: (await glossa.transcribe(recording())).text,
    seen: (await glossa.caption(picture('chelsea.jpg'))).text,
  }));
  expect(done).toMatchObject({ translated: 'A casa é azul.', back: 'The house is blue.' });
  expect(wordErrors(done.heard, BECKETT)).toBeLessThanOrEqual(1);
  expect(done.seen).toContain('cat');
});
