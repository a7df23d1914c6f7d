import { parseCTranslate2 } from '../formats/ctranslate2.ts';
import { parseTokenList } from '../formats/tokenList.ts';
import { whisperSchema, type WhisperArchitecture } from '../protocol/manifest.ts';
import type { Kernel } from './affine.ts';
import { checkArchitecture, type ConvertedModel, type ConvertedPart } from './converted.ts';
import { WeightStore } from './weights.ts';
import { whisperDecoderGraph, whisperStepGraph } from './whisperDecoder.ts';
import { whisperEncoderGraph } from './whisperEncoder.ts';
import { readWhisperIds } from './whisperIds.ts';
import { readWhisper } from './whisperNetwork.ts';

/*
 * The graphs' inputs and outputs, the same for both providers. Every graph reads its weights from the external file `weights.bin`.
 * B sources, M hypotheses each, R = B * M rows (source-major), T frames of 10 ms, S places of the context, C tokens in the cache,
 * A alignment heads, H heads of D, L decoder layers, V vocabulary.
 *
 * encoder  in  mel float32 [mels, T], T even; two frames make a row
 *              rows int32 [S]: the row that is heard at each place; places int32 [S]: where in the window that is, in steps of 20 ms;
 *              bias float32 [S]: is added to the scores of attention (see worker/seq2seq/audioContext.ts)
 *          out encoded float32 [S, d];
 *              memory.keys.<layer> int8 [1, H, D, S], memory.values.<layer> int8 [1, H, S, D], memory.scales float32 [1, 2 L] (key and
 *              value of the first layer, of the second, ...). Of several sources they are laid one after another along axis 0.
 * decoder  in  memory.* and memory.bias float32 [B, 1, 1, S], the encoder's bias;  cache.keys.<layer> float32 [B, H, D, C], cache.values.<layer> float32 [B, H, C, D]
 *              tokens int32 [B, P]: what is not in the cache yet. With an empty cache the prompt, later on the last id alone
 *              steps int64 []: how many ids to choose at most; 0 only reads the prompt
 *              before, last_time int32 [B], most_time int32 [], sampled int64 [] (ids chosen so far): see timestampRules.ts
 *          out ids int32 [N, B], log_probs float32 [N, B], attention float32 [N, B, A, S], cache.*.out with all tokens but the last
 *              N <= steps: stops once every row has ended in this call. What follows a row's first end-of-text means nothing.
 *              starts float32 [B, 1 + languages]: at the first run, probabilities of no speech and of each language after the first token
 * step     in  memory.*;  cache.*, with R in place of B;  previous int32 [B, M]
 *          out log_probs float32 [B, M, V] before any rule;  attention float32 [B, M, A, S];  cache.*.out with the previous token
 */

const PROVIDERS: { provider: 'wasm' | 'webgpu'; kernel: Kernel; suffix: string }[] = [
  { provider: 'wasm', kernel: 'int8', suffix: '' },
  { provider: 'webgpu', kernel: 'float', suffix: '.webgpu' },
];

/**
 * Converts a Whisper that CTranslate2 keeps to our graphs and weights: any number of layers, heads and mel bands, English-only or
 * multilingual, in any of CTranslate2's types. Weights are rounded to int8 with a scale for each output; those that are int8 stay
 * what they are. An English-only model has no languages in its architecture.
 * @param files the bytes of `model.bin`, `config.json`, and `vocabulary.json` or `vocabulary.txt`
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertWhisper(files: {
  model: Uint8Array;
  config: Uint8Array;
  vocabulary: Uint8Array;
}): ConvertedModel<WhisperArchitecture> {
  const tokens = parseTokenList(files.vocabulary);
  const network = readWhisper(parseCTranslate2(files.model));
  const architecture = checkArchitecture(whisperSchema, {
    type: 'whisper' as const,
    dim: network.dim,
    heads: network.heads,
    encoderLayers: network.encoder.length,
    decoderLayers: network.decoder.length,
    mels: network.mels,
    frames: 2 * network.sourcePositions,
    positions: network.targetPositions,
    ...readWhisperIds(files.config, tokens, {
      vocabulary: network.vocabulary,
      heads: network.heads,
      decoderLayers: network.decoder.length,
    }),
  });
  const decoding = { ...architecture, languageIds: Object.values(architecture.languageIds) };
  const weights = new WeightStore();
  const graphs = PROVIDERS.flatMap(({ provider, kernel, suffix }): ConvertedPart[] => {
    const part = (role: string, bytes: Uint8Array): ConvertedPart => {
      return { role, file: `${role}${suffix}.onnx`, bytes, provider };
    };
    return [
      part('encoder', whisperEncoderGraph(network, weights, kernel)),
      part('decoder', whisperDecoderGraph(network, decoding, weights, kernel)),
      { ...part('step', whisperStepGraph(network, decoding, weights, kernel)), lazy: true },
    ];
  });
  return {
    architecture,
    parts: [
      { role: 'weights', file: 'weights.bin', bytes: weights.toBytes() },
      ...graphs,
      { role: 'tokeniser', file: 'vocabulary.txt', bytes: new TextEncoder().encode(`${tokens.join('\n')}\n`) },
    ],
  };
}
