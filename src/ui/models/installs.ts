import type { Glossa } from '../../client/engine.ts';
import type { Progress } from '../../protocol/types.ts';
import { type Failure, toFailure } from '../useTask.ts';

/** A model that is being fetched, or could not be. */
export type Install = { state: 'running'; progress: Progress | null } | { state: 'failed'; failure: Failure };

export type InstallEnd = 'done' | 'paused' | 'failed';

interface Running {
  abort: AbortController;
  ended: Promise<InstallEnd>;
}

/**
 * The models that are being fetched. It outlives the panel that shows it: a download goes on while the reader works, and
 * what is paused goes on later where it was, after a reload too, because the store keeps what came.
 */
export class Installs {
  readonly #glossa: Glossa;
  readonly #running = new Map<string, Running>();
  readonly #listeners = new Set<() => void>();
  #shown: ReadonlyMap<string, Install> = new Map();

  constructor(glossa: Glossa) {
    this.#glossa = glossa;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /** By the models' ids. */
  readonly shown = (): ReadonlyMap<string, Install> => this.#shown;

  /** Fetches a model, or goes on with it. Never rejects. */
  start(id: string, onProgress?: (progress: Progress) => void): Promise<InstallEnd> {
    const running = this.#running.get(id);
    if (running) return running.ended;
    const abort = new AbortController();
    const ended = this.#install(id, abort.signal, onProgress).finally(() => this.#running.delete(id));
    this.#running.set(id, { abort, ended });
    return ended;
  }

  /** Stops fetching a model, once what came is kept. */
  async pause(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.abort.abort();
    await running?.ended;
  }

  async #install(id: string, signal: AbortSignal, onProgress?: (progress: Progress) => void): Promise<InstallEnd> {
    this.#show(id, { state: 'running', progress: null });
    try {
      await this.#glossa.models.install(id, {
        signal,
        onProgress: (progress) => {
          if (signal.aborted) return;
          this.#show(id, { state: 'running', progress });
          onProgress?.(progress);
        },
      });
      this.#show(id, null);
      return 'done';
    } catch (error) {
      this.#show(id, signal.aborted ? null : { state: 'failed', failure: toFailure(error) });
      return signal.aborted ? 'paused' : 'failed';
    }
  }

  #show(id: string, install: Install | null): void {
    const shown = new Map(this.#shown);
    if (install) shown.set(id, install);
    else shown.delete(id);
    this.#shown = shown;
    for (const listener of this.#listeners) listener();
  }
}

const all = new WeakMap<Glossa, Installs>();

/** Those of an engine. */
export function installsOf(glossa: Glossa): Installs {
  const installs = all.get(glossa) ?? new Installs(glossa);
  all.set(glossa, installs);
  return installs;
}
