/**
 * `npm run bench:start [-- --runs N] [--save]`: how long a visitor waits, from the beginning of the navigation, in a browser
 * that was started for it. Cold: nothing is there; until the field has the cursor. Warm: the page was used before, so that
 * it is kept with its model and compiled code; it opens with a text, until the first translated sentence is on the screen.
 */
import type { Page } from '@playwright/test';
import { parseArgs } from 'node:util';
import { serveGlossa } from './glossa/server.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile, LINGER_MS, openBrowser } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { summarise } from './harness/statistics.ts';
import { sum, weigh } from './harness/weigh.ts';

const TEXT = '#text=The%20ship%20sails%20at%20dawn.&from=en&to=pt';

/** Milliseconds since the navigation began. */
interface Marks {
  interactive?: number;
  translated?: number;
}

type MarkedPage = typeof globalThis & { marks: Marks };

interface Visit {
  marks: Marks;
  /** The paths of the files that were sent until the mark that was waited for. */
  sent: string[];
  /** Those that were sent afterwards, for the next visit. */
  kept: string[];
}

const { values } = parseArgs({
  options: { runs: { type: 'string', default: '7' }, save: { type: 'boolean', default: false } },
});
const runs = wholeNumber('runs', values.runs, 1);
let paths: string[] = [];
let version = '';
const server = await serveGlossa(true, (path) => paths.push(path));

const visits: { cold: Visit; warm: Visit }[] = [];
for (let run = 1; run <= runs; run++) {
  const profile = createProfile();
  const cold = await visit(profile, '', 'interactive');
  // The first use fetches the model; the second finds it, and leaves the compiled code that every later one finds.
  await visit(profile, TEXT, 'translated');
  await visit(profile, TEXT, 'translated');
  const warm = await visit(profile, TEXT, 'translated');
  visits.push({ cold, warm });
  say(`round ${run} of ${runs}: cold ${JSON.stringify(cold.marks)}, warm ${JSON.stringify(warm.marks)}`);
}
await server.close();

const timesOf = (side: 'cold' | 'warm', mark: keyof Marks) =>
  summarise(visits.map((visit) => visit[side].marks[mark] ?? Infinity));
const [{ cold, warm }] = visits as [{ cold: Visit; warm: Visit }];
report(
  {
    bench: 'start',
    runs,
    cold: {
      interactiveMs: timesOf('cold', 'interactive'),
      sent: sum(cold.sent.map(weigh)),
      kept: sum(cold.kept.map(weigh)),
    },
    warm: {
      interactiveMs: timesOf('warm', 'interactive'),
      translatedMs: timesOf('warm', 'translated'),
      sent: sum(warm.sent.map(weigh)),
    },
    browser: version,
  },
  values.save ? 'start' : undefined,
);

/** Opens the page until a mark is set, and stays until the page is kept for offline use and compiled code is on disk. */
async function visit(profile: string, fragment: string, until: keyof Marks): Promise<Visit> {
  const browser = await openBrowser(profile, [], 'allow');
  const { page } = browser;
  version = browser.version;
  await page.addInitScript(markProgress);
  paths = [];
  await page.goto(server.url + fragment);
  await page.waitForFunction((mark) => (globalThis as MarkedPage).marks[mark] !== undefined, until);
  const sent = paths;
  paths = [];
  const marks = await page.evaluate(() => (globalThis as MarkedPage).marks);
  await stay(page);
  await browser.close();
  return { marks, sent, kept: paths };
}

async function stay(page: Page): Promise<void> {
  await page.evaluate(() => navigator.serviceWorker.ready.then(() => undefined));
  await page.waitForTimeout(LINGER_MS);
}

/** Runs in the page before the app does: notes when the field has the cursor and when a translated sentence is there. */
function markProgress(): void {
  const marks: Marks = {};
  (globalThis as MarkedPage).marks = marks;
  const look = (): void => {
    if (document.activeElement?.matches('textarea')) marks.interactive ??= performance.now();
    if (document.querySelector('.target-text [role=button]')) marks.translated ??= performance.now();
  };
  new MutationObserver(look).observe(document, { subtree: true, childList: true, characterData: true });
  document.addEventListener('focusin', look, true);
}
