import { EngineError } from '../protocol/errors.ts';
import type { ModelInfo, ModelKind, ProviderTest } from '../protocol/types.ts';
import { Connection, type WorkerLike } from './connection.ts';
import type { Providers } from './providers.ts';

/** The kinds that a test knows how to run. */
const TESTED: readonly ModelKind[] = ['translation', 'speech'];

/** How long nothing is asked of the engine before a model is tested: a reader who reads, and does not write. */
const REST_MS = 20_000;

/**
 * Tests models on WebGPU while the reader rests, each in a worker of its own that ends with the test, so that no work is ever
 * slower for it: the first work of a model is done on WASM, and what was found decides where later work is done.
 */
export class ProviderTests {
  readonly #spawn: () => WorkerLike;
  readonly #providers: Providers;
  readonly #restMs: number;
  readonly #waiting = new Map<string, ModelInfo>();
  /** Tested in this visit, whatever came of it. */
  readonly #done = new Set<string>();
  #working = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running: AbortController | null = null;

  constructor(spawn: () => WorkerLike, providers: Providers, restMs = REST_MS) {
    this.#spawn = spawn;
    this.#providers = providers;
    this.#restMs = restMs;
  }

  /** The engine is asked for something: a test gives way, and is made later. What is returned says that it is done. */
  begin(): () => void {
    this.#working++;
    clearTimeout(this.#timer);
    this.#running?.abort();
    return () => {
      this.#working--;
      this.#wait();
    };
  }

  /** A model has worked on WASM without anybody having chosen that. */
  consider(model: ModelInfo): void {
    if (!TESTED.includes(model.kind) || model.sha256 === undefined || this.#done.has(model.id)) return;
    this.#waiting.set(model.id, model);
    this.#wait();
  }

  /**
   * Tests a model now, on whatever adapter there is.
   * @throws EngineError aborted, and what keeps a model from being read
   */
  async test(model: ModelInfo, signal?: AbortSignal): Promise<ProviderTest> {
    if (!TESTED.includes(model.kind)) {
      throw new EngineError('unsupported-model', `There is no test for "${model.name}": it always runs on WASM.`);
    }
    const adapter = await this.#providers.adapter();
    const nothing: ProviderTest = { verdict: 'none', adapter: '' };
    const test = adapter ? await this.#run(model, true, signal) : nothing;
    this.#providers.keep(model, test);
    this.#done.add(model.id);
    return test;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    if (this.#working === 0 && this.#waiting.size > 0) this.#timer = setTimeout(() => void this.#next(), this.#restMs);
  }

  async #next(): Promise<void> {
    const [model] = this.#waiting.values();
    if (!model || this.#running) return;
    const abort = new AbortController();
    this.#running = abort;
    try {
      const adapter = await this.#providers.adapter();
      const isWanted = adapter && !adapter.software && (await this.#providers.isUntested(model));
      if (isWanted && !abort.signal.aborted) this.#providers.keep(model, await this.#run(model, false, abort.signal));
    } catch {
      // Its files or the runtime could not be read: tried again in another visit.
    }
    this.#running = null;
    if (!abort.signal.aborted) {
      this.#done.add(model.id);
      this.#waiting.delete(model.id);
    }
    this.#wait();
  }

  async #run({ id, kind }: ModelInfo, software: boolean, signal?: AbortSignal): Promise<ProviderTest> {
    const connection = new Connection(this.#spawn);
    try {
      return await connection.run('testProviders', { model: id, kind, software }, { signal });
    } finally {
      connection.close(new EngineError('aborted', 'The test is over.'));
    }
  }
}
