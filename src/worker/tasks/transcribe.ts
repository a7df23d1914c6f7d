import { EngineError } from '../../protocol/errors.ts';
import type { Task } from './task.ts';

export const transcribe: Task<'transcribe'> = async ({ model }) => {
  throw new EngineError('unsupported-model', `The model "${model}" cannot transcribe.`);
};
