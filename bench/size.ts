/**
 * `npm run bench:size [-- --save]`: what a first visit to the built app fetches before any model, and what the first
 * translation fetches then, as Chromium asked for it. Scripts and styles count gzipped, as a web host sends them.
 */
import type { Response } from '@playwright/test';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { gzipSync } from 'node:zlib';
import { installModel, openGlossa, translateLines } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { createProfile } from './harness/browser.ts';
import { report } from './harness/report.ts';

const FIRST_VISIT_LIMIT_BYTES = 250_000;
/** How long the page must ask for nothing before its first visit counts as over. */
const QUIET_MS = 2000;

interface Fetched {
  path: string;
  bytes: number;
  gzipBytes: number;
}

const { values } = parseArgs({ options: { save: { type: 'boolean', default: false } } });
const server = await serveGlossa(true);
const { browser, fetched, settle } = await visit(server.url);
const firstVisit = (await settle()).filter(({ path }) => /\.(js|mjs|css)$/.test(path));
// The service worker is off in this browser, but it is part of a first visit.
if (existsSync('dist/sw.js')) firstVisit.push(weigh('/sw.js', readFileSync(join('dist', 'sw.js'))));

const seen = fetched.length;
await installModel(browser.page, 'en', 'pt');
await translateLines(browser.page, ['Good morning.'], { from: 'en', to: 'pt' });
const firstTranslation = (await settle()).slice(seen);
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
  const pending: Promise<Fetched>[] = [];
  const browser = await openGlossa(url, createProfile(), (page) => {
    page.on('response', (response) => pending.push(weighResponse(response)));
  });
  const settle = async (): Promise<Fetched[]> => {
    let count = -1;
    while (count < pending.length) {
      count = pending.length;
      await browser.page.waitForTimeout(QUIET_MS);
    }
    return Promise.all(pending);
  };
  return { browser, fetched: pending, settle };
}

async function weighResponse(response: Response): Promise<Fetched> {
  return weigh(new URL(response.url()).pathname, await response.body());
}

function weigh(path: string, body: Buffer): Fetched {
  return { path, bytes: body.length, gzipBytes: gzipSync(body).length };
}

function sum(parts: Fetched[]) {
  return {
    requests: parts.length,
    bytes: parts.reduce((total, { bytes }) => total + bytes, 0),
    gzipBytes: parts.reduce((total, { gzipBytes }) => total + gzipBytes, 0),
  };
}
