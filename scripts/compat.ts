import { writeFileSync } from 'node:fs';
import { convertTransformer } from '../src/convert/ctranslate2.ts';
import { SHAPES } from '../src/convert/marian.fixture.ts';
import { parseMarianConfig } from '../src/formats/marian-config.ts';
import { studentConfig } from '../src/formats/marian.fixture.ts';
import { EngineError } from '../src/protocol/errors.ts';
import { compareCase, compareText, fromBase64, convertText, golden } from './compat/ctranslate2.ts';
import { compareMarian, type Comparison } from './compat/marian.ts';

/*
 * npm run compat
 *
 * Converts a small random model of every option, runs it, and writes what came of it to docs/COMPATIBILITY.md.
 */

/** Options of Marian that are refused. */
const REFUSED_MARIAN: [option: string, value: string][] = [
  ['type', 's2s'],
  ['transformer-decoder-autoreg', 'average-attention'],
  ['dec-cell', 'gru'],
  ['transformer-train-position-embeddings', 'true'],
  ['transformer-tied-layers', '[1, 1]'],
  ['transformer-rnn-projection', 'true'],
  ['transformer-postprocess', 'dhn'],
  ['transformer-no-projection', 'true'],
  ['transformer-pool', 'true'],
  ['factors-combine', 'concat'],
  ['right-left', 'true'],
  ['input-types', '[class, sequence]'],
];

const words = (same: boolean): string => (same ? 'the same' : 'others');

async function row(name: string, compare: (suffix: '' | '.webgpu') => Promise<Comparison>): Promise<string> {
  const [float, int8] = [await compare('.webgpu'), await compare('')];
  return `| ${name} | ${float.worst.toFixed(4)} | ${words(float.sameWords)} | ${int8.worst.toFixed(2)} | ${words(int8.sameWords)} |`;
}

async function searchRow(one: (typeof golden.cases)[number]): Promise<string> {
  const [float, int8] = [await compareCase(one, '.webgpu'), await compareCase(one, '')];
  const behind = one.prefix.length === 0 ? '' : `, ${one.prefix.length} tokens given`;
  return `| ${one.name}${behind} | ${float.worst.toFixed(4)} | ${words(float.sameWords)} | ${words(float.sameBeams)} | ${int8.worst.toFixed(2)} | ${words(int8.sameWords)} |`;
}

async function textRow(one: (typeof golden.texts)[number]): Promise<string> {
  const [float, int8] = [await compareText(one, '.webgpu'), await compareText(one, '')];
  return `| ${one.name} | ${words(float.samePieces)} | ${words(float.sameWords)} | ${words(float.sameBeams)} | ${words(int8.sameWords)} |`;
}

function refusal(read: () => unknown): string {
  try {
    read();
  } catch (error) {
    if (error instanceof EngineError && error.code === 'unsupported-model') return error.message;
    throw error;
  }
  throw new Error('it was not refused');
}

const SEARCH_HEAD = `| option | floats: off by at most | greedy search says | four beams find | 8 bits: off by at most | greedy search says |
| --- | ---: | --- | --- | ---: | --- |`;
const TEXT_HEAD = `| files of | pieces | floats: greedy search says | four beams find | 8 bits: greedy search says |
| --- | --- | --- | --- | --- |`;
/** Files beside a model that are refused. */
function refusedFiles(): string[] {
  const [one] = golden.texts;
  if (!one) throw new Error('there is no model');
  const refused = (name: string, files: Partial<Parameters<typeof convertTransformer>[0]>): string =>
    `| ${name} | ${refusal(() => convertText(one, files))} |`;
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
  return [
    refused('codes of subword-nmt (`bpe.model`)', { sentencePiece: bytes('#version: 0.2\nt h\nth e</w>\n') }),
    refused('`decoder_start_token: null` (mBART-25)', { config: bytes('{"decoder_start_token": null}') }),
  ];
}

const HEAD = `| option | floats: off by at most | greedy search says | 8 bits: off by at most | greedy search says |
| --- | ---: | --- | ---: | --- |`;
const marian: string[] = [];
for (const [name, shape] of SHAPES) marian.push(await row(name, (suffix) => compareMarian(shape, suffix)));
for (const [name, shape] of SHAPES.filter(([, { sourceVocabulary }]) => sourceVocabulary !== undefined))
  marian.push(await row(`${name}, without a lexicon`, (suffix) => compareMarian(shape, suffix, false)));
const ctranslate2: string[] = [];
for (const one of golden.cases) ctranslate2.push(await searchRow(one));
const texts: string[] = [];
for (const one of golden.texts) texts.push(await textRow(one));

const shape = SHAPES[0]?.[1];
if (!shape) throw new Error('there is no shape');
const refusedMarian = REFUSED_MARIAN.map(([option, value]) => {
  const read = (): unknown => parseMarianConfig(studentConfig({ ...shape, options: { [option]: value } }));
  return `| \`${option}: ${value}\` | ${refusal(read)} |`;
});
const sentencePiece = fromBase64(golden.texts[0]?.sentencePiece ?? '');
const vocabulary = fromBase64(golden.cases[0]?.files['target_vocabulary.json'] ?? '');
const refusedCTranslate2 = golden.refused.map(
  ({ name, model }) =>
    `| ${name} | ${refusal(() => convertTransformer({ model: fromBase64(model), vocabulary, sentencePiece }))} |`,
);
refusedCTranslate2.push(...refusedFiles());

writeFileSync(
  new URL('../docs/COMPATIBILITY.md', import.meta.url),
  `# What can be converted

Written by \`npm run compat\`. Each row is a small model of random weights with that option: converted, run by onnxruntime-web
on the graphs for WebGPU (floats) and for WASM (8 bits), and compared with the reference. Off by: the largest difference of a
natural log-probability over all tokens of some sentences. Random weights tell tokens apart far less than trained ones do, so
8 bits may choose another word where two are nearly as likely.

## Marian (Firefox Translations, Bergamot)

The reference computes the format in plain loops and double precision (\`src/convert/student.fixture.ts\`). Float weights are
rounded to 8 bits when they are converted, which is the difference of those rows.

${HEAD}
${marian.join('\n')}

Refused, with these words:

| option | said |
| --- | --- |
${refusedMarian.join('\n')}

## CTranslate2 translators (\`TransformerSpec\`: Argos, OPUS-MT)

The reference is CTranslate2 itself (\`scripts/reference/ctranslate2_golden.py\`). The weights of its models lie on the grid of 8
bits, so that rounding them loses nothing; after int16, float16 and bfloat16 they lie beside it, and hypotheses that are nearly as
likely may change places. Where tokens are given, they are forced upon the target (\`target_prefix\`), and what comes behind them is
compared.

${SEARCH_HEAD}
${ctranslate2.join('\n')}

From text to text, with the files, special tokens and vocabularies that such models come with. The pieces are those of the
SentencePiece library.

${TEXT_HEAD}
${texts.join('\n')}

Refused, with these words:

| option | said |
| --- | --- |
${refusedCTranslate2.join('\n')}
`,
);
