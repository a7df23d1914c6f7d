import { writeFileSync } from 'node:fs';
import { convertTransformer } from '../src/convert/ctranslate2.ts';
import { SHAPES } from '../src/convert/marian.fixture.ts';
import { parseMarianConfig } from '../src/formats/marian-config.ts';
import { studentConfig } from '../src/formats/marian.fixture.ts';
import { EngineError } from '../src/protocol/errors.ts';
import { compareCase, fromBase64, golden } from './compat/ctranslate2.ts';
import { compareMarian, type Comparison } from './compat/marian.ts';
import { compareWhisper, whisperGolden } from './compat/whisper.ts';

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

async function row(name: string, compare: (suffix: '' | '.webgpu') => Promise<Comparison>): Promise<string> {
  const [float, int8] = [await compare('.webgpu'), await compare('')];
  const words = (same: boolean): string => (same ? 'the same' : 'others');
  return `| ${name} | ${float.worst.toFixed(4)} | ${words(float.sameWords)} | ${int8.worst.toFixed(2)} | ${words(int8.sameWords)} |`;
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

const HEAD = `| option | floats: off by at most | greedy search says | 8 bits: off by at most | greedy search says |
| --- | ---: | --- | ---: | --- |`;
const marian: string[] = [];
for (const [name, shape] of SHAPES) marian.push(await row(name, (suffix) => compareMarian(shape, suffix)));
const ctranslate2: string[] = [];
for (const one of golden.cases) ctranslate2.push(await row(one.name, (suffix) => compareCase(one, suffix)));

const whisper: string[] = [];
for (const one of whisperGolden) {
  const [float, int8] = [await compareWhisper(one, '.webgpu'), await compareWhisper(one, '')];
  const share = ([same, all]: readonly [number, number]): string => `${same} of ${all}`;
  const cells = [float, int8].flatMap(({ languages, logProb, greedy, beams }) => [
    one.languages === 0 ? '' : languages.toFixed(4),
    logProb.toFixed(2),
    share(greedy),
    share(beams),
  ]);
  whisper.push(`| ${[one.name, float.encoded.toFixed(4), ...cells, share(float.onsets)].join(' | ')} |`);
}

const shape = SHAPES[0]?.[1];
if (!shape) throw new Error('there is no shape');
const refusedMarian = REFUSED_MARIAN.map(([option, value]) => {
  const read = (): unknown => parseMarianConfig(studentConfig({ ...shape, options: { [option]: value } }));
  return `| \`${option}: ${value}\` | ${refusal(read)} |`;
});
const vocabulary = fromBase64(golden.cases[0]?.files['target_vocabulary.json'] ?? '');
const refusedCTranslate2 = golden.refused.map(
  ({ name, model }) =>
    `| ${name} | ${refusal(() => convertTransformer({ model: fromBase64(model), vocabulary, sentencePiece: vocabulary }))} |`,
);

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
bits, so that rounding them loses nothing; after int16, float16 and bfloat16 they lie beside it.

${HEAD}
${ctranslate2.join('\n')}

Refused, with these words:

| option | said |
| --- | --- |
${refusedCTranslate2.join('\n')}

## CTranslate2 Whispers (\`WhisperSpec\`: faster-whisper's models)

The reference is CTranslate2 itself (\`scripts/reference/ctranslate2_whisper_golden.py\`), with vocabularies of the real sizes. Off by:
the largest difference of a value of the encoder's output, of the probability of a language, and of the log-probability of a
given text's tokens. Written: how many of its searches (three windows; transcribe and translate; with times) end in the same
tokens, greedily and with five hypotheses. Words: how many tokens of a text begin within 40 ms of where CTranslate2 has them
begin; where attention is blurred, as random weights leave it, that is a matter of chance. What the decoder attends to is kept in 8 bits, in
the graphs for WebGPU as well.

| option | floats: encoder | language | tokens | written | by five | 8 bits: language | tokens | written | by five | words |
| --- | ---: | ---: | ---: | --- | --- | ---: | ---: | --- | --- | --- |
${whisper.join('\n')}

Any number of layers and heads, 80 and 128 mel bands, English-only and multilingual vocabularies. Refused by name: norms after the
layers, another activation than GELU, scaled embeddings, an output layer that is not the embedding, and a vocabulary that lacks a
special token or a time.
`,
);
