import { readFileSync } from 'node:fs';
import { preview, type PreviewServer } from 'vite';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, test } from './fixtures.ts';
import { installApp } from './installedApp.ts';
import { listenPage } from './listenPage.ts';
import { PORTS } from './ports.ts';
import { seePage } from './seePage.ts';
import { translateScreen } from './screen.ts';

let server: PreviewServer;
let app: Awaited<ReturnType<typeof installApp>>;
test.beforeEach(async () => {
  server = await preview({ preview: { port: PORTS.own }, logLevel: 'warn' });
  app = await installApp(server.resolvedUrls!.local[0]!);
});
test.afterEach(async () => {
  await app.close();
  await server.close();
});

const picture = (name: string): string => new URL(`./pictures/${name}`, import.meta.url).pathname;
const recording = new URL('./audio/beckett.wav', import.meta.url).pathname;

test('it can be installed, and opens in its own window, where shortcuts lead to the doors', async () => {
  const { context, tab, launch } = app;
  const session = await context.newCDPSession(tab);
  const { errors, url } = await session.send('Page.getAppManifest');
  expect(errors).toEqual([]);
  expect((await session.send('Page.getInstallabilityErrors')).installabilityErrors).toEqual([]);
  const { shortcuts } = (await (await tab.request.get(url)).json()) as { shortcuts: { name: string; url: string }[] };
  expect(shortcuts.map(({ name }) => name)).toEqual([en.doors.translate, en.doors.listen, en.doors.see]);

  const [window] = await Promise.all([context.waitForEvent('page'), launch()]);
  expect(await window.evaluate(() => matchMedia('(display-mode: standalone)').matches)).toBe(true);
  const { source } = translateScreen(window);
  await source.fill('Half a sentence');
  for (const { name, url: address } of shortcuts.toReversed()) {
    await launch(new URL(address, url).href);
    await expect(window.getByRole('button', { name, exact: true })).toHaveAttribute('aria-current', 'page');
    // The next launch would break off what this door is still fetching.
    await expect(window.locator(`.${new URL(address, url).hash.slice(1)}-screen`)).toBeVisible();
  }
  // It is the window that was open, and it was not loaded anew.
  await expect(source).toHaveValue('Half a sentence');
  expect(context.pages()).toEqual([tab, window]);
});

test('files opened with it go to their doors, once', async () => {
  const { context, launchFiles, write } = app;
  const note = write('note.txt', 'The house is blue.');
  const [window] = await Promise.all([context.waitForEvent('page'), launchFiles(note)]);
  const { source, target } = translateScreen(window);
  await expect(source).toHaveValue('The house is blue.');
  await expect(target).toContainText('A casa é azul.');

  // After a reload what was written since is there, not the file again.
  await source.fill('The house is white.');
  await expect(target).toContainText('A casa é branca.');
  await window.reload();
  await expect(source).toHaveValue('The house is white.');

  await launchFiles(write('letter.md', 'The garden is green.'));
  await expect(source).toHaveValue('The garden is green.');
  await window.getByRole('button', { name: en.share.back }).click();
  await expect(source).toHaveValue('The house is white.');

  // A picture with a recording and captions: one door is shown, and the other says so.
  const captions = write('film.srt', '1\n00:00:01,000 --> 00:00:02,000\nThe end.\n');
  await launchFiles(picture('chelsea.jpg'), recording, captions);
  const opened = en.given.elsewhere.replace('{{doors}}', en.doors.see);
  await expect(window.getByRole('status').filter({ hasText: opened })).toBeVisible();
  await expect(window.getByRole('button', { name: en.doors.listen, exact: true })).toHaveAttribute(
    'aria-current',
    'page',
  );
  const { exportButton, texts } = listenPage(window);
  await window.getByText('film.srt').click();
  await expect(texts).toContainText(['The end.']);
  await expect(exportButton).toBeVisible();
  await window.getByRole('button', { name: en.transcript.back }).click();
  await window.getByText('beckett.wav').click();
  await expect(texts.first()).toContainText(/fail/i);
  await window.getByRole('button', { name: en.doors.see, exact: true }).click();
  await expect(seePage(window).words.filter({ hasText: 'cat' })).toBeVisible();
  expect(readFileSync(note, 'utf8'), 'the file itself is only read').toBe('The house is blue.');
});
