import { residentTranslator } from './resident.ts';
import type { Task } from './task.ts';

export const warmUp: Task<'warmUp'> = async ({ model, kind, provider }, context) => {
  if (kind === 'speech') return (await import('./warmUpRecogniser.ts')).warmUpRecogniser(model, provider, context);
  if (kind === 'captioning') return (await import('./warmUpCaptioner.ts')).warmUpCaptioner(model, provider, context);
  const { device } = await residentTranslator(model, provider, {
    signal: context.signal,
    onProgress: context.progress,
  });
  return device;
};
