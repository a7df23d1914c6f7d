import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { residentSummariser } from './residentSummariser.ts';
import type { TaskContext } from './task.ts';

export async function warmUpSummariser(
  model: string,
  provider: ProviderChoice,
  { signal, progress }: TaskContext<'warmUp'>,
): Promise<DeviceInfo> {
  return (await residentSummariser(model, provider, { signal, onProgress: progress })).device;
}
