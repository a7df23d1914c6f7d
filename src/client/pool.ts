import { EngineError } from '../protocol/errors.ts';
import type { ProviderChoice, TaskName, Tasks } from '../protocol/messages.ts';
import type { DeviceInfo, ModelInfo, Provider, ResidentModel } from '../protocol/types.ts';
import { Connection, type Listeners, type WorkerLike } from './connection.ts';
import { residentBytes } from './memory.ts';
import type { ProviderTests } from './providerTests.ts';
import { isGpuLoss, type Providers, whyProvider } from './providers.ts';

interface Resident {
  model: string;
  provider: Provider;
  /** The model, where it runs, and whether it is one of several workers that share the device. */
  key: string;
  connection: Connection;
  bytes: number;
  /** How many live sessions and files it has: a live session cannot wait for them, and nobody can for a live session. */
  sessions: number;
  live: boolean;
  /** In milliseconds since 1970. */
  lastUsedAt: number;
}

/** What takes as long as a download: nobody who only asks what there is waits for it. */
const FETCHING: readonly TaskName[] = ['installModel', 'inspectModel', 'importModel', 'installFrom', 'verifyModel'];
/** What reads foreign files, of any size. */
const CONVERTING: readonly TaskName[] = ['inspectModel', 'importModel', 'installFrom'];

/** What is done by a model's own worker. */
type ModelTask = 'translate' | 'transcribe' | 'listen' | 'caption' | 'summarise' | 'warmUp';

/**
 * One worker for each resident model and provider, a second one where the first is held by a live session, several where jobs
 * are to run at the same time, and two that hold no model: the manager, and one that fetches. Before a model is loaded there is
 * made room for it: the one that was used longest ago goes, and its worker with it, because WASM memory never shrinks.
 */
export class Pool {
  readonly #spawn: () => WorkerLike;
  readonly #budgetBytes: number;
  readonly #manager: Connection;
  readonly #fetcher: Connection;
  readonly #providers: Providers;
  readonly #tests: ProviderTests;
  /** Models that somebody will want again in a moment, and how often they were asked to be kept. */
  readonly #held = new Map<string, number>();
  #askedToKeep = false;
  /** In the order of their last use. */
  readonly #residents = new Set<Resident>();

  constructor(spawn: () => WorkerLike, budgetBytes: number, providers: Providers, tests: ProviderTests) {
    this.#spawn = spawn;
    this.#providers = providers;
    this.#tests = tests;
    this.#budgetBytes = budgetBytes;
    this.#manager = new Connection(spawn);
    this.#fetcher = new Connection(spawn);
  }

  /** Has a task done that needs no model. Throws as `Connection.run` does. */
  async manage<K extends TaskName>(
    task: K,
    input: Tasks[K]['input'],
    listeners: Listeners<K>,
  ): Promise<Tasks[K]['output']> {
    // Where nothing can be kept, what was fetched is known to the worker that did it alone.
    const fetches = FETCHING.includes(task) && (await canKeepModels());
    const connection = fetches ? this.#fetcher : this.#manager;
    try {
      return await connection.run(task, input, listeners);
    } finally {
      // What was read and converted took memory that only the end of the worker gives back; a conversion that was stopped ends with it.
      // A download that is stopped first keeps what came.
      const keeps = task === 'installFrom' && listeners.signal?.aborted === true;
      if (fetches && CONVERTING.includes(task) && connection.waiting === 0 && !keeps)
        connection.close(new EngineError('internal', 'The worker that fetches was ended.'));
    }
  }

  /** Asks the browser, once, not to clear away what is stored: workers cannot ask. Some ask the reader, so nothing waits for it. */
  keepStorage(): void {
    if (this.#askedToKeep || !('storage' in navigator)) return;
    this.#askedToKeep = true;
    navigator.storage.persist().catch(() => false);
  }

  /**
   * Has the worker of a model do a task; it is started when it is not there. Where nobody chose the provider, what WebGPU fails
   * to do is done on WASM.
   * @param workers - how many of the model may work at the same time
   * @throws EngineError out-of-memory where there is no room for the model, and what `Connection.run` does
   */
  async run<K extends ModelTask>(
    model: ModelInfo,
    choice: ProviderChoice,
    task: K,
    input: Tasks[K]['input'],
    listeners: Listeners<K>,
    workers = 1,
  ): Promise<Tasks[K]['output']> {
    const rest = this.#tests.begin();
    const on = (provider: Provider, given: Tasks[K]['input']): Promise<Tasks[K]['output']> =>
      this.#runOn(model, provider, task, { ...given, provider }, listeners, workers);
    try {
      if (choice !== 'auto') return await on(choice, input);
      const provider = await this.#providers.of(model);
      if (provider === 'wasm') {
        const output = await on('wasm', input);
        this.#tests.consider(model);
        return output;
      }
      try {
        return await on('webgpu', input);
      } catch (error) {
        if (!isGpuLoss(error)) throw error;
        this.#providers.lose(model, error);
        // What was transferred is gone with the worker that had it.
        if (listeners.transfer && listeners.transfer.length > 0) throw error;
        return await on('wasm', listeners.onFallback?.(error) ?? input);
      }
    } finally {
      rest();
    }
  }

  async #runOn<K extends ModelTask>(
    model: ModelInfo,
    provider: Provider,
    task: K,
    input: Tasks[K]['input'],
    listeners: Listeners<K>,
    workers: number,
  ): Promise<Tasks[K]['output']> {
    if (model.state !== 'installed') this.keepStorage();
    const resident = this.#residentFor(model, provider, task, workers);
    if (!resident.connection.alive) this.#makeRoom(model, resident);
    this.#residents.delete(resident);
    this.#residents.add(resident);
    resident.lastUsedAt = Date.now();
    const isSession = task === 'listen' || task === 'transcribe';
    if (isSession) resident.sessions++;
    resident.live ||= task === 'listen';
    try {
      return await resident.connection.run(task, input, listeners);
    } catch (error) {
      if (error instanceof EngineError && error.code === 'out-of-memory') this.#release(() => true);
      throw error;
    } finally {
      resident.lastUsedAt = Date.now();
      if (isSession) resident.sessions--;
      if (task === 'listen') resident.live = false;
    }
  }

