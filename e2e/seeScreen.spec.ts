import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { preview } from 'vite';
import { CHROMIUM_ARGS, ensureChromium } from '../scripts/chromium.ts';
import en from '../src/i18n/en.json' with { type: 'json' };
import { expect, openApp, STAGED_CRASH, test } from './fixtures.ts';
import { PORTS } from './ports.ts';
import { LOOKS } from './screen.ts';
import { drawing, photograph, photographs, seePage } from './seePage.ts';

test.use({
  permissions: ['clipboard-read', 'clipboard-write', 'camera'],
  launchOptions: {
    executablePath: ensureChromium(),
    args: [...CHROMIUM_ARGS, '--use-fake-ui-for-media-stream', '--use-fake-device-for-media-stream'],
  },
});

/** Fifty pictures take seconds on a machine that has nothing else to do. */
const MANY_MS = 240_000;
test.describe.configure({ timeout: MANY_MS + 60_000 });

const clipboard = (page: Page): Promise<string> => page.evaluate(() => navigator.clipboard.readText());

async function violations(page: Page): Promise<string[]> {
  const result = await new AxeBuilder({ page }).analyze();
  return result.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.html}`));
}

test('a picture gets a caption, and each of its words shows where the model looked', async ({ page }) => {
  await openApp(page, './#see');
  const { choose, words, heat, ran } = seePage(page);
  await expect(page.getByText(/It is fetched once/)).toBeVisible();
  await choose(photograph('chelsea'));
  await expect(words.filter({ hasText: /^(cat|kitten)$/i })).toHaveCount(1);
  await expect(ran).toContainText(/ms/);
  await expect(page.getByTestId('announcer')).toContainText(/cat|kitten/i);
  await expect(page.locator('.tag').first()).toContainText('cat');
  // The picture stands there in its own shape, with the text it would be read aloud with.
  const box = (await page.locator('.stage-frame').boundingBox())!;
  expect(box.width / box.height).toBeCloseTo(400 / 266, 1);
  await expect(page.getByRole('img', { name: /cat|kitten/i })).toBeVisible();

  const darkness = (): Promise<number[]> =>
    heat.evaluate((canvas: HTMLCanvasElement) => {
      const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, canvas.height);
      return Array.from({ length: data.length / 4 }, (_, i) => data[i * 4 + 3]!);
    });
  await expect(heat).toHaveAttribute('data-on', 'false');
  await words.filter({ hasText: /^(cat|kitten)$/i }).hover();
  await expect(heat).toHaveAttribute('data-on', 'true');
  const cat = await darkness();
  expect(Math.min(...cat)).toBeLessThan(20);
  expect(Math.max(...cat)).toBeGreaterThan(60);
  await words.first().hover();
  await expect.poll(darkness).not.toEqual(cat);
  await page.getByRole('heading', { name: 'chelsea.jpg' }).hover();
  await expect(heat).toHaveAttribute('data-on', 'false');
});

test('the text is edited, undone, exchanged, copied and translated', async ({ page }) => {
  await openApp(page, './#see');
  const { choose, words } = seePage(page);
  await choose(photograph('coffee', 'my cup.jpg'));
  const caption = page.getByRole('group', { name: en.alt.words });
  await expect(words.first()).toBeVisible();
  const first = await caption.textContent();

  await page.getByRole('button', { name: en.alt.edit, exact: true }).click();
  const field = page.getByRole('textbox', { name: en.alt.label });
  await field.fill('A "cup" of coffee & a spoon.');
  // What is being typed is kept: a reload in the middle of it loses nothing.
  await page.waitForTimeout(600);
  await page.reload();
  await page.getByRole('button', { name: /^my cup\.jpg/ }).click();
  await expect(caption).toHaveText('A "cup" of coffee & a spoon.');
  await page.getByRole('button', { name: 'HTML' }).click();
  expect(await clipboard(page)).toBe(
    '<img src="my%20cup.jpg" alt="A &quot;cup&quot; of coffee &amp; a spoon." width="400" height="267">',
  );
  await page.getByRole('button', { name: 'Markdown' }).click();
  expect(await clipboard(page)).toBe('![A "cup" of coffee \\& a spoon.](my%20cup.jpg)');

  await page.locator('.other-caption').nth(1).click();
  const second = await page.locator('.other-caption').nth(1).textContent();
  await expect(caption).toHaveText(second ?? '');
  await page.keyboard.press('Control+z');
  await expect(caption).toHaveText('A "cup" of coffee & a spoon.');
  await page.locator('.other-caption').first().click();
  await expect(caption).toHaveText(first ?? '');

  await page.getByRole('button', { name: 'Translate into Portuguese' }).click();
  await expect(page.locator('.translated-text')).toContainText(/\p{L}{3}/u);
  await page.locator('.text-translation').getByRole('button', { name: en.target.copy, exact: true }).click();
  expect(await clipboard(page)).toBe(await page.locator('.translated-text').textContent());

  await page.getByText(en.alt.decorative).click();
  await page.getByRole('button', { name: 'HTML' }).click();
  expect(await clipboard(page)).toContain('alt=""');
});

test('fifty files, broken ones among them, become a list to correct and take away', async ({ page }) => {
  await openApp(page, './#see');
  const { choose, rows, stop, filter, save } = seePage(page);
  const broken = [
    { name: '900-empty.png', mimeType: 'image/png', buffer: Buffer.alloc(0) },
    { name: '901-letter.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('Dear reader') },
    { name: '902-cut.jpg', mimeType: 'image/jpeg', buffer: photograph('rocket').buffer.subarray(0, 300) },
  ];
  const twin = { ...photographs(1)[0]!, name: '000-twin.jpg' };
  await choose(...photographs(45), ...broken, drawing(), twin);
  await expect(stop).toBeVisible();
  await expect(stop).toBeHidden({ timeout: MANY_MS });
  await expect(filter('all')).toContainText('50');
  await expect(filter('failed')).toContainText('3');
  await expect(page.getByTestId('announcer')).toContainText('50 of 50');
  // Only what is in sight is drawn.
  expect(await rows.count()).toBeLessThan(30);

  await filter('failed').click();
  await expect(rows).toHaveCount(3);
  await expect(rows.nth(0)).toContainText('900-empty.png');
  await expect(rows.nth(0)).toContainText(/empty/);
  await expect(rows.nth(1)).toContainText(/not a picture|cannot be read/);
  await filter('duplicates').click();
  await expect(rows.filter({ hasText: '000-twin.jpg' })).toContainText('Same file as 000-chelsea.jpg');
  await expect(rows.filter({ hasText: '004-chelsea.jpg' })).toContainText('Looks like 000-chelsea.jpg');

  await filter('all').click();
  const second = rows.filter({ hasText: '001-coffee.jpg' });
  await second.getByRole('button', { name: /^Edit the text/ }).click();
  const field = second.getByRole('textbox');
  await field.fill(`=SUM(1) ${'long '.repeat(30)}`);
  await field.press('Enter');
  await expect(filter('long')).toContainText('1');
  await rows
    .filter({ hasText: '002-rocket.jpg' })
    .getByRole('button', { name: /is decorative$/ })
    .click();
  expect(await violations(page)).toEqual([]);

  const csv = await save('CSV');
  expect(csv.name).toMatch(/^Pictures.*\.csv$/);
  expect(csv.content.startsWith('\uFEFFfile,alt,')).toBe(true);
  const lines = csv.content.trimEnd().split('\r\n');
  expect(lines).toHaveLength(51);
  expect(lines[3]).toMatch(/^001-coffee\.jpg,'=SUM\(1\) long .*,yes,/);
  expect(lines[4]).toMatch(/^002-rocket\.jpg,,yes,/);
  const json: unknown = JSON.parse((await save('JSON')).content);
  expect(json).toMatchObject({ format: 'glossa-alt-text', language: 'en' });
  const sheet = await save(en.album.sheet);
  const opened = await page.context().newPage();
  await opened.setContent(sheet.content);
  await expect(opened.getByRole('listitem')).toHaveCount(50);
  const picture = opened.getByRole('img').first();
  expect(await picture.evaluate((image: HTMLImageElement) => image.naturalWidth)).toBeGreaterThan(200);
  await opened.close();

  await rows.getByRole('button', { name: 'Open 000-chelsea.jpg' }).click();
  await seePage(page).words.nth(1).hover();
  await expect(seePage(page).heat).toHaveAttribute('data-on', 'true');
  await page.getByRole('button', { name: en.alt.after }).first().click();
  await expect(page.getByRole('heading', { name: '000-twin.jpg' })).toBeFocused();
});

test('Stop, a reload in the middle and a crash keep what is done, and the rest goes on', async ({ page }) => {
  await openApp(page, './#see');
  const { choose, rows, stop } = seePage(page);
  const goOn = page.getByRole('button', { name: en.continue, exact: true });
  const waiting = page.getByText(/still to do\./);
  const left = async (): Promise<number> =>
    page.evaluate(async () => {
      const database = await new Promise<IDBDatabase>((resolve, reject) => {
        const opening = indexedDB.open('glossa');
        opening.onsuccess = () => resolve(opening.result);
        opening.onerror = () => reject(new Error('The library could not be opened.'));
      });
      const all = await new Promise<{ state: string }[]>((resolve) => {
        const reading = database.transaction('pictures').objectStore('pictures').getAll();
        reading.onsuccess = () => resolve(reading.result as { state: string }[]);
      });
      database.close();
      return all.filter(({ state }) => state === 'waiting').length;
    });
  await choose(...photographs(60));
  await expect(rows.nth(2).getByRole('button', { name: /^Edit the text/ })).toBeVisible();
  await stop.click();
  await expect(waiting).toBeVisible();
  await expect(rows.nth(0)).toContainText('000-chelsea.jpg');
  await expect.poll(left).toBeGreaterThan(5);
  const before = await left();
  await goOn.click();
  await expect.poll(left).toBeLessThan(before);

  await page.reload();
  await page.getByRole('button', { name: /^Pictures,/ }).click();
  await expect(waiting).toBeVisible();
  expect(await left()).toBeGreaterThan(0);
  await goOn.click();
  await expect(stop).toBeVisible();

  const workers = page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(worker.url()));
  await Promise.all(
    workers.map((worker) =>
      worker.evaluate((message) => {
        setTimeout(() => {
          throw new Error(message);
        });
      }, STAGED_CRASH),
    ),
  );
  await expect(stop).toBeHidden({ timeout: MANY_MS });
  // What was captioned last is written a moment later.
  await expect.poll(left).toBe(0);
  await expect(seePage(page).filter('failed')).toHaveCount(0);
});

test('pictures are pasted, dropped, and taken with a camera', async ({ page }) => {
  await openApp(page, './#see');
  const { words } = seePage(page);
  const data = photograph('chelsea').buffer.toString('base64');
  const give = (type: 'paste' | 'drop', names: string[]): Promise<void> =>
    page.evaluate(
      ([kind, bytes, files]) => {
        const transfer = new DataTransfer();
        const content = Uint8Array.from(atob(bytes), (letter) => letter.charCodeAt(0));
        for (const name of files) {
          transfer.items.add(new File([content], name, { type: name.endsWith('.txt') ? 'text/plain' : 'image/jpeg' }));
        }
        const target = document.querySelector('.see-screen');
        if (kind === 'paste')
          document.body.dispatchEvent(new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true }));
        else target?.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true }));
      },
      [type, data, names] as const,
    );
  await expect(page.getByRole('heading', { name: en.see.title })).toBeVisible();
  await give('paste', ['pasted.jpg']);
  await expect(page.getByRole('heading', { name: 'pasted.jpg' })).toBeVisible();
  await expect(words.first()).toBeVisible();
  await page.getByRole('button', { name: en.albums.back }).click();
  await give('drop', ['dropped.jpg', 'notes.txt']);
  await expect(page.getByText('1 file that is not a picture was left out.')).toBeVisible();
  await expect(page.getByRole('heading', { name: 'dropped.jpg' })).toBeVisible();
  await page.getByRole('button', { name: en.albums.back }).click();

  await page.getByRole('button', { name: en.see.camera }).click();
  await page.getByRole('button', { name: en.camera.take }).click();
  await expect(page.getByRole('heading', { name: /^Camera .*\.jpg$/ })).toBeVisible();
  await expect(words.first()).toBeVisible();
});

test('an example is one click away, works by keyboard alone, and has no axe violations', async ({ page }) => {
  await openApp(page, './#see');
  expect(await violations(page), 'home').toEqual([]);
  const { words, heat } = seePage(page);
  const tabTo = async (name: RegExp | string): Promise<void> => {
    const focused = page.locator(':focus');
    for (let i = 0; i < 60; i++) {
      const label = await focused.evaluate((element) => element.getAttribute('aria-label') ?? element.textContent);
      if (typeof name === 'string' ? label === name : name.test(label)) return;
      await page.keyboard.press('Tab');
    }
    throw new Error(`Tab never came to ${String(name)}.`);
  };
  await tabTo(en.see.examples.cat);
  await page.keyboard.press('Enter');
  await expect(words.first()).toBeVisible();
  const text = (await page.getByRole('group', { name: en.alt.words }).textContent()) ?? '';
  await tabTo(/^A$/);
  await expect(heat).toHaveAttribute('data-on', 'true');
  await page.keyboard.press('ArrowRight');
  await expect(words.nth(1)).toBeFocused();
  expect(await violations(page), 'one picture').toEqual([]);
  await page.keyboard.press('Enter');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('Mine.');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('group', { name: en.alt.words })).toHaveText('Mine.');
  await expect(page.getByRole('button', { name: en.alt.edit, exact: true })).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(page.getByRole('group', { name: en.alt.words })).toHaveText(text);
});

test('a list is worked through by keyboard alone', async ({ page }) => {
  await openApp(page, './#see');
  const { choose, rows, stop } = seePage(page);
  await choose(...photographs(12));
  await expect(stop).toBeVisible();
  await expect(stop).toBeHidden({ timeout: MANY_MS });
  await rows.first().focus();
  await page.keyboard.press('ArrowDown');
  await expect(rows.nth(1)).toBeFocused();
  await page.keyboard.press('F2');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('A cup.');
  await page.keyboard.press('Alt+ArrowDown');
  await page.keyboard.press('Control+a');
  await page.keyboard.type('A rocket.');
  await page.keyboard.press('Enter');
  await expect(rows.nth(2)).toBeFocused();
  await expect(rows.nth(1)).toContainText('A cup.');
  await expect(rows.nth(2)).toContainText('A rocket.');
  await page.keyboard.press('Delete');
  await expect(rows.nth(2)).toContainText('003-astronaut.jpg');
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press('Control+z');
  await expect(rows.nth(2)).toContainText('A rocket.');
  await rows.nth(1).focus();
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { name: '001-coffee.jpg' })).toBeFocused();
});

for (const { width, colorScheme } of LOOKS) {
  test(`no axe violations: ${width} px wide, ${colorScheme}`, async ({ page }) => {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    await page.setViewportSize({ width, height: 800 });
    await openApp(page, './#see');
    const { choose, words, stop } = seePage(page);
    const isWithin = (): Promise<boolean> =>
      page.evaluate(() => document.documentElement.scrollWidth <= document.documentElement.clientWidth);
    await choose(photograph('astronaut'));
    await expect(words.first()).toBeVisible();
    await words.nth(1).hover();
    expect(await violations(page), 'one picture').toEqual([]);
    expect(await isWithin(), 'nothing sticks out sideways').toBe(true);
    await page.getByRole('button', { name: en.albums.back }).click();
    expect(await violations(page), 'home').toEqual([]);
    await choose(...photographs(6));
    await expect(stop).toBeVisible();
    await expect(stop).toBeHidden({ timeout: MANY_MS });
    expect(await violations(page), 'many pictures').toEqual([]);
    expect(await isWithin(), 'nothing sticks out sideways').toBe(true);
    await page.getByRole('button', { name: en.export.open, exact: true }).click();
    expect(await violations(page), 'export').toEqual([]);
  });
}

test.describe('offline', () => {
  test.use({ serviceWorkers: 'allow' });

  test('after the first use, pictures are captioned with the server gone', async ({ page, context }) => {
    const server = await preview({ preview: { port: PORTS.own }, logLevel: 'warn' });
    try {
      const address = `${server.resolvedUrls!.local[0]!}#see`;
      await openApp(page, address);
      const { choose, words, ran } = seePage(page);
      await choose(photograph('chelsea'));
      // Words are shown while they are found: only a whole caption is kept, and the list tells when.
      await expect(ran).toContainText(/ms/);
      await page.getByRole('button', { name: en.albums.back }).click();
      await expect(page.getByRole('button', { name: /^chelsea\.jpg/ })).toBeVisible();
      await page.evaluate(() => navigator.serviceWorker.ready);
      await server.close();
      await context.setOffline(true);
      await page.reload();
      await page.getByRole('button', { name: en.see.examples.coffee }).click();
      await expect(words.first()).toBeVisible();
      await page.getByRole('button', { name: en.albums.back }).click();
      await page.getByRole('button', { name: /^chelsea\.jpg/ }).click();
      await expect(page.getByRole('img', { name: /cat|kitten/i })).toBeVisible();
    } finally {
      await server.close();
    }
  });
});
