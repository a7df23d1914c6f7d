import { toFailure } from './useTask.ts';

/** What a fresh worker mends. */
const LOST = new Set(['worker-crashed', 'device-lost']);

/** Asks again where the worker was lost, once: the next one is a fresh one, and the reader need not know. */
export async function afterLoss<T>(signal: AbortSignal, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask();
  } catch (error) {
    if (signal.aborted || !LOST.has(toFailure(error).code)) throw error;
    return ask();
  }
}
