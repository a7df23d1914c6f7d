import type { MarianArchitecture, TransformerArchitecture } from '../../protocol/manifest.ts';
import { openGraphs, type GraphSource } from './openGraphs.ts';
import { HELD, TranslatorModel } from './translator.ts';

/**
 * A translator with its graphs loaded; the graph of beam search only once it is needed.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openTranslator(
  options: GraphSource & { architecture: MarianArchitecture | TransformerArchitecture },
): Promise<TranslatorModel> {
  return new TranslatorModel(await openGraphs({ ...options, hold: HELD }), options.architecture);
}
