import * as v from 'valibot';

/**
 * What `models/<id>/manifest.json` holds. Written by scripts/export-model.ts (or by an import in the browser), read by the
 * model store. Parsed with a schema because a manifest is a file from a network: nothing in it is trusted before it fits.
 */
const sha256 = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const bytes = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(4 * 2 ** 30));
/** A plain file name: a manifest must not be able to reach outside its own folder. */
const fileName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9._-]{0,99}$/i));

const part = v.object({
  /** What the part is for, e.g. `weights`, `encoder`, `decoder`, `tokeniser`, `lexicon`. */
  role: v.pipe(v.string(), v.regex(/^[a-z0-9-]{1,40}$/)),
  /** The file as shipped, gzipped: `weights.bin.gz`. */
  file: fileName,
  packedBytes: bytes,
  packedSha256: sha256,
  unpackedBytes: bytes,
  unpackedSha256: sha256,
  /** Only fetched when this provider is used; absent: always. */
  provider: v.optional(v.picklist(['wasm', 'webgpu'])),
  /** Fetched with the model, so that it works offline, but read only when it is first needed (the beam-search graph). */
  lazy: v.optional(v.boolean()),
});

export const modelIdSchema = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,63}$/));
const count = (least: number, most: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(most));
const token = count(0, 1_000_000);

/** What the engine must know of a Marian student; the graphs hold the rest. */
export const marianSchema = v.object({
  type: v.literal('marian-ssru'),
  dim: count(1, 8192),
  heads: count(1, 64),
  encoderLayers: count(1, 64),
  decoderLayers: count(1, 64),
  vocabulary: count(2, 1_000_000),
  /** Of a source that has pieces of its own; absent: both languages have the same. */
  sourceVocabulary: v.optional(count(2, 1_000_000)),
  /** The decoder graphs take no shortlist and score every id. */
  wholeVocabulary: v.optional(v.literal(true)),
  /** Longest source or target, in tokens, that the position table covers. */
  positions: count(16, 65536),
  eosId: token,
  unkId: token,
});

/** Tokens that say the languages, in a translator of several. */
const languageTokens = v.object({
  /** BCP-47 tag -> id. */
  ids: v.record(v.string(), token),
  /** Whose token a source begins with, after `before`: that of its own language, or of the one it is translated to. */
  source: v.picklist(['from', 'to']),
  /** Whether outputs begin with the token of their language. */
  target: v.boolean(),
});

const fewTokens = v.pipe(v.array(token), v.maxLength(16));

/** What the engine must know of a translator whose decoder attends to what it has said; the graphs hold the rest. */
export const transformerSchema = v.object({
  ...marianSchema.entries,
  type: v.literal('transformer'),
  /** What the decoder is given before its first token; -1: nothing. */
  startId: count(-1, 1_000_000),
  /** Source ids before and after those of a sentence; absent: none before, end-of-sentence after. */
  before: v.optional(fewTokens),
  after: v.optional(fewTokens),
  /** Ids that every output is made to begin with, and that are no part of it. */
  prefix: v.optional(fewTokens),
  languageTokens: v.optional(languageTokens),
});

/** How a Whisper hears, and the ids of what it says. */
const whisperSpeech = {
  vocabulary: count(2, 1_000_000),
  /** Mel bands of the features, and the most frames (10 ms) it hears at once. */
  mels: count(1, 256),
  frames: count(2, 65536),
  /** Longest output, prompt included. */
  positions: count(16, 65536),
  sotId: token,
  eotId: token,
  noSpeechId: token,
  noTimestampsId: token,
  /** The id of <|0.00|>; the ids above it count in steps of 0.02 s. */
  timestampBeginId: token,
  /** Null for an English-only model. */
  transcribeId: v.nullable(token),
  translateId: v.nullable(token),
  /** BCP-47 tag -> id of its language token; empty for an English-only model. */
  languageIds: v.record(v.string(), token),
  /** Never chosen; and not as the first token. */
  suppressIds: v.array(token),
  suppressFirstIds: v.array(token),
  /** [layer, head] pairs of the decoder's cross-attention that follow time; none where its graphs do not show what it attends to. */
  alignmentHeads: v.array(v.tuple([count(0, 63), count(0, 63)])),
};

