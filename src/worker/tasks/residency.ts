import { abortedError } from '../../protocol/errors.ts';
import type { Progress } from '../../protocol/types.ts';
import { noteUse } from '../store/marks.ts';

/** What loading a model is told. */
export interface LoadOptions {
  signal: AbortSignal;
  onProgress?(progress: Progress): void;
}

/**
 * The one model that a worker holds: loaded by the first call, given to later ones. A load that fails or is stopped is
 * forgotten, so that the next call tries again.
 */
export class Residency<T> {
  #resident: { key: string; model: Promise<T> } | null = null;

  /**
   * @param form - how it is loaded: a model in another form is another one
   * @param load - is told to stop by a signal of its own: the model outlives the call that loads it
   * @throws EngineError aborted, and what `load` throws
   */
  get(id: string, form: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const key = `${id} ${form}`;
    const resident = this.#resident?.key === key ? this.#resident.model : this.#load(key, load, signal);
    void resident.then(() => noteUse(id)).catch(() => undefined);
    return resident;
  }

  #load(key: string, load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
    const model = loaded(load, signal);
    this.#resident = { key, model };
    model.catch(() => {
      if (this.#resident?.model === model) this.#resident = null;
    });
    return model;
  }
}

async function loaded<T>(load: (signal: AbortSignal) => Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw abortedError();
  const loading = new AbortController();
  const stop = (): void => loading.abort();
  signal.addEventListener('abort', stop);
  try {
    return await load(loading.signal);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
