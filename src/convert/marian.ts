import { EngineError } from '../protocol/errors.ts';
import { marianSchema, type MarianArchitecture } from '../protocol/manifest.ts';
import { parseMarianLexicon, writeLexicon } from '../formats/lexicon.ts';
import { parseMarian } from '../formats/marian.ts';
import { parseSentencePiece } from '../formats/sentencepiece.ts';
import type { Kernel } from './affine.ts';
import { checkArchitecture, type ConvertedModel, type ConvertedPart } from './converted.ts';
import { decoderGraph, stepGraph } from './decoder.ts';
import { encoderGraph } from './encoder.ts';
import { readNetwork } from './network.ts';
import { WeightStore } from './weights.ts';

/*
 * The graphs' inputs and outputs, the same for both providers. Every graph reads its weights from the external file `weights.bin`.
 * B sources, M hypotheses each, S source length, K shortlist width, d model width.
 *
 * encoder  in  ids int32 [B, S] padded with 0;  mask float32 [B, S], 1 = token
 *          out memory.* : opaque; axis 0 is the source. They go into decoder and step under the same names, and are never repeated per beam.
 * decoder  greedy, up to `steps` tokens in a Loop
 *          in  steps, position (tokens made so far) int64 [];  previous int32 [B], -1 = none yet;  state.<layer> float32 [B, d], zeros at first;
 *              shortlist int32 [B, K] or [1, K], padded at the end with -1;  memory.*
 *          out ids int32 [N, B], log_probs float32 [N, B], attention float32 [N, B, S] (alignment head), state.<layer>.out
 *              N <= steps: stops once every row has ended in this call. What follows a row's first end-of-sentence means nothing.
 * step     one token for beam search
 *          in  position; previous int32 [B, M]; state.<layer> float32 [B, M, d]; shortlist; memory.*
 *          out log_probs float32 [B, M, K], -Infinity on padding; attention float32 [B, M, S]; state.<layer>.out
 */

/** Longest source or target in tokens. Positions are computed, so this only bounds memory: attention grows with its square. */
const MAX_POSITIONS = 512;

/** Marian's students are trained with end-of-sentence first in the vocabulary. */
const EOS_ID = 0;

const PROVIDERS: { provider: 'wasm' | 'webgpu'; kernel: Kernel; suffix: string }[] = [
  { provider: 'wasm', kernel: 'int8', suffix: '' },
  { provider: 'webgpu', kernel: 'float', suffix: '.webgpu' },
];

/**
 * Converts a Marian student (a Firefox Translations model) to our graphs and weights.
 * @param files the bytes of `model.*.bin`, `lex.*.bin` and `vocab.*.spm`
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertMarian(files: {
  model: Uint8Array;
  lexicon?: Uint8Array;
  vocabulary: Uint8Array;
}): ConvertedModel<MarianArchitecture> {
  const network = readNetwork(parseMarian(files.model));
  const { config } = network;
  const tokeniser = parseSentencePiece(files.vocabulary);
  if (tokeniser.pieces.length !== config.vocabulary) {
    throw new EngineError(
      'unsupported-model',
      `The vocabulary has ${tokeniser.pieces.length} pieces and the model ${config.vocabulary}: they do not belong together. Choose the files of one model.`,
    );
  }
  if (tokeniser.eosId !== EOS_ID) {
    throw new EngineError(
      'unsupported-model',
      `End-of-sentence has id ${tokeniser.eosId} in this vocabulary, and only ${EOS_ID} can be run.`,
    );
  }
  const architecture = checkArchitecture(marianSchema, {
    type: 'marian-ssru',
    dim: config.dim,
    heads: config.heads,
    encoderLayers: config.encoderLayers,
    decoderLayers: config.decoderLayers,
    vocabulary: config.vocabulary,
    positions: MAX_POSITIONS,
    eosId: tokeniser.eosId,
    unkId: tokeniser.unkId,
  });
  const weights = new WeightStore();
  const graphs = PROVIDERS.flatMap(({ provider, kernel, suffix }): ConvertedPart[] => [
    { role: 'encoder', file: `encoder${suffix}.onnx`, bytes: encoderGraph(network, weights, kernel), provider },
    { role: 'decoder', file: `decoder${suffix}.onnx`, bytes: decoderGraph(network, weights, kernel), provider },
    { role: 'step', file: `step${suffix}.onnx`, bytes: stepGraph(network, weights, kernel), provider, lazy: true },
  ]);
  const parts: ConvertedPart[] = [{ role: 'weights', file: 'weights.bin', bytes: weights.toBytes() }, ...graphs];
  parts.push({ role: 'tokeniser', file: 'vocab.spm', bytes: files.vocabulary });
  if (files.lexicon)
    parts.push({ role: 'lexicon', file: 'lexicon.bin', bytes: writeLexicon(parseMarianLexicon(files.lexicon)) });
  return {
    architecture,
    parts,
  };
}