/** What the engine must know of a Whisper; the graphs hold the rest. */
export const whisperSchema = v.object({
  type: v.literal('whisper'),
  dim: count(1, 8192),
  heads: count(1, 64),
  encoderLayers: count(1, 64),
  decoderLayers: count(1, 64),
  ...whisperSpeech,
});

/** A recurrent voice-activity model. */
const voiceActivity = v.object({
  type: v.literal('silero-vad'),
  sampleRateHz: count(8000, 48000),
  /** Samples it judges at a time, and samples of the time before that it wants in front of them. */
  windowSamples: count(1, 16384),
  contextSamples: count(0, 16384),
});

/** JSON can write numbers that are none: 1e999. */
const mean = v.pipe(v.number(), v.finite());
const deviation = v.pipe(v.number(), v.finite(), v.minValue(1e-6));

/** What the engine must know of a picture captioner; the graphs hold the rest. */
const captioner = v.object({
  type: v.literal('captioner'),
  /** Pictures are squashed to this many pixels a side. */
  size: count(32, 2048),
  /** RGB in 0..1 becomes (x - mean) / deviation. */
  mean: v.tuple([mean, mean, mean]),
  deviation: v.tuple([deviation, deviation, deviation]),
  /** Cells that attention is laid over. */
  grid: v.tuple([count(1, 128), count(1, 128)]),
  vocabulary: count(4, 1_000_000),
  /** Longest caption, in tokens. */
  positions: count(4, 1024),
  bosId: token,
  eosId: token,
  /** Never said: padding, the start, the unknown word. */
  suppressIds: v.array(token),
});

/** What a graph of the Hub may be fed besides its cache. */
const hubInput = v.picklist(['input_ids', 'encoder_attention_mask', 'encoder_hidden_states', 'use_cache_branch']);

/** What the engine must know of the graphs of an encoder-decoder in the layout of transformers.js: they are those of the Hub as they are. */
const hubSignature = {
  /** Its `model_type`: "marian", "t5". */
  family: v.pipe(v.string(), v.maxLength(40)),
  decoderLayers: count(1, 64),
  heads: count(1, 256),
  headSize: count(1, 1024),
  vocabulary: count(2, 1_000_000),
  /** Whether keys and values of the source are kept between steps, or only those of the output. */
  crossCache: v.boolean(),
  /** What the graphs are fed: that of the first step, and that of later steps where it is another one. */
  decoderInputs: v.array(hubInput),
  stepInputs: v.optional(v.array(hubInput)),
  /** Whether each layer's attention to the source is among the outputs. */
  attention: v.boolean(),
  /** The file that holds a graph's weights, by the name the graph calls it by. */
  external: v.record(v.picklist(['encoder', 'decoder', 'step']), fileName),
};

/** The same of one whose generation_config has rules that the engine keeps. */
const hubNetwork = {
  ...hubSignature,
  /** Longest source, and longest output with end-of-sentence, in tokens. */
  sourcePositions: count(1, 65536),
  positions: count(1, 65536),
  startId: token,
  eosId: token,
  /** Forced at the beginning; null: nothing is. */
  forcedFirstId: v.nullable(token),
  /** Whether an output that becomes too long is ended by force. */
  endsForced: v.boolean(),
  /** Never chosen; and not as the first token. */
  suppressIds: v.pipe(v.array(token), v.maxLength(4096)),
  suppressFirstIds: v.pipe(v.array(token), v.maxLength(4096)),
  /** Fewest tokens before the end. */
  leastTokens: count(0, 65536),
  /** No n-gram of this length is said twice; 0: any may be. */
  noRepeat: count(0, 64),
  lengthPenalty: v.pipe(v.number(), v.finite(), v.minValue(-10), v.maxValue(10)),
  /** Whether a search ends with the first hypotheses that end, however likely others still are. */
  stopsEarly: v.boolean(),
  /** Width of the search that the model is meant for. */
  beams: count(1, 16),
};

export const hubTranslatorSchema = v.object({
  type: v.literal('hub-translator'),
  ...hubNetwork,
  /** Source ids before and after those of a sentence. */
  before: fewTokens,
  after: fewTokens,
  languageTokens: v.optional(languageTokens),
  /** Pair of languages ("en-de") -> ids before those of a sentence, of a model that is told in words what to do. */
  instructions: v.optional(v.record(v.string(), v.pipe(v.array(token), v.maxLength(64)))),
});

