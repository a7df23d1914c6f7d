import type {
  HubCaptionerArchitecture,
  HubNetwork,
  HubSignature,
  HubWhisperArchitecture,
} from '../../protocol/manifest.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';
import type { HubGraphs } from './hubDecoder.ts';
import { encodePictures, encodeText } from './hubEncoders.ts';
import { HubModel } from './hubModel.ts';
import { HubWhisperModel } from './hubWhisper.ts';
import type { GraphSource } from './openGraphs.ts';

/**
 * A model of the Hub that reads text, with its graphs loaded.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openHubText(network: HubNetwork, source: GraphSource): Promise<HubModel<Int32Array>> {
  return new HubModel(await openHubGraphs(network, source), network, encodeText);
}

/**
 * A model of the Hub that looks at pictures: [3, size, size] normalised pixels.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openHubPictures(
  architecture: HubCaptionerArchitecture,
  source: GraphSource,
): Promise<HubModel<Float32Array>> {
  return new HubModel(await openHubGraphs(architecture, source), architecture, encodePictures(architecture.size));
}

/**
 * A Whisper of the Hub.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openHubWhisper(
  architecture: HubWhisperArchitecture,
  source: GraphSource,
): Promise<HubWhisperModel> {
  return new HubWhisperModel(await openHubGraphs(architecture, source), architecture);
}

/**
 * The graphs of a model of the Hub, loaded.
 * @throws EngineError what `part` and `openSession` throw
 */
async function openHubGraphs(
  network: HubSignature,
  { part, provider, threads, lane, signal }: GraphSource,
): Promise<HubGraphs> {
  const open = async (role: 'encoder' | 'decoder' | 'step'): Promise<Session> => {
    const path = network.external[role];
    const [graph, weights] = await Promise.all([
      part(role),
      path === undefined ? [] : part(`${role}-weights`).then((data) => [{ path, data }]),
    ]);
    return openSession({ graph, weights, provider, threads, lane, optimise: true }, signal);
  };
  const [encoder, decoder, step] = await Promise.all([
    open('encoder'),
    open('decoder'),
    network.stepInputs ? open('step') : null,
  ]);
  return { encoder, decoder, step };
}
