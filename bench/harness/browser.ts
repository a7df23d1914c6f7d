import { chromium, type BrowserContext, type Page } from '@playwright/test';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHROMIUM_ARGS, ensureChromium } from '../../scripts/chromium.ts';

/** A browser of its own with one page and a profile on disk, which outlives it so that files stay cached. */
export interface OpenBrowser {
  page: Page;
  version: string;
  /** Highest resident size that the page's process has had, in bytes; null where the system has no /proc. */
  peakResidentBytes: () => number | null;
  /** Its resident size now; null as above. */
  residentBytes: () => number | null;
  /** Collects garbage and lets the peak begin anew: what preparing the page took is nobody's. */
  forgetPeak: () => Promise<void>;
  close: () => Promise<void>;
}

/** A first visit goes on for so long after its work: Chromium caches the code that it compiled some seconds after the last of it. */
export const LINGER_MS = 6000;

/** The path of a new, empty profile folder, which goes when this program ends. */
export function createProfile(): string {
  const path = mkdtempSync(join(tmpdir(), 'glossa-bench-'));
  process.once('exit', () => rmSync(path, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 }));
  return path;
}

/**
 * Starts a headless browser on the profile. Service workers are off, unless they are what is measured: they would isolate
 * the page that is to have one thread.
 */
export async function openBrowser(
  profile: string,
  args: string[] = [],
  serviceWorkers: 'allow' | 'block' = 'block',
): Promise<OpenBrowser> {
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: ensureChromium(),
    args: [...CHROMIUM_ARGS, ...args],
    serviceWorkers,
  });
  // What tsx compiles keeps its functions' names with a helper that a page does not have.
  await context.addInitScript('globalThis.__name = (value) => value');
  const page = context.pages()[0] ?? (await context.newPage());
  page.on('pageerror', (error) => process.stderr.write(`page: ${error.message}\n`));
  return {
    page,
    version: await versionOf(context, page),
    peakResidentBytes: () => memoryOfPage(profile, 'VmHWM'),
    residentBytes: () => memoryOfPage(profile, 'VmRSS'),
    forgetPeak: async () => {
      const session = await context.newCDPSession(page);
      await session.send('HeapProfiler.collectGarbage');
      await session.detach();
      if (process.platform !== 'linux') return;
      // 5 resets the peak of the resident size: proc(5).
      for (const { id } of renderersOf(profile)) writeFileSync(`/proc/${id}/clear_refs`, '5');
    },
    close: () => context.close(),
  };
}

async function versionOf(context: BrowserContext, page: Page): Promise<string> {
  const session = await context.newCDPSession(page);
  const { product } = await session.send('Browser.getVersion');
  await session.detach();
  return product;
}

interface Process {
  id: number;
  parent: number;
  command: string;
}

/**
 * A size of the one renderer, among the processes of the browser that has this profile, that runs a dedicated worker: that
 * is the page under test, as Chromium's spare renderer runs none.
 */
function memoryOfPage(profile: string, size: 'VmHWM' | 'VmRSS'): number | null {
  if (process.platform !== 'linux') return null;
  const renderers = renderersOf(profile).filter(({ id }) => hasThread(id, 'DedicatedWorker'));
  if (renderers.length !== 1) throw new Error(`${renderers.length} renderers run a worker: expected the page's alone.`);
  const status = readFileSync(`/proc/${renderers[0]!.id}/status`, 'utf8');
  return Number(new RegExp(`^${size}:\\s*(\\d+) kB$`, 'm').exec(status)?.[1]) * 1024;
}

/** The renderers of the browser that has this profile. */
function renderersOf(profile: string): Process[] {
  const processes = readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map((name) => readProcess(Number(name)))
    .filter((process) => process !== undefined);
  const browser = processes.find(({ command }) => command.includes(profile) && !command.includes('--type='));
  if (browser === undefined) throw new Error('The browser under test is not among the running processes.');
  return descendants(browser.id, processes).filter(({ command }) => command.includes('--type=renderer'));
}

/** A process of /proc, or undefined where it has just ended. */
function readProcess(id: number): Process | undefined {
  try {
    const parent = Number(/^PPid:\s*(\d+)$/m.exec(readFileSync(`/proc/${id}/status`, 'utf8'))?.[1]);
    return { id, parent, command: readFileSync(`/proc/${id}/cmdline`, 'utf8') };
  } catch {
    return undefined;
  }
}

function descendants(id: number, processes: Process[]): Process[] {
  const children = processes.filter(({ parent }) => parent === id);
  return [...children, ...children.flatMap((child) => descendants(child.id, processes))];
}

function hasThread(id: number, name: string): boolean {
  const tasks = `/proc/${id}/task`;
  return readdirSync(tasks).some((task) => readFileSync(join(tasks, task, 'comm'), 'utf8').startsWith(name));
}
