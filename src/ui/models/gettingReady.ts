import type { Glossa } from '../../client/engine.ts';
import { keepOfflinePlan } from '../../library/offlinePlan.ts';
import type { ModelInfo, Progress } from '../../protocol/types.ts';
import { type Failure, toFailure } from '../useTask.ts';
import { installsOf } from './installs.ts';
import { keepPage } from './keepPage.ts';

/** How far getting ready for offline is. */
export type Readying =
  | { state: 'idle' | 'page' | 'paused' | 'no-page' | 'ready' }
  | { state: 'fetching' | 'checking'; progress: Progress }
  | { state: 'broken'; model: string }
  | { state: 'failed'; model: string | null; failure: Failure };

const RUNNING: readonly Readying['state'][] = ['page', 'fetching', 'checking'];

export const isReadying = ({ state }: Readying): boolean => RUNNING.includes(state);

/**
 * Fetches all that the chosen models and the page itself need, and checks it. It outlives the panel, and what is chosen is
 * kept, so that a page that is loaded again goes on with it.
 */
export class GettingReady {
  readonly #glossa: Glossa;
  readonly #listeners = new Set<() => void>();
  #shown: Readying = { state: 'idle' };
  #running: Promise<Readying> | null = null;
  #abort = new AbortController();
  #fetching: string | null = null;

  constructor(glossa: Glossa) {
    this.#glossa = glossa;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  readonly shown = (): Readying => this.#shown;

  /** Resolves with how it ended; never rejects. One that is running already is joined. */
  run(models: readonly string[]): Promise<Readying> {
    this.#running ??= this.#run(models).finally(() => (this.#running = null));
    return this.#running;
  }

  async pause(): Promise<void> {
    this.#abort.abort();
    if (this.#fetching !== null) await installsOf(this.#glossa).pause(this.#fetching);
    await this.#running;
  }

  async #run(models: readonly string[]): Promise<Readying> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    await keepPlan(models, true);
    let end: Readying;
    try {
      end = await this.#prepare(models, signal);
    } catch (error) {
      end = { state: 'failed', model: null, failure: toFailure(error) };
    }
    if (signal.aborted) end = { state: 'paused' };
    // A failure may be the network's: the next visit tries again.
    await keepPlan(models, end.state === 'failed');
    return this.#show(end);
  }

  async #prepare(models: readonly string[], signal: AbortSignal): Promise<Readying> {
    this.#show({ state: 'page' });
    const isPageHere = await keepPage(signal);
    const wanted = (await this.#glossa.models.list()).filter(({ id }) => models.includes(id));
    const fetched = await this.#fetchAll(wanted, signal);
    if (fetched) return fetched;
    for (const [done, { id }] of wanted.entries()) {
      this.#show({ state: 'checking', progress: { stage: 'load', done, total: wanted.length, unit: 'items' } });
      if (!(await this.#isSound(id, signal))) return { state: 'broken', model: id };
    }
    return { state: isPageHere ? 'ready' : 'no-page' };
  }

  /** Null when all are here. */
  async #fetchAll(models: readonly ModelInfo[], signal: AbortSignal): Promise<Readying | null> {
    const total = models.reduce((sum, { downloadBytes }) => sum + downloadBytes, 0);
    const here = new Map(models.map(({ id, storedBytes }) => [id, storedBytes]));
    const tell = (): void => {
      const done = [...here.values()].reduce((sum, bytes) => sum + bytes, 0);
      this.#show({ state: 'fetching', progress: { stage: 'download', done, total, unit: 'bytes' } });
    };
    for (const { id, downloadBytes } of models) {
      if (signal.aborted) return { state: 'paused' };
      tell();
      const end = await this.#fetch(id, (progress) => {
        here.set(id, downloadBytes - progress.total + progress.done);
        tell();
      });
      if (end) return end;
      here.set(id, downloadBytes);
    }
    return null;
  }

  async #fetch(id: string, onProgress: (progress: Progress) => void): Promise<Readying | null> {
    const installs = installsOf(this.#glossa);
    this.#fetching = id;
    const end = await installs.start(id, onProgress);
    this.#fetching = null;
    if (end === 'done') return null;
    const install = installs.shown().get(id);
    if (install?.state === 'failed') return { state: 'failed', model: id, failure: install.failure };
    return { state: 'paused' };
  }

  /** Damaged files are thrown away by the check: they are fetched again, once. */
  async #isSound(id: string, signal: AbortSignal): Promise<boolean> {
    const verify = async (): Promise<boolean> => (await this.#glossa.models.verify(id, { signal })).ok;
    return (await verify()) || ((await this.#fetch(id, () => undefined)) === null && verify());
  }

  #show(readying: Readying): Readying {
    this.#shown = readying;
    for (const listener of this.#listeners) listener();
    return readying;
  }
}

/** A browser that keeps nothing gets ready all the same; only, a reload does not go on with it. */
async function keepPlan(models: readonly string[], wanted: boolean): Promise<void> {
  await keepOfflinePlan({ models: [...models], wanted }).catch(() => undefined);
}

const all = new WeakMap<Glossa, GettingReady>();

/** That of an engine. */
export function gettingReadyOf(glossa: Glossa): GettingReady {
  const getting = all.get(glossa) ?? new GettingReady(glossa);
  all.set(glossa, getting);
  return getting;
}
