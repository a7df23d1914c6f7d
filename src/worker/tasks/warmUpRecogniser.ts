import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { hear, type Speech } from './recogniser.ts';
import { residentRecogniser } from './residentRecogniser.ts';
import type { TaskContext } from './task.ts';

/** The first run takes twice as long as any later one: here nobody waits for it. */
export async function warmUpRecogniser(
  model: string,
  provider: ProviderChoice,
  { signal, progress }: TaskContext<'warmUp'>,
): Promise<DeviceInfo> {
  const recogniser = await residentRecogniser(model, provider, { signal, onProgress: progress });
  const [language = 'en'] = recogniser.manifest.from;
  const nothing: Speech = { samples: new Float32Array(SAMPLE_RATE_HZ), startS: 0, notBeforeS: 0 };
  const input = { model, provider, language, among: [], task: 'transcribe' as const, words: false, beams: 1 };
  await hear(recogniser, input, [nothing], { again: null, signal });
  return recogniser.device;
}
