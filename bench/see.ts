/**
 * `npm run bench:see [-- --images DIR] [--model ID] [--pictures N] [--many N] [--save]`: how long a picture takes, on one thread and
 * on all (decoding, resizing, the encoder and beam 3), one after the other as the screen asks for one, and as it asks for an album:
 * as many at the same time as there are cores, each on one thread. And memory over many of an album.
 * Without --images the photographs of the tests are captioned over and over. Prints one JSON line.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { captionAlbum, captionMany, givePictures, openCaptioner, type OpenCaptioner } from './glossa/captioner.ts';
import { serveGlossa } from './glossa/server.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { median, percentile, round } from './harness/statistics.ts';

const FIXTURES = join(import.meta.dirname, '..', 'e2e', 'pictures');
const PHOTOGRAPHS = /^(astronaut|chelsea|coffee|rocket)\.jpg$/;
const AIM_MS = 120;
/** Not counted: the first runs compile and fill caches. */
const WARM_UP = 20;
/** More files than this are not held in the page at once. */
const MOST_FILES = 200;

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    model: { type: 'string', default: 'caption' },
    pictures: { type: 'string', default: '200' },
    many: { type: 'string', default: '1000' },
    save: { type: 'boolean', default: false },
  },
});
const count = wholeNumber('pictures', values.pictures, 1);
const many = wholeNumber('many', values.many, count);
const { model } = values;
const folder = values.images ?? FIXTURES;
const files = readdirSync(folder)
  .filter((name) => (values.images === undefined ? PHOTOGRAPHS.test(name) : /\.(jpe?g|png|webp)$/i.test(name)))
  .sort()
  .slice(0, MOST_FILES)
  .map((name) => readFileSync(join(folder, name)));
if (files.length === 0) throw new Error(`There are no pictures in ${folder}.`);

const alone = await measure(false);
const { memory, album, ...all } = await measure(true);
report(
  {
    bench: 'see',
    model,
    beams: 3,
    files: files.length,
    pictures: count,
    sides: [alone.side, all.side],
    album,
    memory,
    browser: all.browser,
    aims: {
      'at most 120 ms a picture with 2 threads, one after the other': all.side.medianMs <= AIM_MS,
      'at most 120 ms a picture of an album with 2 threads': album.msPerPicture <= AIM_MS,
    },
  },
  values.save ? `see.${model}` : undefined,
);

/** On one thread, or isolated on all. */
async function measure(isolated: boolean) {
  const server = await serveGlossa(isolated);
  const browser = await openCaptioner(server.url, createProfile(), model);
  const { page, threads } = browser;
  await givePictures(page, files);
  await captionMany(page, WARM_UP, { model });
  const startedMs = performance.now();
  const times = await captionMany(page, count, { model });
  const perMinute = (60_000 * count) / (performance.now() - startedMs);
  const side = {
    threads,
    medianMs: round(median(times), 1),
    p95Ms: round(percentile(times, 0.95), 1),
    perMinute: round(perMinute, 0),
  };
  say(`${threads} thread(s): ${side.medianMs} ms a picture`);
  const album = await measureAlbum(browser);
  const memory = await memoryOf(browser, isolated ? many : count);
  await browser.close();
  await server.close();
  return { side, album, memory, browser: browser.version };
}

/** An album of `count` pictures, on workers of one thread each. */
async function measureAlbum({ page }: OpenCaptioner) {
  await captionAlbum(page, WARM_UP, { model });
  const startedMs = performance.now();
  const workers = await captionAlbum(page, count, { model });
  const msPerPicture = (performance.now() - startedMs) / count;
  say(`an album on ${workers} worker(s): ${round(msPerPicture, 1)} ms a picture`);
  return { workers, msPerPicture: round(msPerPicture, 1), perMinute: round(60_000 / msPerPicture, 0) };
}

/** The highest resident size of the page so far, and after `total` pictures. */
async function memoryOf({ page, peakResidentBytes }: OpenCaptioner, total: number) {
  const megabytes = (): number | null => {
    const bytes = peakResidentBytes();
    return bytes === null ? null : round(bytes / 2 ** 20, 1);
  };
  const before = megabytes();
  await captionAlbum(page, total - count, { model });
  return { pictures: total, peakMegabytesBefore: before, peakMegabytes: megabytes() };
}
