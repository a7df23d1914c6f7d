/**
 * `npm run soak [-- --jobs N] [--kills N] [--seed N] [--save]`: mixed jobs, three at a time, of which some are stopped at a random
 * moment while workers are ended at random ones. Every answer is compared with that of a quiet run. Prints one JSON line, and
 * fails where a job was lost, an answer is another job's, or the memory of the last fifth is more than 5 % above the first's.
 */
import type { Worker } from '@playwright/test';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { seededRandom } from '../src/formats/marian.fixture.ts';
import { openGlossa } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { defineSoak, type Ended, type SoakPage } from './glossa/soak.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { median, round } from './harness/statistics.ts';

const FIXTURES = join(import.meta.dirname, '..', 'e2e');
const AT_ONCE = 3;
const STOPPED_SHARE = 0.15;
const LONGEST_WAIT_MS = 400;
const MOST_GROWTH = 0.05;
/** A job that loses its worker is asked again; workers are not ended so often that this would not do. */
const MOST_TRIES = 5;

const { values } = parseArgs({
  options: {
    jobs: { type: 'string', default: '500' },
    kills: { type: 'string', default: '20' },
    seed: { type: 'string', default: '1' },
    save: { type: 'boolean', default: false },
  },
});
const jobs = wholeNumber('jobs', values.jobs, 10);
const kills = wholeNumber('kills', values.kills, 0);
const random = seededRandom(wholeNumber('seed', values.seed, 0));

const server = await serveGlossa(true);
const { page, residentBytes, version, close } = await openGlossa(server.url, createProfile());
await page.evaluate(defineSoak, {
  recording: readFileSync(join(FIXTURES, 'audio', 'beckett.wav')).toString('base64'),
  pictures: ['astronaut', 'chelsea', 'coffee', 'rocket'].map((name) =>
    readFileSync(join(FIXTURES, 'pictures', `${name}.jpg`)).toString('base64'),
  ),
});
const kinds = await page.evaluate(() => (globalThis as SoakPage).prepareSoak());
say(`${kinds} different jobs have their answers`);

const counts = { done: 0, stopped: 0, again: 0, killed: 0, lost: 0, mixedUp: 0 };
const killAt = new Set(Array.from({ length: kills }, (_, i) => Math.floor(((i + random()) * jobs) / kills)));
const memory: number[] = [];
let next = 0;

async function work(): Promise<void> {
  while (next < jobs) {
    const number = next++;
    if (killAt.has(number)) await endWorker();
    const stopAfterMs = random() < STOPPED_SHARE ? Math.floor(random() * LONGEST_WAIT_MS) : null;
    const ended = await ask(Math.floor(random() * kinds), stopAfterMs);
    if (ended === 'right') counts.done++;
    else if (ended === 'stopped' && stopAfterMs !== null) counts.stopped++;
    else if (ended === 'wrong') counts.mixedUp++;
    else {
      counts.lost++;
      say(`job ${number} ended as ${ended}`);
    }
    memory[number] = residentBytes() ?? 0;
    if (number % 50 === 49) say(`${number + 1} jobs, ${round(memory[number] / 2 ** 20, 0)} MiB`);
  }
}

async function ask(kind: number, stopAfterMs: number | null): Promise<Ended> {
  for (let tries = 1; ; tries++) {
    const ended = await page.evaluate(({ kind, stopAfterMs }) => (globalThis as SoakPage).runSoak(kind, stopAfterMs), {
      kind,
      stopAfterMs,
    });
    if (ended !== 'worker-crashed' || tries === MOST_TRIES) return ended;
    counts.again++;
  }
}

/** Ends a worker of the engine: by an error that nobody catches, or without a word. */
async function endWorker(): Promise<void> {
  const workers = page.workers().filter((worker) => /\/worker-[^/]*\.js$/.test(worker.url()));
  const victim: Worker | undefined = workers[Math.floor(random() * workers.length)];
  if (!victim) return;
  const silently = random() < 0.5;
  await victim
    .evaluate((quiet) => {
      setTimeout(() => {
        if (quiet) self.close();
        else throw new Error('A staged crash.');
      });
    }, silently)
    // It may have been replaced meanwhile.
    .catch(() => undefined);
  counts.killed++;
}

await Promise.all(Array.from({ length: AT_ONCE }, work));
await close();
await server.close();

const fifth = Math.floor(jobs / 5);
const [before, after] = [median(memory.slice(0, fifth)), median(memory.slice(-fifth))];
const growth = after / before - 1;
report(
  {
    bench: 'soak',
    jobs,
    ...counts,
    memory: {
      firstMegabytes: round(before / 2 ** 20, 1),
      lastMegabytes: round(after / 2 ** 20, 1),
      growth: round(growth, 3),
    },
    browser: version,
  },
  values.save ? 'soak' : undefined,
);
if (counts.lost + counts.mixedUp > 0 || growth > MOST_GROWTH) process.exitCode = 1;
