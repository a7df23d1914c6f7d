import { writeFileSync } from 'node:fs';
import { convertTransformer } from '../../src/convert/ctranslate2.ts';
import { SHAPES } from '../../src/convert/marian.fixture.ts';
import { parseMarianConfig } from '../../src/formats/marian-config.ts';
import { studentConfig } from '../../src/formats/marian.fixture.ts';
import { EngineError } from '../../src/protocol/errors.ts';
import { compareCase, compareText, convertText, fromBase64, golden } from './ctranslate2.ts';
import { identify } from '../../src/convert/identify.ts';
import { hubCase, hubFiles, withConfig } from './hub.ts';
import { openHubCase, openHubWhisperCase, saidIn, searchHub, writeHub } from './hubRunner.ts';
import { compareMarian, type Comparison } from './marian.ts';
import { compareWhisper, whisperGolden } from './whisper.ts';

/*
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
    return refusedWith(error);
  }
  throw new Error('it was not refused');
}

function refusedWith(error: unknown): string {
  if (error instanceof EngineError && error.code === 'unsupported-model') return error.message;
  throw new Error('it was not refused', { cause: error });
}

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

const SEARCH_HEAD = `| option | floats: off by at most | greedy search says | four beams find | 8 bits: off by at most | greedy search says |
| --- | ---: | --- | --- | ---: | --- |`;
const TEXT_HEAD = `| files of | pieces | floats: greedy search says | four beams find | 8 bits: greedy search says |
| --- | --- | --- | --- | --- |`;
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
const sentencePiece = fromBase64(golden.texts[0]?.sentencePiece ?? '');
const vocabulary = fromBase64(golden.cases[0]?.files['target_vocabulary.json'] ?? '');
const refusedCTranslate2 = golden.refused.map(
  ({ name, model }) =>
    `| ${name} | ${refusal(() => convertTransformer({ model: fromBase64(model), vocabulary, sentencePiece }))} |`,
);
refusedCTranslate2.push(...refusedFiles());

/** Models of the Hub, and what is different in each. */
const HUB: [name: string, what: string][] = [
  [
    'marian',
    'Marian (OPUS-MT), several target languages (`>>por<<`), merged decoder, cross-attentions among its outputs',
  ],
  ['nllb', 'M2M100 and NLLB, language tokens around the source and before the output, merged decoder'],
  ['t5', 'T5, relative positions, told in words what to do, rules of `task_specific_params`, merged decoder'],
  ['bart', 'BART, byte-level tokens, forced first token, `decoder_model` and `decoder_with_past_model`'],
];
const hub: string[] = [];
for (const [name, what] of HUB) {
  const open = await openHubCase(name);
  const same = async (beams: number, wanted: number[][]): Promise<string> => {
    const said = (await searchHub(open, beams)).map((found) => saidIn(open, found));
    return JSON.stringify(said) === JSON.stringify(wanted) ? 'the same' : 'others';
  };
  const { runs } = open.one;
  const greedy = await same(
    1,
    runs.map((run) => run.greedy),
  );
  hub.push(
    `| ${what} | ${greedy} | ${await same(
      4,
      runs.map(({ beams }) => beams),
    )} |`,
  );
}

/** Whispers of the Hub. */
const HUB_SPEECH: [name: string, what: string][] = [
  ['whisper', 'Whisper, multilingual, 80 mel bands, merged decoder, cross-attentions among its outputs'],
  ['whisper.en', 'Whisper, English-only, 128 mel bands, `decoder_model` and `decoder_with_past_model`'],
];
for (const [name, what] of HUB_SPEECH) {
  const open = await openHubWhisperCase(name);
  const said: string[] = [];
  for (const [beams, way] of [
    [1, 'greedy'],
    [4, 'beams'],
  ] as const) {
    const runs = open.windows.flatMap(({ kind, runs: written }) => written.map((run) => ({ kind, ...run })));
    const same: boolean[] = [];
    for (const run of runs) {
      const [found] = await writeHub(open, [run], beams);
      same.push(found !== undefined && saidIn(open, found).join(' ') === run[way].join(' '));
    }
    said.push(same.every(Boolean) ? 'the same' : 'others');
  }
  hub.push(`| ${[what, ...said].join(' | ')} |`);
}

/** Settings of the Hub that are refused. */
const REFUSED_HUB: Record<string, unknown>[] = [
  { model_type: 'blenderbot' },
  { repetition_penalty: 1.5 },
  { encoder_no_repeat_ngram_size: 4 },
  { num_beam_groups: 2 },
  { bad_words_ids: [[4, 5]] },
];
const refusedHub: string[] = [];
for (const settings of REFUSED_HUB) {
  const model = identify(hubFiles(hubCase('bart'), withConfig(settings))).then((found) => found.convert());
  const error: unknown = await model.then(
    () => null,
    (reason: unknown) => reason,
  );
  refusedHub.push(`| \`${JSON.stringify(settings).slice(1, -1)}\` | ${refusedWith(error)} |`);
}

writeFileSync(
  new URL('../../docs/COMPATIBILITY.md', import.meta.url),
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
likely may change places. Their output layers are large, so that tokens are told apart better than random weights usually do; in 8
bits, whose activations are rounded as well, a few words still differ, and the order of some hypotheses. Where tokens are given, they are forced upon the target (\`target_prefix\`), and what comes behind them is
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

## Models of the Hub (the layout of transformers.js)

Their ONNX files run as they are. The reference is \`generate()\` of transformers in PyTorch
(\`scripts/reference/hub_models.py\`), with the rules of each model's own files: tokens of some sentences, searched as one batch; of a Whisper those of three windows,
transcribed and translated, with its times.

| model | greedy search says | four beams say |
| --- | --- | --- |
${hub.join('\n')}

A Whisper hears the whole of its context, however short the sound is. Words have times where its graphs give cross-attentions
(\`onnx-community/whisper-*_timestamped\`); elsewhere only segments have. Refused by name: features that are not computed as
openai/whisper's are, tokens or times that its files do not name or that do not belong to its vocabulary.

Refused, with these words (besides files that are missing, decoders without an encoder, and keys and values in 16 bits):

| setting | said |
| --- | --- |
${refusedHub.join('\n')}
`,
);
