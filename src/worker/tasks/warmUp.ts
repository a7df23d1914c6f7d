import type { Task } from './task.ts';

/** Loads a model; each kind in its own way. */
export const warmUp: Task<'warmUp'> = async ({ model, kind, provider }, context) => {
  if (kind === 'speech') return (await import('./warmUpRecogniser.ts')).warmUpRecogniser(model, provider, context);
  if (kind === 'captioning') return (await import('./warmUpCaptioner.ts')).warmUpCaptioner(model, provider, context);
  if (kind === 'summary') return (await import('./warmUpSummariser.ts')).warmUpSummariser(model, provider, context);
  return (await import('./warmUpTranslator.ts')).warmUpTranslator(model, provider, context);
};
