import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import { transformerSchema, type TransformerArchitecture } from '../protocol/manifest.ts';
import { parseCTranslate2 } from '../formats/ctranslate2.ts';
import { parseSentencePiece } from '../formats/sentencepiece.ts';
import { parseTokenList, writeTokenList } from '../formats/tokenList.ts';
import { checkArchitecture, type ConvertedModel, type ConvertedPart } from './converted.ts';
import { readTransformer } from './ctranslate2Network.ts';
import { readLanguageTokens } from './languageTokens.ts';
import { networkParts } from './marian.ts';
import type { Positions } from './positions.ts';

/** Longest source or target in tokens where positions are computed. */
const MAX_POSITIONS = 512;
/** Of the SentencePiece model's pieces, the least share that the vocabulary of the same model has. */
const SHARED_PIECES = 0.5;

/** What CTranslate2's converters write into `config.json`; all of it has defaults. */
const configSchema = v.object({
  unk_token: v.optional(v.string(), '<unk>'),
  bos_token: v.optional(v.string(), '<s>'),
  eos_token: v.optional(v.string(), '</s>'),
  decoder_start_token: v.optional(v.nullable(v.string())),
  add_source_bos: v.optional(v.boolean(), false),
  add_source_eos: v.optional(v.boolean(), false),
});
const configJson = v.pipe(v.string(), v.parseJson(), configSchema);
type Config = v.InferOutput<typeof configSchema>;

/** A translator that CTranslate2 keeps. */
export interface ConvertedTransformer extends ConvertedModel<TransformerArchitecture> {
  /** BCP-47 tags of its languages as far as its vocabulary names them: those of a translator of several. */
  from: string[];
  to: string[];
}

interface CTranslate2Files {
  /** `model.bin` */
  model: Uint8Array;
  /** `config.json`, if there is one */
  config?: Uint8Array;
  /** `shared_vocabulary.json` or `.txt`, or `target_vocabulary` */
  vocabulary: Uint8Array;
  /** `source_vocabulary`, if there is one */
  sourceVocabulary?: Uint8Array;
  /** The SentencePiece model of both languages (`sentencepiece.model` of Argos), or of the target (`target.spm` of OPUS-MT) */
  sentencePiece: Uint8Array;
  /** `source.spm`, if the source has pieces of its own */
  sourceSentencePiece?: Uint8Array;
  /** `target_prefix` of Argos' `metadata.json`: a token that outputs begin with. Not empty */
  targetPrefix?: string;
}

