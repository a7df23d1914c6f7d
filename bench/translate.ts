/**
 * `npm run bench:translate [-- --src FILE] [--runs N] [--save]`: our engine against Bergamot's, English to Portuguese, with
 * the same weights, the same sentences, the same Chromium, in one run, turn by turn. Prints one JSON line.
 */
import { basename, join } from 'node:path';
import { parseArgs } from 'node:util';
import { serveBergamot } from './bergamot/server.ts';
import { startBergamot, visitBergamot } from './bergamot/contestant.ts';
import { ensureWeights } from './bergamot/weights.ts';
import { startGlossa, visitGlossa } from './glossa/contestant.ts';
import { serveGlossa } from './glossa/server.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile, openBrowser } from './harness/browser.ts';
import { measure, type Measurement } from './harness/duel.ts';
import { report, say } from './harness/report.ts';
import { round } from './harness/statistics.ts';
import { countWords, readLines } from './harness/text.ts';
import { corpusChrf } from './metrics/chrf.ts';

/** How many sentences are timed one by one, in each round. */
const SINGLE_SENTENCES = 100;

const { values } = parseArgs({
  options: {
    src: { type: 'string', default: join(import.meta.dirname, 'data', 'english.txt') },
    runs: { type: 'string', default: '5' },
    save: { type: 'boolean', default: false },
  },
});
const runs = wholeNumber('runs', values.runs, 1);
const lines = readLines(values.src);
const firstLine = lines[0];
if (firstLine === undefined || firstLine === '') throw new Error('--src has no first sentence.');

const bergamotServer = await serveBergamot(ensureWeights());
const bergamotProfile = createProfile();
say('Bergamot: first visit');
await visitBergamot(bergamotServer.url, bergamotProfile, lines);

say('an empty page');
const emptyPageBytes = await peakOfEmptyPage(bergamotServer.url);

const duels = [];
let browser = '';
for (const isolated of [false, true]) {
  const server = await serveGlossa(isolated);
  const profile = createProfile();
  say(`Glossa, ${isolated ? 'isolated' : 'not isolated'}: first visit`);
  const threads = await visitGlossa(server.url, profile, lines);
  say(`${threads} thread(s) against ${threads} worker(s)`);
  const { glossa, bergamot } = await measure(
    {
      glossa: () => startGlossa(server.url, profile, firstLine),
      bergamot: () => startBergamot(bergamotServer.url, bergamotProfile, threads, firstLine),
    },
    { lines, singles: lines.slice(0, SINGLE_SENTENCES), words: countWords(lines), runs },
  );
  browser = glossa.browser;
  duels.push({ threads, ...compare(glossa, bergamot) });
  await server.close();
}
bergamotServer.close();

report(
  {
    bench: 'translate',
    sentences: lines.length,
    words: countWords(lines),
    source: basename(values.src),
    singleSentences: Math.min(SINGLE_SENTENCES, lines.length),
    runs,
    browser,
    emptyPageMegabytes: emptyPageBytes === null ? null : round(emptyPageBytes / 2 ** 20, 1),
    duels,
  },
  values.save ? 'translate' : undefined,
);

/** What the process of a page with nothing but an idle worker takes: the floor under both sides' memory. */
async function peakOfEmptyPage(url: string): Promise<number | null> {
  const empty = await openBrowser(createProfile());
  await empty.page.goto(url);
  await empty.page.evaluate(() => {
    Object.assign(globalThis, { worker: new Worker(URL.createObjectURL(new Blob([]))) });
  });
  await empty.page.waitForTimeout(1000);
  const bytes = empty.peakResidentBytes();
  await empty.close();
  return bytes;
}

/** Both sides' numbers, ours as a multiple of theirs, and whether each aim of the project is met. */
function compare(glossa: Measurement, bergamot: Measurement) {
  const ratio = (pick: (side: Measurement) => number | null) => {
    const [ours, theirs] = [pick(glossa), pick(bergamot)];
    return ours === null || theirs === null ? null : round(ours / theirs, 3);
  };
  const ratios = {
    wordsPerSecond: ratio((side) => side.wordsPerSecond.median),
    sentenceMs: ratio((side) => side.sentence.medianMs),
    peakMemory: ratio((side) => side.peakMegabytes),
    readyMs: ratio((side) => side.readyMs.median),
  };
  const { targets, ...ours } = glossa;
  const { targets: theirTargets, ...theirs } = bergamot;
  return {
    glossa: ours,
    bergamot: theirs,
    ratios,
    aims: {
      'words per second at least 2x': (ratios.wordsPerSecond ?? 0) >= 2,
      'one sentence at most 0.5x': (ratios.sentenceMs ?? Infinity) <= 0.5,
      'peak memory at most 0.5x': (ratios.peakMemory ?? Infinity) <= 0.5,
      'ready no later': (ratios.readyMs ?? Infinity) <= 1,
    },
    agreement: {
      sameLines: targets.filter((target, line) => target === theirTargets[line]).length,
      chrf: round(corpusChrf(targets, [theirTargets]), 2),
    },
  };
}
