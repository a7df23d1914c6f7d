import { EngineError } from '../protocol/errors.ts';
import type { TaskName, Tasks } from '../protocol/messages.ts';
import type { DeviceInfo, ModelInfo, Provider } from '../protocol/types.ts';
import { Connection, type Listeners, type WorkerLike } from './connection.ts';

/**
 * What a resident model takes besides its weights (the runtime and its working memory), and how often its weights are in
 * memory: in the graphs and in the form that the kernels want.
 */
const RUNTIME_BYTES = 100 * 2 ** 20;
const WEIGHT_COPIES = 3;

/** `navigator.deviceMemory`, in GiB, where the browser tells it. */
const ASSUMED_DEVICE_GIB = 4;

interface Resident {
  model: string;
  /** The model, where it runs, and whether it is one of several workers that share the device. */
  key: string;
  connection: Connection;
  bytes: number;
  /** How many live sessions and files it has: a live session cannot wait for them, and nobody can for a live session. */
  sessions: number;
  live: boolean;
}

/** What is done by a model's own worker. */
type ModelTask = 'translate' | 'transcribe' | 'listen' | 'caption' | 'warmUp';

/** A quarter of the device's memory is ours. */
export function memoryBudgetBytes(): number {
  const told = 'deviceMemory' in navigator ? navigator.deviceMemory : undefined;
  return ((typeof told === 'number' ? told : ASSUMED_DEVICE_GIB) / 4) * 2 ** 30;
}

/**
 * One worker for each resident model and provider, a second one where the first is held by a live session, several where jobs
 * are to run at the same time, and one, the manager, that holds no model. Where memory is short, the model that was used longest ago goes, and its worker with it,
 * because WASM memory never shrinks.
 */
export class Pool {
  readonly #spawn: () => WorkerLike;
  readonly #budgetBytes: number;
  readonly #manager: Connection;
  /** In the order of their last use. */
  readonly #residents = new Set<Resident>();

  constructor(spawn: () => WorkerLike, budgetBytes: number) {
    this.#spawn = spawn;
    this.#budgetBytes = budgetBytes;
    this.#manager = new Connection(spawn);
  }

  /** Has the manager do a task that needs no model. Throws as `Connection.run` does. */
  manage<K extends TaskName>(task: K, input: Tasks[K]['input'], listeners: Listeners<K>): Promise<Tasks[K]['output']> {
    return this.#manager.run(task, input, listeners);
  }

  /**
   * Has the worker of a model do a task; it is started when it is not there. Throws as `Connection.run` does.
   * @param workers - how many of the model may work at the same time
   */
  async run<K extends ModelTask>(
    model: ModelInfo,
    provider: Provider,
    task: K,
    input: Tasks[K]['input'],
    listeners: Listeners<K>,
    workers = 1,
  ): Promise<Tasks[K]['output']> {
    const resident = this.#residentFor(model, provider, task, workers);
    this.#residents.delete(resident);
    this.#residents.add(resident);
    const isSession = task === 'listen' || task === 'transcribe';
    if (isSession) resident.sessions++;
    resident.live ||= task === 'listen';
    const answer = resident.connection.run(task, input, listeners);
    this.#shrink(this.#budgetBytes);
    try {
      return await answer;
    } catch (error) {
      if (error instanceof EngineError && error.code === 'out-of-memory') this.#shrink(0);
      throw error;
    } finally {
      if (isSession) resident.sessions--;
      if (task === 'listen') resident.live = false;
    }
  }

  /** Has the worker of a model load it. Throws as `run` does. */
  warmUp(model: ModelInfo, provider: Provider, listeners: Listeners<'warmUp'>): Promise<DeviceInfo> {
    return this.run(model, provider, 'warmUp', { model: model.id, kind: model.kind, provider }, listeners);
  }

  /** Ends the workers of a model; what they were doing fails. */
  unload(model: string): void {
    for (const resident of this.#residents) {
      if (resident.model !== model) continue;
      this.#residents.delete(resident);
      resident.connection.close(
        new EngineError('model-missing', `The model "${model}" was removed while it was in use.`),
      );
    }
  }

  #residentFor(model: ModelInfo, provider: Provider, task: ModelTask, workers: number): Resident {
    const key = `${model.id}/${provider}${workers > 1 ? '/parallel' : ''}`;
    const bytes = model.unpackedBytes * WEIGHT_COPIES + RUNTIME_BYTES;
    const able = [...this.#residents].filter(
      (resident) => resident.key === key && (task === 'listen' ? resident.sessions === 0 : !resident.live),
    );
    const [leastBusy] = able.sort((a, b) => a.connection.waiting - b.connection.waiting);
    const another = able.length < workers && this.#bytes() + bytes <= this.#budgetBytes;
    if (leastBusy && (leastBusy.connection.waiting === 0 || !another)) return leastBusy;
    // The same model in its other form is not wanted at the same time.
    this.#release((resident) => resident.model === model.id && resident.key !== key);
    return { model: model.id, key, connection: new Connection(this.#spawn), bytes, sessions: 0, live: false };
  }

  #bytes(): number {
    return [...this.#residents].reduce((sum, resident) => sum + resident.bytes, 0);
  }

  /** Lets idle models go, the one used longest ago first, until the rest fits. */
  #shrink(budgetBytes: number): void {
    this.#release(() => this.#bytes() > budgetBytes);
  }

  /** Lets those go that are idle, the one used longest ago first. */
  #release(unwanted: (resident: Resident) => boolean): void {
    for (const resident of this.#residents) {
      if (resident.connection.waiting > 0 || !unwanted(resident)) continue;
      this.#residents.delete(resident);
      resident.connection.close(new EngineError('internal', 'The model was unloaded.'));
    }
  }
}
