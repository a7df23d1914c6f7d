import { EngineError } from '../protocol/errors.ts';
import type { ModelInfo, Summary } from '../protocol/types.ts';
import { checkChoice, checkProvider, checkSignal } from './checkOptions.ts';
import type { ModelDirectory } from './modelDirectory.ts';
import type { SummariseOptions } from './options.ts';
import type { Pool } from './pool.ts';

const STATES = ['installed', 'partial', 'available'];

/** The model that summarises, one on this device first. Throws as `ModelDirectory.choose` does. */
export function chooseSummariser(directory: ModelDirectory, id: unknown, signal?: AbortSignal): Promise<ModelInfo> {
  return directory.choose(
    'summary',
    id,
    (models) => models.sort((a, b) => STATES.indexOf(a.state) - STATES.indexOf(b.state)),
    () => new EngineError('unsupported-model', 'There is no model that summarises here. Import one in Models.'),
    signal,
  );
}

/** `Glossa.summarise`. */
export async function summarise(
  pool: Pool,
  directory: ModelDirectory,
  text: string,
  options: SummariseOptions = {},
): Promise<Summary> {
  if (typeof text !== 'string') throw new EngineError('bad-input', 'The text to summarise must be a string.');
  const { signal, onProgress, onPartial } = options;
  checkSignal(signal);
  const provider = checkProvider(options.provider);
  const length = checkChoice(options.length, 'length', ['medium', 'short', 'long']);
  const model = await chooseSummariser(directory, options.model, signal);
  return pool.run(
    model,
    provider,
    'summarise',
    { model: model.id, provider, text, length, partials: onPartial !== undefined },
    { signal, onProgress, onEvent: ({ text: soFar }) => onPartial?.(soFar) },
  );
}
