import { expect, openApp, test } from './fixtures.ts';
import { translateScreen } from './screen.ts';
import { seePage, photograph } from './seePage.ts';
import { postShare } from './sharing.ts';
import { startStaticHost, visitFirst } from './staticHost.ts';

// No trace: to the browser, writing one touches the page, and a page that was touched is not reloaded.
test.use({ serviceWorkers: 'allow', trace: 'off' });

const PATH = '/some/folder/';

test('in a folder of a plain host everything works, and nothing is asked for outside it', async ({ page, context }) => {
  const host = await startStaticHost(PATH);
  const outside: string[] = [];
  context.on('request', (request) => {
    const { protocol, pathname } = new URL(request.url());
    if (protocol === 'http:' && !pathname.startsWith(PATH)) outside.push(request.url());
  });

  await visitFirst(page, host);
  const manifest = await page.evaluate(async () => {
    const link = document.querySelector<HTMLLinkElement>('link[rel=manifest]');
    const { start_url, scope, share_target } = (await (await fetch(link?.href ?? '')).json()) as {
      start_url: string;
      scope: string;
      share_target: { action: string };
    };
    return [start_url, scope, share_target.action].map((address) => new URL(address, link?.href).pathname);
  });
  expect(manifest).toEqual([PATH, PATH, `${PATH}share`]);

  const session = await context.newCDPSession(page);
  const { installabilityErrors: obstacles } = await session.send('Page.getInstallabilityErrors');
  expect(
    obstacles.map(({ errorId }) => errorId),
    'none but the private window of the test',
  ).toEqual(['in-incognito']);
  await postShare(page, { text: 'The house is blue.' });
  await expect(translateScreen(page).target).toContainText('A casa é azul.');
  await postShare(page, {}, [photograph('chelsea')]);
  await expect(seePage(page).words.filter({ hasText: 'cat' })).toBeVisible();

  await host.close();
  await openApp(page, host.address);
  const { text, ran } = await page.evaluate(() => glossa.translate('Good morning.', { from: 'en', to: 'pt' }));
  expect(text).toBe('Bom dia.');
  expect(ran.threads).toBeGreaterThan(1);
  expect(outside).toEqual([]);
});
