/**
 * `npm run quality:listen -- --set DIR [--beside FILE] [--limit N] [--out FILE] [--save]`: word error rate of our recogniser on
 * the recordings of a folder, after Whisper's normaliser. DIR has FLAC or WAV files and transcripts.tsv (`file TAB text`);
 * `--beside` is such a list of what another recogniser heard. Prints one JSON line.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { openRecogniser, transcribeFile } from './glossa/recogniser.ts';
import { serveGlossa } from './glossa/server.ts';
import { required, wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { round } from './harness/statistics.ts';
import { readLines } from './harness/text.ts';
import { corpusWordErrors, countWordErrors, errorsOf, wordErrorRate } from './metrics/wer.ts';
import { normaliseEnglish } from './metrics/whisperNormaliser.ts';

const { values } = parseArgs({
  options: {
    set: { type: 'string' },
    beside: { type: 'string' },
    limit: { type: 'string' },
    out: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const folder = resolve(required('set', values.set));
const limit = values.limit === undefined ? Infinity : wholeNumber('limit', values.limit, 1);
const transcripts = Array.from(readTable(join(folder, 'transcripts.tsv'))).slice(0, limit);
const references = transcripts.map(([, text]) => normaliseEnglish(text));

const server = await serveGlossa(true);
const browser = await openRecogniser(server.url, createProfile());
const texts: string[] = [];
let ms = 0;
for (const [file] of transcripts) {
  const heard = await transcribeFile(browser.page, readFileSync(join(folder, file)));
  texts.push(heard.text);
  ms += heard.ms;
  say(`${texts.length} of ${transcripts.length}: ${file}`);
}
await browser.close();
await server.close();

if (values.out !== undefined) {
  writeFileSync(values.out, transcripts.map(([file], i) => `${file}\t${texts[i]}\n`).join(''));
}
const heard = texts.map(normaliseEnglish);
const errors = corpusWordErrors(heard, references);
const set = basename(folder);
report(
  {
    bench: 'quality-listen',
    set,
    files: transcripts.length,
    ...errors,
    wordErrorRate: round(wordErrorRate(errors), 2),
    seconds: round(ms / 1000, 1),
    ...(values.beside === undefined ? {} : { beside: compare(readTable(values.beside)) }),
    browser: browser.version,
  },
  values.save ? `quality-listen.${set}` : undefined,
);

/** The other recogniser's word error rate, and how far apart the two are in the file where they differ most. */
function compare(others: Map<string, string>) {
  const theirs = transcripts.map(([file]) => {
    const text = others.get(file);
    if (text === undefined) throw new Error(`--beside has no line for ${file}.`);
    return normaliseEnglish(text);
  });
  const apart = theirs.map((text, i) => errorsOf(countWordErrors(heard[i]!, text)));
  const most = Math.max(...apart);
  return {
    wordErrorRate: round(wordErrorRate(corpusWordErrors(theirs, references)), 2),
    wordsApart: apart.reduce((sum, words) => sum + words, 0),
    mostApart: { file: transcripts[apart.indexOf(most)]?.[0], words: most },
  };
}

/** Text by file name. Throws where a line is not `file TAB text`. */
function readTable(path: string): Map<string, string> {
  return new Map(
    readLines(path).map((line, at): [string, string] => {
      const [file, text, ...rest] = line.split('\t');
      if (file === undefined || text === undefined || rest.length > 0) {
        throw new Error(`${path}, line ${at + 1}: not "file TAB text".`);
      }
      return [file, text];
    }),
  );
}
