/**
 * `npm run quality:translate -- --src F --ref F --from en --to pt [--beams N] [--limit N] [--glossary F] [--out F] [--save]`:
 * translates the lines of a file with the built app in a headless browser, and scores them. Prints one JSON line.
 * A glossary is a file of lines `term TAB term`; `--out` keeps the translations.
 */
import { writeFileSync } from 'node:fs';
import { basename } from 'node:path';
import { parseArgs } from 'node:util';
import { installModel, openGlossa, translateLines } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { required, wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report, say } from './harness/report.ts';
import { round } from './harness/statistics.ts';
import { countWords, readLines } from './harness/text.ts';
import { corpusBleu } from './metrics/bleu.ts';
import { corpusChrf } from './metrics/chrf.ts';
import { checkCorpus } from './metrics/ngrams.ts';

const { values } = parseArgs({
  options: {
    src: { type: 'string' },
    ref: { type: 'string' },
    from: { type: 'string' },
    to: { type: 'string' },
    beams: { type: 'string', default: '1' },
    limit: { type: 'string' },
    glossary: { type: 'string' },
    out: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const from = required('from', values.from);
const to = required('to', values.to);
const beams = wholeNumber('beams', values.beams, 1);
const limit = values.limit === undefined ? Infinity : wholeNumber('limit', values.limit, 1);
const source = required('src', values.src);
const lines = readLines(source).slice(0, limit);
const references = readLines(required('ref', values.ref)).slice(0, limit);
checkCorpus(lines, [references]);
const glossary = values.glossary === undefined ? [] : readGlossary(values.glossary);

const server = await serveGlossa(true);
const browser = await openGlossa(server.url, createProfile());
const model = await installModel(browser.page, from, to);
say(`${lines.length} lines with ${model}`);
const direction = { from, to, beams, ...(glossary.length > 0 && { glossary }) };
// Loads the model, so that the speed is that of translating.
await translateLines(browser.page, lines.slice(0, 1), direction);
const { targets, ms, warnings, ran } = await translateLines(browser.page, lines, direction);
await browser.close();
await server.close();

if (values.out !== undefined) writeFileSync(values.out, `${targets.join('\n')}\n`);
report(
  {
    bench: 'quality-translate',
    source: basename(source),
    from,
    to,
    lines: lines.length,
    beams,
    glossaryTerms: glossary.length,
    bleu: round(corpusBleu(targets, [references]), 2),
    chrf: round(corpusChrf(targets, [references]), 2),
    wordsPerSecond: round((countWords(lines) / ms) * 1000, 0),
    warnings,
    ran: { model: ran.model, provider: ran.provider, threads: ran.threads },
    browser: browser.version,
  },
  values.save ? `quality-translate.${basename(source)}.${from}-${to}.beams${beams}` : undefined,
);

/** Pairs of terms. Throws where a line is not `term TAB term`. */
function readGlossary(path: string): [source: string, target: string][] {
  return readLines(path).map((line, at) => {
    const [source, target, ...rest] = line.split('\t');
    if (!source || !target || rest.length > 0) throw new Error(`${path}, line ${at + 1}: not "term TAB term".`);
    return [source, target];
  });
}
