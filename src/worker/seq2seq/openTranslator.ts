import type { ManifestOf } from '../../protocol/manifest.ts';
import type { StepModel } from './model.ts';
import { openGraphs, type GraphSource } from './openGraphs.ts';
import { HELD, TranslatorModel } from './translator.ts';

/**
 * A translator with its graphs loaded; the graph of beam search only once it is needed.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openTranslator(
  options: GraphSource & Pick<ManifestOf<'translation'>, 'architecture'>,
): Promise<StepModel<Int32Array, unknown>> {
  const { architecture } = options;
  // Most readers have none of the Hub.
  if (architecture.type === 'hub-translator') return (await import('./openHub.ts')).openHubText(architecture, options);
  return new TranslatorModel(await openGraphs({ ...options, hold: HELD }), architecture);
}
