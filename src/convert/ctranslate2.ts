import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import { transformerSchema, type TransformerArchitecture } from '../protocol/manifest.ts';
import { parseCTranslate2 } from '../formats/ctranslate2.ts';
import { checkArchitecture, type ConvertedModel } from './converted.ts';
import { readTransformer } from './ctranslate2Network.ts';
import { networkParts } from './marian.ts';
import type { Positions } from './positions.ts';

/** Longest source or target in tokens where positions are computed. */
const MAX_POSITIONS = 512;

/** What CTranslate2's converters write into `config.json`; all of it has defaults. */
const configSchema = v.object({
  unk_token: v.optional(v.string(), '<unk>'),
  bos_token: v.optional(v.string(), '<s>'),
  eos_token: v.optional(v.string(), '</s>'),
  decoder_start_token: v.optional(v.nullable(v.string())),
  add_source_bos: v.optional(v.boolean(), false),
  add_source_eos: v.optional(v.boolean(), false),
});

const tokensSchema = v.array(v.string());

/** A translator that CTranslate2 keeps, and what is put around its sources. */
export interface ConvertedTransformer extends ConvertedModel<TransformerArchitecture> {
  /** Tokens, by their ids. */
  sourceTokens: string[];
  targetTokens: string[];
  /** Ids before and after those of a source. */
  before: number[];
  after: number[];
}

/**
 * Converts a translator of CTranslate2 (`TransformerSpec`: Argos, OPUS-MT) to our graphs and weights, in the form that
 * marian.ts describes. Weights are rounded to int8 with a scale for each output; those that are int8 stay what they are.
 * @param files the bytes of `model.bin`, `config.json` if there is one, and `shared_vocabulary.json` or `.txt`, or those of
 *   `source_vocabulary` and `target_vocabulary`
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertTransformer(files: {
  model: Uint8Array;
  config?: Uint8Array;
  vocabulary: Uint8Array;
  sourceVocabulary?: Uint8Array;
}): ConvertedTransformer {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), configSchema), decodeText(files.config) ?? '{}');
  if (!parsed.success)
    throw new EngineError('model-corrupt', 'The config.json beside the model is damaged. Fetch the file again.');
  const config = parsed.output;
  const targetTokens = readTokens(files.vocabulary);
  const sourceTokens = files.sourceVocabulary ? readTokens(files.sourceVocabulary) : targetTokens;
  const idOf = (token: string, tokens: string[]): number => {
    const id = tokens.indexOf(token);
    if (id < 0) throw new EngineError('unsupported-model', `The vocabulary has no ${token.slice(0, 40)}.`);
    return id;
  };
  const eosId = idOf(config.eos_token, targetTokens);
  const model = parseCTranslate2(files.model);
  const network = readTransformer(model, eosId);
  if (targetTokens.length !== network.target.rows || sourceTokens.length !== network.source.rows) {
    throw new EngineError(
      'unsupported-model',
      `The vocabularies have ${sourceTokens.length} and ${targetTokens.length} tokens and the model ${network.source.rows} and ${network.target.rows}: they do not belong together. Choose the files of one model.`,
    );
  }
  const startsFromZero = model.variables.get('decoder/start_from_zero_embedding')?.bytes[0] === 1;
  const start = config.decoder_start_token ?? config.bos_token;
  const architecture = checkArchitecture(transformerSchema, {
    type: 'transformer',
    dim: network.dim,
    heads: network.heads,
    encoderLayers: network.encoder.length,
    decoderLayers: network.decoder.length,
    vocabulary: targetTokens.length,
    ...(files.sourceVocabulary ? { sourceVocabulary: sourceTokens.length } : {}),
    positions: Math.min(MAX_POSITIONS, rowsOf(network.sourcePositions), rowsOf(network.targetPositions)),
    eosId,
    unkId: idOf(config.unk_token, targetTokens),
    startId: startsFromZero ? -1 : idOf(start, targetTokens),
  });
  return {
    architecture,
    parts: networkParts(network),
    sourceTokens,
    targetTokens,
    before: config.add_source_bos ? [idOf(config.bos_token, sourceTokens)] : [],
    after: config.add_source_eos ? [idOf(config.eos_token, sourceTokens)] : [],
  };
}

const rowsOf = (positions: Positions): number => ('rows' in positions ? positions.rows : Infinity);

/**
 * A vocabulary as a JSON list, or with a token a line.
 * @throws EngineError model-corrupt
 */
export function readTokens(bytes: Uint8Array): string[] {
  const text = decodeText(bytes) ?? '';
  if (!text.trimStart().startsWith('[')) return text.replace(/\r?\n$/, '').split(/\r?\n/);
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), tokensSchema), text);
  if (parsed.success) return parsed.output;
  throw new EngineError('model-corrupt', 'The vocabulary beside the model is damaged. Fetch the file again.');
}

const decodeText = (bytes: Uint8Array | undefined): string | undefined => bytes && new TextDecoder().decode(bytes);
