import { residentTranslator } from './resident.ts';
import type { Task } from './task.ts';

export const warmUp: Task<'warmUp'> = async ({ model, provider }, { signal, progress }) => {
  const { device } = await residentTranslator(model, provider, { signal, onProgress: progress });
  return device;
};
