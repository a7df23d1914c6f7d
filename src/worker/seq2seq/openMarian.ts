import type { MarianArchitecture } from '../../protocol/manifest.ts';
import { MarianModel } from './marian.ts';
import { openGraphs, type GraphSource } from './openGraphs.ts';

/**
 * A Marian student with its graphs loaded; the graph of beam search only once it is needed.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openMarian(options: GraphSource & { architecture: MarianArchitecture }): Promise<MarianModel> {
  return new MarianModel(await openGraphs(options), options.architecture);
}
