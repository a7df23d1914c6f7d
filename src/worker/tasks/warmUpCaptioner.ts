import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { residentCaptioner } from './residentCaptioner.ts';
import type { TaskContext } from './task.ts';

/** The first run takes longer than any later one: here nobody waits for it. */
export async function warmUpCaptioner(
  model: string,
  provider: ProviderChoice,
  { signal, progress }: TaskContext<'warmUp'>,
): Promise<DeviceInfo> {
  const captioner = await residentCaptioner({ model, provider }, { signal, onProgress: progress });
  const { size } = captioner.form;
  await captioner.describe(new Float32Array(3 * size * size), { beams: 1, alternatives: 0, signal });
  return captioner.device;
}
