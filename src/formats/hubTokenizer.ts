import { Tokenizer } from '@huggingface/tokenizers';
import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';

/** NLLB's has 17 MB. */
const MAX_BYTES = 64 * 2 ** 20;
const MAX_ID = 1_000_000;

const id = v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(MAX_ID));

/** As much of a `tokenizer.json` as is looked at here; the library reads the rest. */
const fileSchema = v.looseObject({
  added_tokens: v.array(v.looseObject({ id, content: v.string() })),
  model: v.looseObject({ type: v.optional(v.string()) }),
});

/**
 * The tokeniser of a `tokenizer.json`, with what the `tokenizer_config.json` beside it says of it.
 * @throws EngineError model-corrupt, or unsupported-model for a kind that the library does not know
 */
export function parseHubTokenizer(file: Uint8Array, config: Uint8Array | undefined): Tokenizer {
  const parsed = v.safeParse(fileSchema, readJson(file));
  const settings = v.safeParse(v.looseObject({}), config ? readJson(config) : {});
  if (!parsed.success || !settings.success) throw corrupt('it is not in the form of the Hub');
  try {
    return new Tokenizer(parsed.output, settings.output);
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
