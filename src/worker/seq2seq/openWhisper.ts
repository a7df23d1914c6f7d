import type { WhisperArchitecture } from '../../protocol/manifest.ts';
import { openGraphs, type GraphSource } from './openGraphs.ts';
import { WhisperModel } from './whisper.ts';

/**
 * A Whisper with its graphs loaded; the graph of beam search and sampling only once it is needed.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openWhisper(options: GraphSource & { architecture: WhisperArchitecture }): Promise<WhisperModel> {
  return new WhisperModel(await openGraphs({ ...options, hold: ['cache.'] }), options.architecture);
}
