import { residentTranslator } from './resident.ts';
import { residentRecogniser } from './residentRecogniser.ts';
import type { Task } from './task.ts';

export const warmUp: Task<'warmUp'> = async ({ model, kind, provider }, { signal, progress }) => {
  const load = kind === 'speech' ? residentRecogniser : residentTranslator;
  const { device } = await load(model, provider, { signal, onProgress: progress });
  return device;
};
