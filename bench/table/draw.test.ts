import { expect, it } from 'vitest';
import { drawTables } from './draw.ts';

const origin = { commit: 'abc123', date: '2026-01-02', browser: 'Chrome/1', machine: { processor: 'CPU', cores: 2 } };
const side = (speed: number, memory: number | null) => ({
  wordsPerSecond: { min: speed - 1, median: speed, max: speed + 1 },
  sentence: { medianMs: 10, p95Ms: 20 },
  readyMs: { min: 100, median: 200, max: 300 },
  peakMegabytes: memory,
});

it('draws speed with ratios, and a question mark where nothing was measured', () => {
  const translate = {
    bench: 'translate',
    ...origin,
    sentences: 300,
    words: 4738,
    runs: 5,
    emptyPageMegabytes: 140.2,
    duels: [{ threads: 1, glossa: side(3000, 200), bergamot: side(1500, null) }],
  };
  const drawn = drawTables([translate]);
  expect(drawn).toContain('| words per second, median | 1 | 3,000 | 1,500 | 2.00 |');
  expect(drawn).toContain('| one sentence, median ms | 1 | 10.0 | 10.0 | 1.00 |');
  expect(drawn).toContain('| peak memory of the page, MiB | 1 | ? | ? | ? |');
  expect(drawn).toContain('commit abc123, 2026-01-02, Chrome/1, CPU, 2 cores. An empty page takes 140 MiB.');
});

it('draws a row for every quality result', () => {
  const quality = {
    bench: 'quality-translate',
    ...origin,
    source: 'set.en',
    from: 'en',
    to: 'pt',
    lines: 997,
    chrf: 69.193,
  };
  const ran = { provider: 'wasm', threads: 2 };
  const drawn = drawTables([
    { ...quality, beams: 1, bleu: 46.74, wordsPerSecond: 2222, ran },
    { ...quality, beams: 4, bleu: 47.05, wordsPerSecond: 999, ran },
  ]);
  expect(drawn).toContain('| set.en | en to pt | 997 | greedy | 46.7 | 69.2 | 2,222 |');
  expect(drawn).toContain('| set.en | en to pt | 997 | beam 4 | 47.1 | 69.2 | 999 |');
});

it('draws the glossary and the sizes', () => {
  const weight = (bytes: number) => ({ requests: 1, bytes, gzipBytes: bytes / 2 });
  const drawn = drawTables([
    {
      bench: 'quality-glossary',
      ...origin,
      sentences: 50,
      beams: 1,
      termsAppeared: { plain: 1, steered: 49 },
      bleuElsewhere: { plain: 40.04, steered: 41.06 },
    },
    {
      bench: 'size',
      ...origin,
      firstVisit: weight(400_000),
      firstTranslation: { model: weight(16e6), wasm: weight(14e6), script: weight(30_000) },
    },
  ]);
  expect(drawn).toContain('appears in 49 (without the glossary: 1); BLEU elsewhere 41.1 (40.0)');
  expect(drawn).toContain('| first visit, script and style | 400 | 200 |');
  expect(drawn).toContain('| first translation, model | 16,000 | 8,000 |');
});

it('draws how long a visitor waits', () => {
  const weight = (gzipBytes: number) => ({ requests: 1, bytes: 2 * gzipBytes, gzipBytes });
  const drawn = drawTables([
    {
      bench: 'start',
      ...origin,
      runs: 7,
      cold: { interactiveMs: { min: 300, median: 412.4, max: 500 }, sent: weight(245_000), kept: weight(5_100_000) },
      warm: {
        interactiveMs: { min: 200, median: 250, max: 300 },
        translatedMs: { min: 1100, median: 1250, max: 1400 },
        sent: weight(0),
      },
    },
  ]);
  expect(drawn).toContain('keeps 5,100 kB');
  expect(drawn).toContain('| first visit, until one can type | 412 | 300 | 500 | 245 |');
  expect(drawn).toContain('| later visit, until the first translation | 1,250 | 1,100 | 1,400 | 0 |');
});

it('refuses what is not a result', () => {
  expect(() => drawTables([{ bench: 'translate' }])).toThrow();
  expect(() => drawTables([{ bench: 'unheard-of' }])).toThrow();
});

it('draws listening beside its peer, live captions and word errors', () => {
  const recogniser = (ms: number) => ({
    recordingMs: { min: ms, median: ms, max: ms },
    clipMs: { min: 1, median: 2, max: 3 },
    firstWordsMs: { min: 1, median: 2, max: 3 },
    readyMs: 900,
    peakMegabytes: 400,
  });
  const drawn = drawTables([
    {
      bench: 'listen',
      ...origin,
      recording: { file: 'a.wav', seconds: 44.4 },
      clipSeconds: 10,
      threads: 2,
      runs: 3,
      glossa: recogniser(2000),
      transformers: recogniser(4000),
    },
    {
      bench: 'live',
      ...origin,
      recording: 'a.wav',
      threads: 2,
      phrases: 8,
      captionMs: { median: 588, p95: 1157 },
      firstWordsMs: null,
      changedStableWords: 0,
    },
    { bench: 'quality-listen', ...origin, set: 'readings', files: 98, words: 1652, wordErrorRate: 2.394 },
  ]);
  expect(drawn).toContain('| 44 s of speech, median ms | 2 | 2,000 | 4,000 | 0.50 |');
  expect(drawn).toContain('588 ms (95th percentile 1,157) after the end of its phrase, its translation not measured');
  expect(drawn).toContain('| readings | 98 | 1,652 | 2.39 |  |');
});

it('draws how long pictures take and what their captions are worth', () => {
  const drawn = drawTables([
    {
      bench: 'see',
      ...origin,
      model: 'caption',
      beams: 3,
      pictures: 200,
      sides: [
        { threads: 1, medianMs: 150.2, p95Ms: 170, perMinute: 390 },
        { threads: 2, medianMs: 99.6, p95Ms: 120, perMinute: 590 },
      ],
      album: { workers: 2, msPerPicture: 80.4, perMinute: 746 },
      memory: { pictures: 1000, peakMegabytesBefore: 300, peakMegabytes: 305.5 },
    },
    {
      bench: 'quality-see',
      ...origin,
      set: 'flickr8k',
      model: 'caption',
      beams: 3,
      pictures: 1000,
      bleu: [66.61, 48.2, 34.1, 25.04],
      rougeL: 48.7,
      ciderD: 0.6789,
      unsure: 51,
    },
  ]);
  expect(drawn).toContain('| caption | one, 2 threads | 100 | 120 | 590 |');
  expect(drawn).toContain('| caption | an album, 2 workers of 1 thread | 80 |  | 746 |');
  expect(drawn).toContain('caption 300 MiB, after 1,000 pictures 306 MiB');
  expect(drawn).toContain('| flickr8k | caption | 1,000 | 3 | 66.6 | 25.0 | 48.7 | 0.679 | 51 |');
});

it('draws what came through a soak', () => {
  const drawn = drawTables([
    {
      bench: 'soak',
      ...origin,
      ...{ jobs: 500, stopped: 46, killed: 20, lost: 0, mixedUp: 1 },
      memory: { firstMegabytes: 664.7, lastMegabytes: 680.2 },
    },
  ]);
  expect(drawn).toContain(
    '500 mixed jobs, 46 of them stopped at a random moment, 20 workers ended: 0 jobs lost, 1 mixed up',
  );
  expect(drawn).toContain('665 MiB in the first fifth, 680 in the last');
});