  /** Has the worker of a model load it. Throws as `run` does. */
  async warmUp(model: ModelInfo, provider: ProviderChoice, listeners: Listeners<'warmUp'>): Promise<DeviceInfo> {
    const device = await this.run(
      model,
      provider,
      'warmUp',
      { model: model.id, kind: model.kind, provider },
      listeners,
    );
    if (provider !== 'auto') return device;
    return { ...device, why: `${whyProvider(this.#providers.known(model))} ${device.why}` };
  }

  /** Whether models can be in memory at the same time. */
  fits(models: readonly ModelInfo[]): boolean {
    return models.reduce((sum, model) => sum + residentBytes(model), 0) <= this.#budgetBytes;
  }

  /** Keeps a model, idle or not, until what this returns is called. */
  hold(model: string): () => void {
    this.#held.set(model, (this.#held.get(model) ?? 0) + 1);
    let held = true;
    return () => {
      if (!held) return;
      held = false;
      this.#held.set(model, (this.#held.get(model) ?? 1) - 1);
    };
  }

  /** The models that are loaded, or being loaded, the one used longest ago first. */
  resident(): ResidentModel[] {
    const models = new Map<string, ResidentModel>();
    for (const { model, provider, connection, bytes, lastUsedAt } of this.#alive()) {
      const before = models.get(model);
      models.delete(model);
      models.set(model, {
        model,
        provider,
        workers: (before?.workers ?? 0) + 1,
        bytes: (before?.bytes ?? 0) + bytes,
        busy: before?.busy === true || connection.waiting > 0,
        lastUsedAt: Math.max(before?.lastUsedAt ?? 0, lastUsedAt),
      });
    }
    return [...models.values()];
  }

  /** Ends the workers of a model; what they were doing fails, with this sentence. */
  unload(model: string, error: EngineError): void {
    for (const resident of this.#residents) {
      if (resident.model !== model) continue;
      this.#residents.delete(resident);
      resident.connection.close(error);
    }
  }

  #residentFor(model: ModelInfo, provider: Provider, task: ModelTask, workers: number): Resident {
    const key = `${model.id}/${provider}${workers > 1 ? '/parallel' : ''}`;
    const bytes = residentBytes(model);
    const able = [...this.#residents].filter(
      (resident) => resident.key === key && (task === 'listen' ? resident.sessions === 0 : !resident.live),
    );
    const [leastBusy] = able.sort((a, b) => a.connection.waiting - b.connection.waiting);
    const another = able.length < workers && this.#bytes() + bytes <= this.#budgetBytes;
    if (leastBusy && (leastBusy.connection.waiting === 0 || !another)) return leastBusy;
    // The same model in its other form is not wanted at the same time.
    this.#release((resident) => resident.model === model.id && resident.key !== key);
    const connection = new Connection(this.#spawn);
    return { model: model.id, provider, key, connection, bytes, sessions: 0, live: false, lastUsedAt: 0 };
  }

  #alive(): Resident[] {
    return [...this.#residents].filter(({ connection }) => connection.alive);
  }

  #bytes(): number {
    return this.#alive().reduce((sum, resident) => sum + resident.bytes, 0);
  }

  /**
   * Lets idle models go, the one used longest ago first, until another one fits; what works cannot go. A model that is too
   * large for this device by itself is tried, but not beside another one.
   * @throws EngineError out-of-memory
   */
  #makeRoom(model: ModelInfo, { bytes }: Resident): void {
    this.#release(() => this.#bytes() + bytes > this.#budgetBytes);
    if (bytes <= this.#budgetBytes || this.#alive().length === 0 || this.#isHeld(model.id)) return;
    throw new EngineError(
      'out-of-memory',
      `The model "${model.id}" takes about ${megabytes(bytes)} of memory, more than the ${megabytes(this.#budgetBytes)} that this device can spare, so it runs only by itself. Wait until what is running has ended, or stop it.`,
    );
  }

  /** Lets those go that are idle and that nobody holds, the one used longest ago first. */
  #release(unwanted: (resident: Resident) => boolean): void {
    for (const resident of this.#residents) {
      if (resident.connection.waiting > 0 || this.#isHeld(resident.model) || !unwanted(resident)) continue;
      this.#residents.delete(resident);
      resident.connection.close(new EngineError('internal', 'The model was unloaded.'));
    }
  }

  #isHeld(model: string): boolean {
    return (this.#held.get(model) ?? 0) > 0;
  }
}

/** Whether this browser lets the page keep models: some private windows do not. */
async function canKeepModels(): Promise<boolean> {
  if (!('caches' in globalThis)) return false;
  return caches.keys().then(
    () => true,
    () => false,
  );
}

const megabytes = (bytes: number): string => `${Math.round(bytes / 1e6)} MB`;
