/**
 * `npm run bench:listen [-- --runs N] [--hour] [--save]`: our recogniser against transformers.js, with the same weights, the
 * same recording, the same threads and the same Chromium, in one run, turn by turn. Prints one JSON line.
 */
import { readFileSync } from 'node:fs';
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { startRecogniser, visitRecogniser } from './glossa/recogniser.ts';
import { serveGlossa } from './glossa/server.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile, LINGER_MS } from './harness/browser.ts';
import { ensureRecording, RECORDING_S } from './harness/recording.ts';
import type { Heard, Recogniser } from './harness/recogniser.ts';
import { report, say } from './harness/report.ts';
import { median, round, summarise } from './harness/statistics.ts';
import { countWordErrors, errorsOf } from './metrics/wer.ts';
import { normaliseEnglish } from './metrics/whisperNormaliser.ts';
import { startTransformers } from './transformers/contestant.ts';
import { serveTransformers } from './transformers/server.ts';

const CLIP_S = 10;
const MEMORY_S = [5 * 60, 60 * 60] as const;

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    hour: { type: 'boolean', default: false },
    save: { type: 'boolean', default: false },
  },
});
const runs = wholeNumber('runs', values.runs, 1);
const recording = readFileSync(ensureRecording());
const clips = { recording: { file: recording }, clip: { file: recording, seconds: CLIP_S } };

const glossaServer = await serveGlossa(true);
const glossaProfile = createProfile();
say('Glossa: first visit');
const threads = await visitRecogniser(glossaServer.url, glossaProfile);
const theirServer = await serveTransformers();
const theirProfile = createProfile();
say(`${threads} thread(s) each`);

const starters = {
  glossa: () => startRecogniser(glossaServer.url, glossaProfile, threads, clips, 'clip'),
  transformers: () => startTransformers(theirServer.url, theirProfile, threads, clips, 'clip'),
};
type Name = keyof typeof starters;
const names: Name[] = ['glossa', 'transformers'];

// The files, and the code compiled from them, are cached from here on.
const theirVisit = await starters.transformers();
await setTimeout(LINGER_MS);
await theirVisit.close();
const recognisers = { glossa: await starters.glossa(), transformers: await starters.transformers() };
const heard: Record<Name, { recording: Heard[]; clip: Heard[] }> = {
  glossa: { recording: [], clip: [] },
  transformers: { recording: [], clip: [] },
};
for (let run = 0; run <= runs; run++) {
  for (const name of run % 2 === 0 ? names : names.toReversed()) {
    const long = await recognisers[name].transcribe('recording');
    const short = await recognisers[name].transcribe('clip');
    // The first round warms up.
    if (run === 0) continue;
    heard[name].recording.push(long);
    heard[name].clip.push(short);
  }
  say(run === 0 ? 'warm' : `round ${run} of ${runs}`);
}
const sides = { glossa: measurementOf('glossa'), transformers: measurementOf('transformers') };
const browser = recognisers.glossa.browser;
for (const name of names) await recognisers[name].close();
const memory = values.hour ? { glossa: await memoryOf('glossa') } : undefined;
await glossaServer.close();
theirServer.close();

const { glossa, transformers } = sides;
const peakRatio =
  glossa.peakMegabytes === null || transformers.peakMegabytes === null
    ? null
    : round(glossa.peakMegabytes / transformers.peakMegabytes, 3);
const speed = round(transformers.recordingMs.median / glossa.recordingMs.median, 2);
report(
  {
    bench: 'listen',
    recording: { file: 'two_cities.wav', seconds: RECORDING_S },
    clipSeconds: CLIP_S,
    threads,
    runs,
    browser,
    glossa,
    transformers,
    ratios: {
      speed,
      clip: round(transformers.clipMs.median / glossa.clipMs.median, 2),
      firstWords: round(transformers.firstWordsMs.median / glossa.firstWordsMs.median, 2),
      peakMemory: peakRatio,
    },
    agreement: agreementOf(heard.glossa.recording.at(-1)!.text, heard.transformers.recording.at(-1)!.text),
    ...(memory === undefined ? {} : { memory }),
    aims: {
      'at least 2x as fast': speed >= 2,
      'peak memory at most 0.5x': (peakRatio ?? Infinity) <= 0.5,
      'a 10 s clip in under 400 ms': glossa.clipMs.median < 400,
    },
  },
  values.save ? 'listen' : undefined,
);

function measurementOf(name: Name) {
  const { recording, clip } = heard[name];
  const bytes = recognisers[name].peakResidentBytes();
  return {
    recordingMs: summarise(recording.map(({ ms }) => ms)),
    realTimeFactor: round(median(recording.map(({ ms }) => ms)) / 1000 / RECORDING_S, 4),
    clipMs: summarise(clip.map(({ ms }) => ms)),
    firstWordsMs: summarise(recording.map(({ firstWordsMs }) => firstWordsMs)),
    readyMs: round(recognisers[name].readyMs, 0),
    peakMegabytes: bytes === null ? null : round(bytes / 2 ** 20, 1),
  };
}

/** How many words the two heard otherwise. */
function agreementOf(ours: string, theirs: string) {
  const errors = countWordErrors(normaliseEnglish(ours), normaliseEnglish(theirs));
  return { words: errors.words, otherwise: errorsOf(errors) };
}

/** Peak memory after five minutes of speech and after an hour, each in one call, in a browser of its own. */
async function memoryOf(name: Name) {
  const recogniser: Recogniser = await starters[name]();
  const result = [];
  for (const seconds of MEMORY_S) {
    say(`${name}: ${seconds / 60} minutes`);
    const { ms } = await recogniser.transcribeLong('recording', seconds);
    const bytes = recogniser.peakResidentBytes();
    result.push({
      minutes: seconds / 60,
      ms: round(ms, 0),
      peakMegabytes: bytes === null ? null : round(bytes / 2 ** 20, 1),
    });
  }
  await recogniser.close();
  return result;
}
