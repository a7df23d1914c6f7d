import { type BrowserContext, type CDPSession, chromium, type Page } from '@playwright/test';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_ARGS, ensureChromium } from '../scripts/chromium.ts';

interface InstalledApp {
  context: BrowserContext;
  /** The tab that it was installed from. */
  tab: Page;
  /** Opens the app, or a shortcut's address, as the system does. */
  launch: (address?: string) => Promise<void>;
  /** Hands files to the app as a file manager does. Rejects where the app takes none of them. */
  launchFiles: (...paths: string[]) => Promise<void>;
  /** A file on disk, for `launchFiles`. */
  write: (name: string, content: string | Buffer) => string;
  close: () => Promise<void>;
}

/** DevTools commands that Playwright has no types for yet. https://chromedevtools.github.io/devtools-protocol/tot/PWA */
interface PwaSession {
  send(method: 'PWA.install', options: { manifestId: string; installUrlOrBundleUrl: string }): Promise<void>;
  send(method: 'PWA.changeAppUserSettings', options: { manifestId: string; displayMode: 'standalone' }): Promise<void>;
  send(method: 'PWA.launch', options: { manifestId: string; url?: string }): Promise<{ targetId: string }>;
  send(method: 'PWA.launchFilesInApp', options: { manifestId: string; files: string[] }): Promise<object>;
}

/** Installs the app at `url`, as the browser's own menu does, in a profile of its own. */
export async function installApp(url: string): Promise<InstalledApp> {
  const folder = mkdtempSync(join(tmpdir(), 'glossa-app-'));
  const context = await chromium.launchPersistentContext(join(folder, 'profile'), {
    executablePath: ensureChromium(),
    args: CHROMIUM_ARGS,
    locale: 'en',
    serviceWorkers: 'allow',
  });
  const tab = context.pages()[0] ?? (await context.newPage());
  await tab.goto(url);
  await tab.waitForFunction(() => 'glossa' in globalThis);
  await tab.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  const session = (await context.browser()!.newBrowserCDPSession()) as CDPSession & PwaSession;
  // Without an id of its own the app is known by its start address.
  const manifestId = url;
  await session.send('PWA.install', { manifestId, installUrlOrBundleUrl: url });
  await session.send('PWA.changeAppUserSettings', { manifestId, displayMode: 'standalone' });
  return {
    context,
    tab,
    launch: async (address = url) => {
      await session.send('PWA.launch', { manifestId, url: address });
    },
    launchFiles: async (...files) => {
      await session.send('PWA.launchFilesInApp', { manifestId, files });
    },
    write: (name, content) => {
      const path = join(folder, name);
      writeFileSync(path, content);
      return path;
    },
    close: async () => {
      await context.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
