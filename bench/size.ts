/**
 * `npm run bench:size [-- --save]`: what a first visit to the built app fetches before any model, and what the first
 * translation fetches then: what Chromium asked for, weighed in the build, plain and gzipped as a web host sends it.
 */
import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { installModel, openGlossa, translateLines } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { createProfile } from './harness/browser.ts';
import { report } from './harness/report.ts';
import { type Fetched, sum, weigh } from './harness/weigh.ts';

const FIRST_VISIT_LIMIT_BYTES = 250_000;
/** How long the page must ask for nothing before its first visit counts as over. */
const QUIET_MS = 2000;

const { values } = parseArgs({ options: { save: { type: 'boolean', default: false } } });
const server = await serveGlossa(true);
const { browser, settle } = await visit(server.url);
const seen = await settle();
const firstVisit = seen.filter(({ path }) => /\.(js|mjs|css)$/.test(path));
// The service worker is off in this browser, but it is part of a first visit.
if (existsSync('dist/sw.js')) firstVisit.push(weigh('/sw.js'));

await installModel(browser.page, 'en', 'pt');
await translateLines(browser.page, ['Good morning.'], { from: 'en', to: 'pt' });
const firstTranslation = (await settle()).slice(seen.length);
await browser.close();
await server.close();

const ofKind = (pattern: RegExp) => sum(firstTranslation.filter(({ path }) => pattern.test(path)));
const first = sum(firstVisit);
report(
  {
    bench: 'size',
    firstVisit: { ...first, fits: first.gzipBytes <= FIRST_VISIT_LIMIT_BYTES, parts: firstVisit },
    firstTranslation: {
      model: ofKind(/\/models\//),
      wasm: ofKind(/\.wasm$/),
      script: ofKind(/\.(js|mjs)$/),
      parts: firstTranslation,
    },
    browser: browser.version,
  },
  values.save ? 'size' : undefined,
);

/** A visitor's first look at the page; `settle` waits until nothing more is fetched and gives all that was, in order. */
async function visit(url: string) {
  const fetched: Fetched[] = [];
  const browser = await openGlossa(url, createProfile(), (page) => {
    page.on('response', (response) => {
      const path = new URL(response.url()).pathname;
      // A file that is asked for again comes from the browser's cache.
      if (!fetched.some((one) => one.path === path)) fetched.push(weigh(path));
    });
  });
  const settle = async (): Promise<Fetched[]> => {
    let count = -1;
    while (count < fetched.length) {
      count = fetched.length;
      await browser.page.waitForTimeout(QUIET_MS);
    }
    return fetched.slice();
  };
  return { browser, settle };
}
