import { EngineError } from '../../protocol/errors.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { LogMel } from '../features/audio/logMel.ts';
import { parseBytePair } from '../features/bytePair.ts';
import { openSpeech } from '../seq2seq/openSpeech.ts';
import { openVoiceActivity } from '../seq2seq/voiceActivity.ts';
import { openModel, type OpenModel } from '../store/models.ts';
import type { Recogniser, VoiceActivity } from './recogniser.ts';
import { Residency, type LoadOptions } from './residency.ts';

const residency = new Residency<Recogniser>(loadRecogniser);

/**
 * The speech recogniser of this worker, loaded by the first call.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export function residentRecogniser(id: string, provider: ProviderChoice, options: LoadOptions): Promise<Recogniser> {
  return residency.get(id, provider, options);
}

/**
 * A recogniser from its parts, wherever they are; the voice-activity model that it needs is kept or fetched.
 * @throws EngineError what `openModel`, `openSession` and the parsers throw
 */
export async function loadRecogniser(
  { manifest, part }: OpenModel,
  device: DeviceInfo,
  signal: AbortSignal,
): Promise<Recogniser> {
  const { provider, threads } = device;
  if (manifest.kind !== 'speech') {
    throw new EngineError('unsupported-model', `"${manifest.name}" does not transcribe. Choose a speech model.`);
  }
  const { architecture } = manifest;
  const [model, voice, bytePair] = await Promise.all([
    openSpeech(architecture, { part, provider, threads, lane: 0, signal }),
    openVoice(manifest.needs ?? [], threads, signal),
    part('tokeniser').then(parseBytePair),
  ]);
  return { manifest, device, model, voice, logMel: new LogMel(architecture.mels), decode: bytePair.decode };
}

/** The first voice-activity model among those that the recogniser needs. On WASM: it is small, and its steps are many. */
async function openVoice(needs: readonly string[], threads: number, signal: AbortSignal): Promise<VoiceActivity> {
  for (const id of needs) {
    const { manifest, part } = await openModel(id, { provider: 'wasm', signal });
    if (manifest.kind !== 'voice-activity') continue;
    const { architecture } = manifest;
    const voice = await openVoiceActivity({ architecture, part, provider: 'wasm', threads, lane: 0, signal });
    return {
      windowSamples: architecture.windowSamples,
      probabilities: (samples) => voice.probabilities(samples),
      reset: () => voice.reset(),
    };
  }
  throw new EngineError('model-corrupt', 'The speech model does not say which model tells speech from silence.');
}
