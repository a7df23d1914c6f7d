import * as v from 'valibot';
import type { HubTokenizer } from '../formats/hubTokenizer.ts';
import { EngineError } from '../protocol/errors.ts';
import { hubWhisperSchema, type HubSignature, type HubWhisperArchitecture } from '../protocol/manifest.ts';
import { checkArchitecture } from './converted.ts';
import { firstOf, parseSettings } from './hubConfig.ts';
import type { HubFiles } from './hubFiles.ts';
import { defaultAlignmentHeads } from './whisperAlignment.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const ids = v.pipe(v.array(count), v.maxLength(4096));
const named = v.record(v.string(), count);

/** What a Whisper's `generation_config.json` says; the same keys count in `config.json` where they are missing there. */
const generationEntries = {
  decoder_start_token_id: v.nullish(firstOf),
  eos_token_id: v.nullish(firstOf),
  no_timestamps_token_id: v.nullish(count),
  is_multilingual: v.nullish(v.boolean()),
  lang_to_id: v.nullish(named),
  task_to_id: v.nullish(named),
  suppress_tokens: v.nullish(ids),
  begin_suppress_tokens: v.nullish(ids),
  alignment_heads: v.nullish(v.pipe(v.array(v.tuple([count, count])), v.maxLength(1024))),
};
const generationSchema = v.object(generationEntries);
const configSchema = v.object({ ...generationEntries, max_source_positions: count, max_target_positions: count });

const preprocessorSchema = v.object({
  feature_extractor_type: v.nullish(v.string()),
  feature_size: count,
  sampling_rate: v.nullish(v.number()),
  hop_length: v.nullish(v.number()),
  n_fft: v.nullish(v.number()),
  nb_max_frames: v.nullish(v.number()),
  dither: v.nullish(v.number()),
});

/** Older vocabularies call it by its second name. */
const NO_SPEECH = ['<|nospeech|>', '<|nocaptions|>'];
const FIRST_TIME = '<|0.00|>';
/** How byte-level vocabularies write a space. */
const SPACE = 'Ġ';

/** What the JSON files of a Whisper say. */
export type HubWhisperSettings = Omit<HubWhisperArchitecture, 'type' | keyof HubSignature>;

/**
 * How a Whisper of the Hub hears and what its ids mean, of its files alone; which heads follow time as well, so far as they say.
 * @throws EngineError model-corrupt, or unsupported-model for what is missing or not supported
 */
export async function whisperSettings(files: HubFiles, tokenizer: HubTokenizer): Promise<HubWhisperSettings> {
  const { generation: generationFile, preprocessor, config: configFile } = files;
  if (!generationFile) throw missing('generation_config.json');
  if (!preprocessor) throw missing('preprocessor_config.json');
  const generation = parseSettings('generation_config.json', generationSchema, await generationFile.bytes());
  const config = parseSettings('config.json', configSchema, await configFile.bytes());
  const said = <K extends keyof typeof generation>(key: K): NonNullable<(typeof generation)[K]> | undefined =>
    generation[key] ?? config[key] ?? undefined;
  const required = <T>(name: string, value: T | undefined): T => {
    if (value === undefined) throw unsupported(`its files do not say its ${name}. Choose all of its files.`);
    return value;
  };
  const id = (key: 'decoder_start_token_id' | 'eos_token_id' | 'no_timestamps_token_id'): number =>
    required(key, said(key));
  const frames = 2 * config.max_source_positions;
  const noTimestampsId = id('no_timestamps_token_id');
  const firstTime = tokenizer.tokens.get(FIRST_TIME);
  if (firstTime !== undefined && firstTime !== noTimestampsId + 1)
    throw unsupported(`its times do not follow its no_timestamps_token_id ${noTimestampsId}.`);
  const languages = said('lang_to_id');
  const multilingual = said('is_multilingual') ?? languages !== undefined;
  const tasks = multilingual ? required('task_to_id', said('task_to_id')) : {};
  return {
    mels: melsOf(await preprocessor.bytes(), frames),
    frames,
    positions: config.max_target_positions,
    sotId: id('decoder_start_token_id'),
    eotId: id('eos_token_id'),
    noSpeechId: required(
      NO_SPEECH.join(' or '),
      NO_SPEECH.map((token) => tokenizer.tokens.get(token)).find((found) => found !== undefined),
    ),
    noTimestampsId,
    timestampBeginId: noTimestampsId + 1,
    transcribeId: multilingual ? required('task_to_id.transcribe', tasks['transcribe']) : null,
    translateId: multilingual ? required('task_to_id.translate', tasks['translate']) : null,
    languageIds: multilingual ? languagesOf(required('lang_to_id', languages)) : {},
    suppressIds: said('suppress_tokens') ?? [],
    suppressFirstIds: said('begin_suppress_tokens') ?? [],
    alignmentHeads: said('alignment_heads') ?? [],
  };
}

