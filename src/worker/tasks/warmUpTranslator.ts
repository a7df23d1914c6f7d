import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { residentTranslator } from './resident.ts';
import type { TaskContext } from './task.ts';

export async function warmUpTranslator(
  model: string,
  provider: ProviderChoice,
  { signal, progress }: TaskContext<'warmUp'>,
): Promise<DeviceInfo> {
  return (await residentTranslator(model, provider, { signal, onProgress: progress })).device;
}
