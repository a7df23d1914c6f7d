import type { Glossa } from '../../client/engine.ts';
import type { Progress } from '../../protocol/types.ts';
import { type Failure, type JobOptions, toFailure } from '../useTask.ts';

/** A model that is being fetched, or could not be. */
export type Install = { state: 'running'; progress: Progress | null } | { state: 'failed'; failure: Failure };

export type InstallEnd = 'done' | 'paused' | 'failed';

type StartInstall = (options: JobOptions) => Promise<unknown>;

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

  /**
   * Fetches a model, or goes on with it. Never rejects.
   * @param install - has it fetched, where it is not one that this site serves
   */
  start(id: string, onProgress?: (progress: Progress) => void, install?: StartInstall): Promise<InstallEnd> {
    const running = this.#running.get(id);
    if (running) return running.ended;
    const abort = new AbortController();
    const fetch = install ?? ((options): Promise<unknown> => this.#glossa.models.install(id, options));
    const ended = this.#install(id, fetch, abort.signal, onProgress).finally(() => this.#running.delete(id));
    this.#running.set(id, { abort, ended });
    return ended;
  }

  /** Stops fetching a model, once what came is kept. */
  async pause(id: string): Promise<void> {
    const running = this.#running.get(id);
    running?.abort.abort();
    await running?.ended;
  }

  async #install(
    id: string,
    fetch: StartInstall,
    signal: AbortSignal,
    onProgress?: (progress: Progress) => void,
  ): Promise<InstallEnd> {
    this.#show(id, { state: 'running', progress: null });
    try {
      await fetch({
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
