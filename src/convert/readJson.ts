import * as v from 'valibot';
import type { ForeignFile } from './foreign.ts';

/** Longer than any description of a model. */
const MAX_BYTES = 16 * 2 ** 20;

/** What a JSON file beside a model says, or null where it does not say it in this form. */
export async function readJson<T>(file: ForeignFile, schema: v.GenericSchema<unknown, T>): Promise<T | null> {
  if (file.sizeBytes > MAX_BYTES) return null;
  const text = new TextDecoder().decode(await file.bytes());
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), schema), text);
  return parsed.success ? parsed.output : null;
}