/**
 * What the engine must know of a Whisper of the Hub.
 * @throws EngineError unsupported-model where its files do not belong together
 */
export function hubWhisper(
  signature: HubSignature,
  settings: HubWhisperSettings,
  tokenizer: HubTokenizer,
): HubWhisperArchitecture {
  const { vocabulary, attention, decoderLayers, heads } = signature;
  const times = vocabulary - settings.timestampBeginId;
  // Everything from the first time on is read as one.
  if (times < 2 || times > settings.frames / 2 + 1)
    throw unsupported(
      `its vocabulary of ${vocabulary} has ${times} times where ${settings.frames / 2 + 1} are to be heard.`,
    );
  const named = [...Object.values(settings.languageIds), ...settings.suppressIds, ...settings.suppressFirstIds];
  const strange = [...named, ...tokenizer.tokens.values()].find((id) => id >= vocabulary);
  if (strange !== undefined)
    throw unsupported(
      `its files name the token ${strange}, and its vocabulary has ${vocabulary}: they do not belong together.`,
    );
  const known = settings.alignmentHeads.filter(([layer, head]) => layer < decoderLayers && head < heads);
  const following = known.length > 0 ? known : defaultAlignmentHeads(signature);
  return checkArchitecture<HubWhisperArchitecture>(hubWhisperSchema, {
    type: 'hub-whisper',
    ...settings,
    ...signature,
    alignmentHeads: attention ? following : [],
  });
}

/**
 * The vocabulary as `parseBytePair` reads it, a token a line; those that are no text are empty.
 * @throws EngineError unsupported-model where it is not one of bytes
 */
export function bytePairLines({ tokens, specialIds }: HubTokenizer): Uint8Array {
  if (!tokens.has(SPACE)) throw unsupported('its tokenizer.json is not one of byte pairs.');
  const lines: string[] = [];
  for (const [token, id] of tokens) lines[id] = specialIds.has(id) || /[\r\n]/.test(token) ? '' : token;
  return new TextEncoder().encode(`${Array.from(lines, (line: string | undefined) => line ?? '').join('\n')}\n`);
}

/** Mel bands, of features that are computed as openai/whisper's are. */
function melsOf(file: Uint8Array, frames: number): number {
  const { feature_size, ...given } = parseSettings('preprocessor_config.json', preprocessorSchema, file);
  const wanted = {
    feature_extractor_type: 'WhisperFeatureExtractor',
    sampling_rate: 16_000,
    hop_length: 160,
    n_fft: 400,
    nb_max_frames: frames,
    dither: 0,
  } as const;
  for (const key of Object.keys(wanted) as (keyof typeof wanted)[]) {
    const value = given[key] ?? wanted[key];
    if (value !== wanted[key])
      throw unsupported(`it wants features with ${key} of ${String(value).slice(0, 60)}, which is not supported yet.`);
  }
  return feature_size;
}

/** `<|en|>` and so on, by their BCP-47 tags: Whisper says jw where others say jv. */
function languagesOf(ids: Record<string, number>): Record<string, number> {
  const languages = Object.entries(ids).map(([token, id]): [tag: string, id: number] => {
    const name = /^<\|([a-z]{2,3})\|>$/.exec(token)?.[1];
    if (name === undefined) throw unsupported(`its lang_to_id has "${token.slice(0, 40)}", which is no language.`);
    return [Intl.getCanonicalLocales(name)[0] ?? name, id];
  });
  return Object.fromEntries(languages);
}

function missing(name: string): EngineError {
  return new EngineError(
    'unsupported-model',
    `The model’s ${name} is missing. Choose all the files of its repository.`,
  );
}

function unsupported(reason: string): EngineError {
  return new EngineError('unsupported-model', `This Whisper cannot be run here: ${reason}`);
}