/**
 * Converts a translator of CTranslate2 (`TransformerSpec`: Argos, OPUS-MT, M2M-100, NLLB) to our graphs and weights, in the form
 * that marian.ts describes. Weights are rounded to int8 with a scale for each output; those that are int8 stay what they are.
 * Its parts have the roles `tokeniser` (SentencePiece), `source-tokeniser` where there are two, `tokens` and `source-tokens`
 * (CTranslate2's vocabularies, whose ids are the model's).
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertTransformer(files: CTranslate2Files): ConvertedTransformer {
  const parsed = v.safeParse(configJson, files.config ? new TextDecoder().decode(files.config) : '{}');
  if (!parsed.success)
    throw new EngineError('model-corrupt', 'The config.json beside the model is damaged. Fetch the file again.');
  const config = parsed.output;
  const targetTokens = parseTokenList(files.vocabulary);
  const sourceTokens = files.sourceVocabulary ? parseTokenList(files.sourceVocabulary) : targetTokens;
  const eosId = idOf(config.eos_token, targetTokens);
  const model = parseCTranslate2(files.model);
  const network = readTransformer(model, eosId);
  if (targetTokens.length !== network.target.rows || sourceTokens.length !== network.source.rows) {
    throw new EngineError(
      'unsupported-model',
      `The vocabularies have ${sourceTokens.length} and ${targetTokens.length} tokens and the model ${network.source.rows} and ${network.target.rows}: they do not belong together. Choose the files of one model.`,
    );
  }
  checkPieces(files.sentencePiece, targetTokens);
  checkPieces(files.sourceSentencePiece ?? files.sentencePiece, sourceTokens);
  const languageTokens = files.targetPrefix === undefined ? readLanguageTokens(sourceTokens) : undefined;
  const startsFromZero = model.variables.get('decoder/start_from_zero_embedding')?.bytes[0] === 1;
  const architecture = checkArchitecture(transformerSchema, {
    type: 'transformer',
    dim: network.dim,
    heads: network.heads,
    encoderLayers: network.encoder.length,
    decoderLayers: network.decoder.length,
    vocabulary: targetTokens.length,
    ...(files.sourceVocabulary ? { sourceVocabulary: sourceTokens.length } : {}),
    wholeVocabulary: true,
    positions: Math.min(MAX_POSITIONS, rowsOf(network.sourcePositions), rowsOf(network.targetPositions)),
    eosId,
    unkId: idOf(config.unk_token, targetTokens),
    startId: startsFromZero ? -1 : idOf(startToken(config), targetTokens),
    before: config.add_source_bos ? [idOf(config.bos_token, sourceTokens)] : [],
    after: endsSources(config) ? [idOf(config.eos_token, sourceTokens)] : [],
    ...(files.targetPrefix === undefined ? {} : { prefix: [idOf(files.targetPrefix, targetTokens)] }),
    ...(languageTokens ? { languageTokens } : {}),
  });
  // A source is cut into pieces of the list, and what is none of them has to have a name.
  idOf(config.unk_token, sourceTokens);
  const languages = Object.keys(languageTokens?.ids ?? {});
  return {
    architecture,
    parts: [...networkParts(network), ...vocabularyParts(files, sourceTokens, targetTokens)],
    from: languageTokens?.source === 'from' ? languages : [],
    to: languages,
  };
}

function vocabularyParts(
  { sentencePiece, sourceSentencePiece, sourceVocabulary }: CTranslate2Files,
  sourceTokens: string[],
  targetTokens: string[],
): ConvertedPart[] {
  const parts: ConvertedPart[] = [
    { role: 'tokeniser', file: 'vocab.spm', bytes: sentencePiece },
    { role: 'tokens', file: 'tokens.json', bytes: writeTokenList(targetTokens) },
  ];
  if (sourceSentencePiece) parts.push({ role: 'source-tokeniser', file: 'source.spm', bytes: sourceSentencePiece });
  if (sourceVocabulary)
    parts.push({ role: 'source-tokens', file: 'source-tokens.json', bytes: writeTokenList(sourceTokens) });
  return parts;
}

function idOf(token: string, tokens: string[]): number {
  const id = tokens.indexOf(token);
  if (id < 0) throw new EngineError('unsupported-model', `The vocabulary has no ${token.slice(0, 40)}.`);
  return id;
}

function startToken({ decoder_start_token: start, bos_token: bos }: Config): string {
  if (start === null)
    throw new EngineError(
      'unsupported-model',
      'This CTranslate2 model cannot be run here: decoders that begin with a token of the caller (mBART-25) are not supported yet.',
    );
  return start ?? bos;
}

/**
 * Whether sources end in end-of-sentence. The configuration says so only where CTranslate2 adds it; what comes from Transformers
 * leaves it to the tokeniser there, and is told by its decoder, which does not begin with <s> as OpenNMT's do.
 */
function endsSources(config: Config): boolean {
  return config.add_source_eos || (config.decoder_start_token ?? config.bos_token) !== config.bos_token;
}

/** @throws EngineError where a SentencePiece model is none that can be used, or has too few pieces of a vocabulary */
function checkPieces(bytes: Uint8Array, tokens: string[]): void {
  if (isSubwordCodes(bytes))
    throw new EngineError(
      'unsupported-model',
      'This model cannot be run here: the byte-pair codes of subword-nmt (bpe.model) are not supported yet.',
    );
  const { pieces, modelType } = parseSentencePiece(bytes);
  if (modelType !== 'unigram' && modelType !== 'bpe')
    throw new EngineError(
      'unsupported-model',
      `This model cannot be run here: SentencePiece of the type ${modelType} is not supported yet.`,
    );
  const known = new Set(tokens);
  const normal = pieces.filter(({ type }) => type === 'normal');
  if (normal.filter(({ text }) => known.has(text)).length < SHARED_PIECES * normal.length)
    throw new EngineError(
      'unsupported-model',
      'Most pieces of the SentencePiece model are not in the vocabulary: they do not belong together. Choose the files of one model.',
    );
}

/** The file of subword-nmt is a text: `#version: 0.2`, or two parts of a word a line. */
function isSubwordCodes(bytes: Uint8Array): boolean {
  return /^(?:#version: |\S+ \S+\r?\n\S+ \S+\r?\n)/.test(new TextDecoder().decode(bytes.subarray(0, 200)));
}

const rowsOf = (positions: Positions): number => ('rows' in positions ? positions.rows : Infinity);
