import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import type { Manifest } from '../protocol/manifest.ts';
import type { Provider } from '../protocol/types.ts';

/** A file of a converted model, before packing. */
export interface ConvertedPart {
  role: string;
  file: string;
  bytes: Uint8Array;
  provider?: Provider;
  lazy?: boolean;
}

/** A model in our form: its files, and what the engine must know of it. */
export interface ConvertedModel<A extends { type: string } = Manifest['architecture']> {
  architecture: A;
  parts: ConvertedPart[];
}

/**
 * What the engine must know of a model, within what a manifest may say: a file can claim anything.
 * @throws EngineError `unsupported-model`
 */
export function checkArchitecture<A extends { type: string }>(schema: v.GenericSchema<A>, architecture: A): A {
  const parsed = v.safeParse(schema, architecture);
  if (parsed.success) return parsed.output;
  const [issue] = parsed.issues;
  throw new EngineError(
    'unsupported-model',
    `This model is larger or smaller than those that can be run (${v.getDotPath(issue) ?? 'its size'}: ${issue.message.slice(0, 200)}).`,
  );
}
