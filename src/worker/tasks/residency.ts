import { abortedError } from '../../protocol/errors.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo, Progress } from '../../protocol/types.ts';
import { startDevice } from '../runtime/device.ts';
import { noteUse } from '../store/marks.ts';
import { openModel, type OpenModel } from '../store/models.ts';

/** What loading a model is told. */
export interface LoadOptions {
  signal: AbortSignal;
  onProgress?(progress: Progress): void;
}

/** Makes a model of its parts, wherever they are. */
type LoadModel<T> = (stored: OpenModel, device: DeviceInfo, signal: AbortSignal) => Promise<T>;

/**
 * The one model that a worker holds: loaded by the first call, given to later ones. A load that fails or is stopped is
 * forgotten, so that the next call tries again.
 */
export class Residency<T> {
  readonly #loadModel: LoadModel<T>;
  #resident: { key: string; model: Promise<T> } | null = null;

  constructor(loadModel: LoadModel<T>) {
    this.#loadModel = loadModel;
  }

  /**
   * A model in another form (elsewhere, or with other threads) is another one. It is told to stop loading by a signal of its own:
   * it outlives the call that loads it.
   * @param mostThreads - fewer than the device could have, where other workers want theirs
   * @throws EngineError what `openModel`, `openSession` and the parsers throw
   */
  get(id: string, choice: ProviderChoice, options: LoadOptions, mostThreads?: number): Promise<T> {
    const key = `${id} ${choice} ${mostThreads ?? 'all'}`;
    const load = (signal: AbortSignal): Promise<T> => this.#open(id, choice, { ...options, signal }, mostThreads);
    const resident = this.#resident?.key === key ? this.#resident.model : this.#load(key, load, options.signal);
    void resident.then(() => noteUse(id)).catch(() => undefined);
    return resident;
  }

  /** The runtime is compiled, which takes longer, while the model is read. */
  async #open(
    id: string,
    choice: ProviderChoice,
    { signal, onProgress }: LoadOptions,
    mostThreads?: number,
  ): Promise<T> {
    const device = await startDevice(choice, mostThreads);
    const { provider } = device;
    const stored = await openModel(id, { provider, signal, ...(onProgress ? { onProgress } : {}) });
    return this.#loadModel(stored, device, signal);
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
