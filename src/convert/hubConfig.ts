import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';

const count = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(1_000_000));
const number = v.pipe(v.number(), v.finite());
/** Some files list several; the first counts. */
export const firstOf = v.pipe(
  v.union([count, v.pipe(v.array(count), v.minLength(1), v.maxLength(64))]),
  v.transform((given) => (typeof given === 'number' ? given : (given[0] ?? 0))),
);
const ids = v.pipe(v.array(count), v.maxLength(4096));

/** How text is generated: in `generation_config.json`, and in older files in `config.json`. All of it has defaults. */
const generationEntries = {
  decoder_start_token_id: v.nullish(firstOf),
  bos_token_id: v.nullish(firstOf),
  eos_token_id: v.nullish(firstOf),
  forced_bos_token_id: v.nullish(count),
  forced_eos_token_id: v.nullish(firstOf),
  bad_words_ids: v.nullish(v.pipe(v.array(ids), v.maxLength(4096))),
  suppress_tokens: v.nullish(ids),
  begin_suppress_tokens: v.nullish(ids),
  max_length: v.nullish(count),
  max_new_tokens: v.nullish(count),
  min_length: v.nullish(count),
  num_beams: v.nullish(count),
  early_stopping: v.nullish(v.union([v.boolean(), v.string()])),
  length_penalty: v.nullish(number),
  no_repeat_ngram_size: v.nullish(count),
  encoder_no_repeat_ngram_size: v.nullish(count),
  repetition_penalty: v.nullish(number),
  num_beam_groups: v.nullish(count),
};

const generationSchema = v.object(generationEntries);
const taskSchema = v.object({ ...generationEntries, prefix: v.nullish(v.pipe(v.string(), v.maxLength(200))) });

const modelEntries = {
  ...generationEntries,
  model_type: v.pipe(v.string(), v.maxLength(100)),
  _name_or_path: v.nullish(v.string()),
  vocab_size: v.nullish(count),
  max_position_embeddings: v.nullish(count),
  n_positions: v.nullish(count),
  task_specific_params: v.nullish(v.record(v.string(), taskSchema)),
};

const configSchema = v.object({
  ...modelEntries,
  /** What writes, in a model that is put together from two. */
  decoder: v.nullish(v.object(modelEntries)),
});

export type HubConfig = v.InferOutput<typeof configSchema>;
type Generation = v.InferOutput<typeof taskSchema>;

/** What decides how a model's output is searched. */
export interface GenerationRules {
  startId: number;
  eosId: number;
  forcedFirstId: number | null;
  endsForced: boolean;
  suppressIds: number[];
  suppressFirstIds: number[];
  leastTokens: number;
  noRepeat: number;
  lengthPenalty: number;
  stopsEarly: boolean;
  beams: number;
  sourcePositions: number;
  positions: number;
}

/** What transformers takes where T5, whose positions are relative, says nothing. */
const DEFAULT_POSITIONS = 512;
const MOST_BEAMS = 8;

/** @throws EngineError model-corrupt */
export function parseHubConfig(file: Uint8Array): HubConfig {
  return parseSettings('config.json', configSchema, file);
}

/**
 * The rules that a model's files give, those of its task first, then those of `generation_config.json`, then `config.json`.
 * @param task a key of `task_specific_params`
 * @throws EngineError model-corrupt, or unsupported-model for a rule that is not kept here
 */
export function generationRules(config: HubConfig, file: Uint8Array | undefined, task: string): GenerationRules {
  const generation = file ? parseSettings('generation_config.json', generationSchema, file) : {};
  const sources: Partial<Generation>[] = [config.task_specific_params?.[task] ?? {}, generation, config];
  const said = <K extends keyof Generation>(key: K): NonNullable<Generation[K]> | undefined =>
    sources.map((source) => source[key] ?? undefined).find((value) => value !== undefined);
  refuse('repetition_penalty', said('repetition_penalty'), 1);
  refuse('encoder_no_repeat_ngram_size', said('encoder_no_repeat_ngram_size'), 0);
  refuse('num_beam_groups', said('num_beam_groups'), 1);
  const startId = said('decoder_start_token_id') ?? said('bos_token_id');
  const eosId = said('eos_token_id');
  if (startId === undefined) throw unsaid('decoder_start_token_id');
  if (eosId === undefined) throw unsaid('eos_token_id');
  const badWords = said('bad_words_ids') ?? [];
  if (badWords.some((word) => word.length !== 1)) throw notKept('bad_words_ids of several tokens');
  const places = config.max_position_embeddings ?? config.n_positions ?? DEFAULT_POSITIONS;
  // Both count the start.
  const longest = said('max_new_tokens') ?? (said('max_length') ?? places) - 1;
  return {
    startId,
    eosId,
    forcedFirstId: said('forced_bos_token_id') ?? null,
    endsForced: said('forced_eos_token_id') !== undefined,
    suppressIds: [...badWords.flat(), ...(said('suppress_tokens') ?? [])],
    suppressFirstIds: said('begin_suppress_tokens') ?? [],
    leastTokens: Math.max(0, (said('min_length') ?? 0) - 1),
    noRepeat: said('no_repeat_ngram_size') ?? 0,
    lengthPenalty: said('length_penalty') ?? 1,
    stopsEarly: said('early_stopping') === true,
    beams: Math.min(MOST_BEAMS, Math.max(1, said('num_beams') ?? 1)),
    sourcePositions: places,
    positions: Math.max(1, Math.min(longest, places - 1)),
  };
}

function refuse(name: string, value: number | undefined, harmless: number): void {
  if (value !== undefined && value !== harmless) throw notKept(`${name} of ${value}`);
}

function notKept(rule: string): EngineError {
  return new EngineError('unsupported-model', `This model wants ${rule}, which is not supported yet.`);
}

function unsaid(key: string): EngineError {
  return new EngineError('unsupported-model', `The model’s files do not say its ${key}. Choose all of its files.`);
}

/**
 * The settings in a JSON file of the Hub.
 * @throws EngineError model-corrupt
 */
export function parseSettings<T>(name: string, schema: v.GenericSchema<unknown, T>, file: Uint8Array): T {
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), new TextDecoder().decode(file));
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  const field = (v.getDotPath(issue) ?? 'the whole').slice(0, 100);
  throw new EngineError(
    'model-corrupt',
    `The model’s ${name} is damaged (${field}: ${issue.message.slice(0, 200)}). Fetch the file again.`,
  );
}
