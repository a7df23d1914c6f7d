import { installModel, listModels, removeModel, verifyModel } from '../store/models.ts';
import type { Task } from './task.ts';

export const list: Task<'listModels'> = (_, { signal }) => listModels(signal);

export const install: Task<'installModel'> = ({ model }, { signal, progress }) =>
  installModel(model, { signal, onProgress: progress });

export const remove: Task<'removeModel'> = async ({ model }) => {
  await removeModel(model);
  return null;
};

export const verify: Task<'verifyModel'> = ({ model }, { signal }) => verifyModel(model, signal);
