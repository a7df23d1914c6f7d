import { EngineError } from '../../protocol/errors.ts';
import type { Task } from './task.ts';

export const listen: Task<'listen'> = async ({ model, audio }) => {
  audio.close();
  throw new EngineError('unsupported-model', `The model "${model}" cannot listen.`);
};
