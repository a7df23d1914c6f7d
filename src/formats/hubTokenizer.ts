import { Tokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';

/** NLLB's has 17 MB. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_ID = 1_000_000;

const idSchema = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_ID));

/** As much of a `tokenizer.json` as is looked at here; the library reads the rest. */
const fileSchema = v.looseObject({
  added_tokens: v.array(v.looseObject({ id: idSchema, content: v.string(), special: v.optional(v.boolean()) })),
  model: v.looseObject({ type: v.optional(v.string()) }),
});

/** What the library makes of a file, guarded: a file may be such that it fails only when it is used. */
export interface HubTokenizer {
  /** Every token, with its id. */
  readonly tokens: ReadonlyMap<string, number>;
  /** Ids of tokens that are no text. */
  readonly specialIds: ReadonlySet<number>;
  /** @param around - with the special tokens that the file wants around a text */
  encode(text: string, around: boolean): { ids: number[]; tokens: string[] };
  /** Special tokens say nothing. */
  decode(ids: number[]): string;
}

/**
 * The tokeniser of a `tokenizer.json`, with what the `tokenizer_config.json` beside it says of it.
 * @throws EngineError model-corrupt, or unsupported-model for a kind that the library does not know; so do its functions
 */
export function parseHubTokenizer(file: Uint8Array, config: Uint8Array | undefined): HubTokenizer {
  const parsed = v.safeParse(fileSchema, readJson(file));
  const settings = v.safeParse(v.looseObject({}), config ? readJson(config) : {});
  if (!parsed.success || !settings.success) throw corrupt('it is not in the form of the Hub');
  const tokenizer = guarded(() => new Tokenizer(parsed.output, settings.output));
  const tokens = guarded(() => tokenizer.get_vocab());
  for (const id of tokens.values()) if (!v.is(idSchema, id)) throw corrupt('it has ids that are none');
  const special = parsed.output.added_tokens.filter((token) => token.special === true);
  return {
    tokens,
    specialIds: new Set(special.map(({ id }) => id)),
    encode: (text, around) =>
      guarded(() => {
        const { ids, tokens: pieces } = tokenizer.encode(text, { add_special_tokens: around });
        if (!ids.every((id) => v.is(idSchema, id))) throw new TypeError('a piece has no id');
        return { ids, tokens: pieces };
      }),
    decode: (ids) => guarded(() => tokenizer.decode(ids, { skip_special_tokens: true })),
  };
}

function guarded<T>(use: () => T): T {
  try {
    return use();
  } catch (cause) {
    const reason = (cause instanceof Error ? cause.message : String(cause)).slice(0, 200);
    throw new EngineError('unsupported-model', `The model’s tokenizer.json cannot be used here (${reason}).`, {
      cause,
    });
  }
}

function readJson(bytes: Uint8Array): unknown {
  if (bytes.length > MAX_BYTES) throw corrupt('it is too long');
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw corrupt('it is not JSON');
  }
}

function corrupt(reason: string): EngineError {
  return new EngineError('model-corrupt', `The model’s tokenizer is damaged: ${reason}. Fetch the file again.`);
}
