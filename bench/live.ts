/**
 * `npm run bench:live [-- --recording FILE.wav] [--seconds N] [--to pt] [--save]`: how long after the end of each phrase its
 * caption (and its translation) is there, with a browser whose microphone plays a recording. Prints one JSON line.
 */
import { basename, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { fakeMicrophoneArgs } from '../scripts/chromium.ts';
import { openGlossa, installModel } from './glossa/page.ts';
import { listenForSeconds, type PhraseDelay } from './glossa/live.ts';
import { visitRecogniser } from './glossa/recogniser.ts';
import { serveGlossa } from './glossa/server.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { ensureRecording, RECORDING_S } from './harness/recording.ts';
import { report, say } from './harness/report.ts';
import { percentile, round } from './harness/statistics.ts';

const { values } = parseArgs({
  options: {
    recording: { type: 'string' },
    seconds: { type: 'string', default: String(Math.ceil(RECORDING_S) + 3) },
    to: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const seconds = wholeNumber('seconds', values.seconds, 1);
const recording = values.recording === undefined ? ensureRecording() : resolve(values.recording);
const { to } = values;

const server = await serveGlossa(true);
const profile = createProfile();
say('first visit');
const threads = await visitRecogniser(server.url, profile);
const browser = await openGlossa(server.url, profile, undefined, fakeMicrophoneArgs(recording));
if (to !== undefined) await installModel(browser.page, 'en', to);
say(`listening for ${seconds} s`);
const heard = await listenForSeconds(browser.page, seconds, to);
const peakBytes = to === undefined ? browser.peakResidentBytes() : null;
await browser.close();
await server.close();

report(
  {
    bench: 'live',
    recording: basename(recording),
    seconds,
    threads,
    phrases: heard.phrases.length,
    captionMs: delays(heard.phrases, ({ captionMs }) => captionMs),
    settledMs: delays(heard.phrases, ({ settledMs }) => settledMs),
    ...(to === undefined ? {} : { to, translationMs: delays(heard.phrases, ({ translationMs }) => translationMs) }),
    firstWordsMs: delays(heard.phrases, ({ firstWordsMs }) => firstWordsMs),
    mostBehindSeconds: round(heard.mostBehindS, 2),
    changedStableWords: heard.changedStableWords,
    text: heard.text,
    peakMegabytes: peakBytes === null ? null : round(peakBytes / 2 ** 20, 1),
    browser: browser.version,
  },
  values.save ? 'live' : undefined,
);

/** Of those phrases that have one. */
function delays(phrases: PhraseDelay[], pick: (phrase: PhraseDelay) => number | null) {
  const found = phrases.map(pick).filter((ms) => ms !== null);
  if (found.length === 0) return null;
  return {
    median: round(percentile(found, 0.5), 0),
    p95: round(percentile(found, 0.95), 0),
    most: round(Math.max(...found), 0),
  };
}
