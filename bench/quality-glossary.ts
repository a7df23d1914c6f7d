/**
 * `npm run quality:glossary [-- --beams N] [--out F] [--save]`: translates the sentences of bench/data/glossary.json with the
 * built app, without their glossary and with it. Prints one JSON line: in how many sentences the wanted term stands, and
 * whether the rest is as good as before, which is the BLEU of both translations and of the references with the term masked.
 * In an output without the wanted term, the words that are aligned to the source term are masked.
 */
import { writeFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import type { TranslatedSentence } from '../src/protocol/types.ts';
import cases from './data/glossary.json' with { type: 'json' };
import { installModel, openGlossa, translateLines } from './glossa/page.ts';
import { serveGlossa } from './glossa/server.ts';
import { findAligned, findTerm, mask } from './glossary/mask.ts';
import { wholeNumber } from './harness/arguments.ts';
import { createProfile } from './harness/browser.ts';
import { report } from './harness/report.ts';
import { round } from './harness/statistics.ts';
import { corpusBleu } from './metrics/bleu.ts';

const DIRECTION = { from: 'en', to: 'pt' };
const TERMS_AIM = 0.95;

interface Case {
  source: string;
  wanted: string;
  term: string;
  reference: string;
}

const { values } = parseArgs({
  options: {
    beams: { type: 'string', default: '1' },
    out: { type: 'string' },
    save: { type: 'boolean', default: false },
  },
});
const beams = wholeNumber('beams', values.beams, 1);
const sentences = cases.map(({ source, term: [term, wanted], reference }): Case => {
  if (term === undefined || wanted === undefined) throw new Error(`"${source}" has no pair of terms.`);
  return { source, term, wanted, reference };
});

const server = await serveGlossa(true);
const browser = await openGlossa(server.url, createProfile());
await installModel(browser.page, DIRECTION.from, DIRECTION.to);
const lines = sentences.map(({ source }) => source);
const plain = await translateLines(browser.page, lines, { ...DIRECTION, beams });
const glossary = sentences.map(({ term, wanted }): [string, string] => [term, wanted]);
const steered = await translateLines(browser.page, lines, { ...DIRECTION, beams, glossary });
await browser.close();
await server.close();

const references = sentences.map(({ reference, wanted }) => mask(reference, findTerm(reference, wanted)));
const maskedOf = ({ sentences: outputs }: typeof plain) =>
  sentences.map((sentence, line) => maskOutput(outputs[line] ?? [], sentence));
const masked = { plain: maskedOf(plain), steered: maskedOf(steered) };
const appeared = (targets: string[]) =>
  sentences.filter(({ wanted }, line) => findTerm(targets[line] ?? '', wanted) !== undefined).length;
const terms = { plain: appeared(plain.targets), steered: appeared(steered.targets) };
const elsewhere = {
  plain: round(corpusBleu(masked.plain, [references]), 2),
  steered: round(corpusBleu(masked.steered, [references]), 2),
};

if (values.out !== undefined) {
  const rows = sentences.map(({ wanted }, line) => [wanted, plain.targets[line], steered.targets[line]].join('\t'));
  writeFileSync(values.out, `${rows.join('\n')}\n`);
}
report(
  {
    bench: 'quality-glossary',
    sentences: sentences.length,
    beams,
    termsAppeared: terms,
    bleuElsewhere: elsewhere,
    sameElsewhere: masked.plain.filter((text, line) => text === masked.steered[line]).length,
    aims: {
      'terms in at least 95 %': terms.steered / sentences.length >= TERMS_AIM,
      'BLEU elsewhere does not fall': elsewhere.steered >= elsewhere.plain,
    },
    ran: { model: steered.ran.model, provider: steered.ran.provider, threads: steered.ran.threads },
    browser: browser.version,
  },
  values.save ? `quality-glossary.beams${beams}` : undefined,
);

/** A line's translation with the term masked, in whichever of its sentences has it. */
function maskOutput(outputs: TranslatedSentence[], { term, wanted }: Case): string {
  return outputs
    .map(({ source, target, alignment }) => {
      const inSource = findTerm(source, term);
      if (inSource === undefined) return target;
      return mask(target, findTerm(target, wanted) ?? findAligned(target, alignment, inSource));
    })
    .join(' ');
}
