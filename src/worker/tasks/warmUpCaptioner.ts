import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { describe } from './captioner.ts';
import { residentCaptioner } from './residentCaptioner.ts';
import type { TaskContext } from './task.ts';

/** The first run takes longer than any later one: here nobody waits for it. */
export async function warmUpCaptioner(
  model: string,
  provider: ProviderChoice,
  { signal, progress }: TaskContext<'warmUp'>,
): Promise<DeviceInfo> {
  const captioner = await residentCaptioner({ model, provider }, { signal, onProgress: progress });
  const { size } = captioner.manifest.architecture;
  const seen = await captioner.model.see(new Float32Array(3 * size * size), signal);
  await describe(captioner, seen, { beams: 1, alternatives: 0, signal });
  return captioner.device;
}
