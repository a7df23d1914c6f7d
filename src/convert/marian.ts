import { EngineError } from '../protocol/errors.ts';
import {
  marianSchema,
  transformerSchema,
  type MarianArchitecture,
  type TransformerArchitecture,
} from '../protocol/manifest.ts';
import { parseMarianLexicon, writeLexicon } from '../formats/lexicon.ts';
import { parseMarian } from '../formats/marian.ts';
import { parseSentencePiece, type SentencePieceModel } from '../formats/sentencepiece.ts';
import type { Kernel } from './affine.ts';
import { checkArchitecture, type ConvertedModel, type ConvertedPart } from './converted.ts';
import { decoderGraph, stepGraph } from './decoder.ts';
import { encoderGraph } from './encoder.ts';
import { readNetwork, type Network } from './network.ts';
import { WeightStore } from './weights.ts';

/*
 * The graphs' inputs and outputs, the same for both providers. Every graph reads its weights from the external file `weights.bin`.
 * B sources, M hypotheses each, S source length, K shortlist width, d model width. Without a lexicon the decoder graphs take no
 * shortlist: K is the vocabulary and one more, which is never chosen.
 *
 * encoder  in  ids int32 [B, S] padded with 0;  mask float32 [B, S], 1 = token
 *          out memory.* : opaque; axis 0 is the source. They go into decoder and step under the same names, and are never repeated per beam.
 * A decoder with self-attention has cache.keys.<layer> float32 [R, H, D, C] and cache.values.<layer> float32 [R, H, C, D] in place of
 * state.<layer>: R rows (B, or B * M source-major), H heads of D, C tokens so far (none at first); .out has one token more for each made.
 *
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
/** A Marian decoder begins with no token at all. */
const NO_START = -1;

const PROVIDERS: { provider: 'wasm' | 'webgpu'; kernel: Kernel; suffix: string }[] = [
  { provider: 'wasm', kernel: 'int8', suffix: '' },
  { provider: 'webgpu', kernel: 'float', suffix: '.webgpu' },
];

interface MarianFiles {
  model: Uint8Array;
  lexicon?: Uint8Array;
  /** Of both languages, or of the target. */
  vocabulary: Uint8Array;
  sourceVocabulary?: Uint8Array;
}

/**
 * Converts a Marian model (Firefox Translations, Bergamot) to our graphs and weights. Float weights are rounded to int8 with a
 * scale for each output.
 * @param files the bytes of `model.*.bin`, `lex.*.bin`, `vocab.*.spm` or `trgvocab.*.spm`, and `srcvocab.*.spm`
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertMarian(files: MarianFiles): ConvertedModel<MarianArchitecture | TransformerArchitecture> {
  const model = parseMarian(files.model);
  const { config } = model;
  const network = readNetwork(model, EOS_ID, files.lexicon !== undefined);
  const tokeniser = readVocabulary(files.vocabulary, config.vocabulary);
  if (files.sourceVocabulary) readVocabulary(files.sourceVocabulary, config.sourceVocabulary);
  else if (config.embeddings !== 'all') {
    throw new EngineError(
      'unsupported-model',
      'This model has a vocabulary for each language: choose the file of the source language as well.',
    );
  }
  const common = {
    dim: config.dim,
    heads: config.heads,
    encoderLayers: config.encoderLayers,
    decoderLayers: config.decoderLayers,
    vocabulary: config.vocabulary,
    ...(files.sourceVocabulary ? { sourceVocabulary: config.sourceVocabulary } : {}),
    ...(files.lexicon ? {} : { wholeVocabulary: true as const }),
    positions: MAX_POSITIONS,
    eosId: tokeniser.eosId,
    unkId: tokeniser.unkId,
  };
  const architecture =
    config.decoder === 'ssru'
      ? checkArchitecture(marianSchema, { type: 'marian-ssru', ...common })
      : checkArchitecture(transformerSchema, { type: 'transformer', startId: NO_START, ...common });
  const parts = [...networkParts(network), { role: 'tokeniser', file: 'vocab.spm', bytes: files.vocabulary }];
  if (files.sourceVocabulary)
    parts.push({ role: 'source-tokeniser', file: 'source.spm', bytes: files.sourceVocabulary });
  if (files.lexicon)
    parts.push({ role: 'lexicon', file: 'lexicon.bin', bytes: writeLexicon(parseMarianLexicon(files.lexicon)) });
  return { architecture, parts };
}

/** A network's graphs for both providers, and the weights that they share. */
export function networkParts(network: Network): ConvertedPart[] {
  const weights = new WeightStore();
  const graphs = PROVIDERS.flatMap(({ provider, kernel, suffix }): ConvertedPart[] => [
    { role: 'encoder', file: `encoder${suffix}.onnx`, bytes: encoderGraph(network, weights, kernel), provider },
    { role: 'decoder', file: `decoder${suffix}.onnx`, bytes: decoderGraph(network, weights, kernel), provider },
    { role: 'step', file: `step${suffix}.onnx`, bytes: stepGraph(network, weights, kernel), provider, lazy: true },
  ]);
  return [{ role: 'weights', file: 'weights.bin', bytes: weights.toBytes() }, ...graphs];
}

function readVocabulary(bytes: Uint8Array, rows: number): SentencePieceModel {
  const vocabulary = parseSentencePiece(bytes);
  if (vocabulary.pieces.length !== rows) {
    throw new EngineError(
      'unsupported-model',
      `The vocabulary has ${vocabulary.pieces.length} pieces and the model ${rows}: they do not belong together. Choose the files of one model.`,
    );
  }
  if (vocabulary.eosId !== EOS_ID) {
    throw new EngineError(
      'unsupported-model',
      `End-of-sentence has id ${vocabulary.eosId} in this vocabulary, and only ${EOS_ID} can be run.`,
    );
  }
  return vocabulary;
}