export const hubSummariserSchema = v.object({
  type: v.literal('hub-summariser'),
  ...hubNetwork,
  /** Source ids before and after those of a text: what the model is told to do with it, among them. */
  before: v.pipe(v.array(token), v.maxLength(64)),
  after: fewTokens,
});

export const hubCaptionerSchema = v.object({
  type: v.literal('hub-captioner'),
  ...hubNetwork,
  /** As a captioner's. */
  size: count(8, 2048),
  mean: v.tuple([mean, mean, mean]),
  deviation: v.tuple([deviation, deviation, deviation]),
});

/** A Whisper of the Hub. */
export const hubWhisperSchema = v.object({ type: v.literal('hub-whisper'), ...hubSignature, ...whisperSpeech });

/** A page that a reader may be sent to. Nothing but https, because a manifest can come from anywhere. */
export const link = v.pipe(v.string(), v.maxLength(300), v.regex(/^https:\/\/[^\s"<>]+$/));

/** What was measured through the built page. */
const quality = v.object({
  /** As the field calls it: `BLEU`, `WER`, `CIDEr-D`. */
  measure: v.pipe(v.string(), v.maxLength(20)),
  value: v.number(),
  /** What the number counts, where it counts something: `%`. */
  unit: v.optional(v.pipe(v.string(), v.maxLength(10))),
  /** What it was measured on. */
  set: v.pipe(v.string(), v.maxLength(100)),
});

const common = {
  format: v.literal(1),
  id: modelIdSchema,
  name: v.pipe(v.string(), v.maxLength(100)),
  from: v.array(v.string()),
  to: v.array(v.string()),
  licence: v.string(),
  licenceUrl: v.optional(link),
  source: v.string(),
  sourceUrl: v.optional(link),
  quality: v.optional(quality),
  parts: v.array(part),
  /** Models that this one cannot work without: installed with it. */
  needs: v.optional(v.array(modelIdSchema)),
};

export const manifestSchema = v.variant('kind', [
  v.object({
    ...common,
    kind: v.literal('translation'),
    architecture: v.variant('type', [marianSchema, transformerSchema, hubTranslatorSchema]),
  }),
  v.object({ ...common, kind: v.literal('summary'), architecture: hubSummariserSchema }),
  v.object({
    ...common,
    kind: v.literal('speech'),
    architecture: v.variant('type', [whisperSchema, hubWhisperSchema]),
  }),
  v.object({ ...common, kind: v.literal('voice-activity'), architecture: voiceActivity }),
  v.object({
    ...common,
    kind: v.literal('captioning'),
    architecture: v.variant('type', [captioner, hubCaptionerSchema]),
  }),
]);

export type Manifest = v.InferOutput<typeof manifestSchema>;
export type ManifestPart = Manifest['parts'][number];
export type ManifestOf<K extends Manifest['kind']> = Extract<Manifest, { kind: K }>;
export type MarianArchitecture = v.InferOutput<typeof marianSchema>;
export type TransformerArchitecture = v.InferOutput<typeof transformerSchema>;
export type HubTranslatorArchitecture = v.InferOutput<typeof hubTranslatorSchema>;
export type HubSummariserArchitecture = v.InferOutput<typeof hubSummariserSchema>;
export type HubCaptionerArchitecture = v.InferOutput<typeof hubCaptionerSchema>;
export type HubWhisperArchitecture = v.InferOutput<typeof hubWhisperSchema>;
/** Of any kind. */
export type HubSignature = Pick<HubSummariserArchitecture, keyof typeof hubSignature>;
/** Of any kind that is searched by rules of its own. */
export type HubNetwork = Omit<HubSummariserArchitecture, 'type' | 'before' | 'after'>;
export type WhisperArchitecture = v.InferOutput<typeof whisperSchema>;
/** Of any Whisper. */
export type SpeechArchitecture = WhisperArchitecture | HubWhisperArchitecture;
export type CaptionerArchitecture = v.InferOutput<typeof captioner>;
export type VoiceActivityArchitecture = v.InferOutput<typeof voiceActivity>;
