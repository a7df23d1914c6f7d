import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';

const listSchema = v.pipe(v.string(), v.parseJson(), v.array(v.string()));

/**
 * A vocabulary as CTranslate2 keeps it: a JSON list of tokens by their ids, or a text with a token a line.
 * @throws EngineError model-corrupt
 */
export function parseTokenList(bytes: Uint8Array): string[] {
  const text = new TextDecoder().decode(bytes);
  if (!text.trimStart().startsWith('[')) return text.replace(/\r?\n$/, '').split(/\r?\n/);
  const parsed = v.safeParse(listSchema, text);
  if (parsed.success) return parsed.output;
  throw new EngineError('model-corrupt', 'The vocabulary beside the model is damaged. Fetch the file again.');
}

/** The same list as bytes. */
export function writeTokenList(tokens: readonly string[]): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(tokens));
}
