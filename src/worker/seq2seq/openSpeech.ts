import type { SpeechArchitecture } from '../../protocol/manifest.ts';
import type { GraphSource } from './openGraphs.ts';
import { openWhisper } from './openWhisper.ts';
import type { HearingModel } from './recognise.ts';

/**
 * A speech model with its graphs loaded: one of ours, or one of the Hub, which most readers have none of.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openSpeech(architecture: SpeechArchitecture, source: GraphSource): Promise<HearingModel> {
  if (architecture.type === 'whisper') return openWhisper({ ...source, architecture });
  return (await import('./openHub.ts')).openHubWhisper(architecture, source);
}
