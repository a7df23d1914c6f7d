import { EngineError } from '../../protocol/errors.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { openHubText } from '../seq2seq/openHub.ts';
import type { OpenModel } from '../store/models.ts';
import { loadHubTokeniser } from './loadHubTokeniser.ts';
import { Residency, type LoadOptions } from './residency.ts';
import type { Summariser } from './summariser.ts';

type Resident = Summariser & { device: DeviceInfo };

const residency = new Residency<Resident>(loadSummariser);

/**
 * The summariser of this worker, loaded by the first call.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentSummariser(id: string, provider: ProviderChoice, options: LoadOptions): Promise<Resident> {
  return residency.get(id, provider, options);
}

/**
 * A summariser from its parts, wherever they are.
 * @throws EngineError what `openSession` and the parsers throw
 */
export async function loadSummariser(
  { manifest, part }: OpenModel,
  device: DeviceInfo,
  signal: AbortSignal,
): Promise<Resident> {
  const { provider, threads } = device;
  if (manifest.kind !== 'summary')
    throw new EngineError('unsupported-model', `"${manifest.name}" does not summarise. Choose a summariser.`);
  const { architecture } = manifest;
  const [model, tokeniser] = await Promise.all([
    // How long a summary must be at least is the reader's to say.
    openHubText({ ...architecture, leastTokens: 0 }, { part, provider, threads, lane: 0, signal }),
    loadHubTokeniser(manifest.parts, part),
  ]);
  return { architecture, device, model, tokeniser };
}
