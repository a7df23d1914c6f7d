/**
 * `npm run quality:see -- --images DIR --captions F --list F [--model ID] [--beams N] [--limit N] [--out FILE] [--save]`: BLEU,
 * ROUGE-L and CIDEr-D of our captioner, through the browser. The captions are a file of `picture TAB caption` lines, the list names
 * the pictures to score. Prints one JSON line.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { captionFile, openCaptioner, type Captioned } from './glossa/captioner.ts';
import { serveGlossa } from './glossa/server.ts';
import { required, wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { median, round } from './harness/statistics.ts';
import { readLines } from './harness/text.ts';
import { captionBleu, captionWords, ciderD, mean, rougeL } from './metrics/captions.ts';

const { values } = parseArgs({
  options: {
    images: { type: 'string' },
    captions: { type: 'string' },
    list: { type: 'string' },
    model: { type: 'string', default: 'caption' },
    beams: { type: 'string', default: '3' },
    limit: { type: 'string' },
    out: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const folder = resolve(required('images', values.images));
const limit = values.limit === undefined ? Infinity : wholeNumber('limit', values.limit, 1);
const beams = wholeNumber('beams', values.beams, 1);
const { model } = values;
const files = readLines(required('list', values.list))
  .filter((line) => line !== '')
  .slice(0, limit);
const references = readReferences(required('captions', values.captions));

const server = await serveGlossa(true);
const browser = await openCaptioner(server.url, createProfile(), model);
const captioned: Captioned[] = [];
for (const file of files) {
  captioned.push(await captionFile(browser.page, readFileSync(join(folder, file)), { model, beams }));
  if (captioned.length % 50 === 0) say(`${captioned.length} of ${files.length}`);
}
await browser.close();
await server.close();

const captions = captioned.map(({ caption }) => captionWords(caption.text));
const wanted = files.map((file) => {
  const lines = references.get(file);
  if (!lines) throw new Error(`--captions has no line for ${file}.`);
  return lines.map(captionWords);
});
const cider = ciderD(captions, wanted);
if (values.out !== undefined) {
  const lines = captioned.map(({ caption, ms }, i) => ({ file: files[i], cider: round(cider[i]!, 4), ms, ...caption }));
  writeFileSync(values.out, lines.map((line) => `${JSON.stringify(line)}\n`).join(''));
}
const set = basename(dirname(folder));
report(
  {
    bench: 'quality-see',
    set,
    model,
    beams,
    pictures: files.length,
    bleu: captionBleu(captions, wanted).map((score) => round(100 * score, 2)),
    rougeL: round(100 * rougeL(captions, wanted), 2),
    ciderD: round(mean(cider), 4),
    unsure: captioned.filter(({ caption }) => caption.unsure).length,
    medianMs: round(median(captioned.map(({ ms }) => ms)), 1),
    threads: browser.threads,
    browser: browser.version,
  },
  values.save ? `quality-see.${set}.${model}.beams${beams}` : undefined,
);

function readReferences(path: string): Map<string, string[]> {
  const byFile = new Map<string, string[]>();
  readLines(path).forEach((line, at) => {
    const [file, text, ...rest] = line.split('\t');
    if (file === undefined || text === undefined || rest.length > 0) {
      throw new Error(`${path}, line ${at + 1}: not "picture TAB caption".`);
    }
    const known = byFile.get(file);
    if (known) known.push(text);
    else byFile.set(file, [text]);
  });
  return byFile;
}
