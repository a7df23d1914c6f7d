import { abortedError, EngineError } from '../protocol/errors.ts';
import type { ModelInfo, ModelKind } from '../protocol/types.ts';
import { checkId } from './checkOptions.ts';
import { rememberedModels, rememberModels } from './rememberedModels.ts';

/** The models there are, as they were listed last: which languages they know does not change from call to call. */
export class ModelDirectory {
  readonly #list: () => Promise<ModelInfo[]>;
  #known: Promise<ModelInfo[]> | undefined;

  /** @param list - asks the manager */
  constructor(list: () => Promise<ModelInfo[]>) {
    this.#list = list;
  }

  known(signal?: AbortSignal): Promise<ModelInfo[]> {
    const remembered = this.#known ? null : rememberedModels();
    if (remembered) this.#known = Promise.resolve(remembered);
    return unlessAborted((this.#known ??= this.refresh()), signal);
  }

  refresh(): Promise<ModelInfo[]> {
    const listed = this.#list();
    this.#known = listed;
    listed.then(rememberModels, () => {
      if (this.#known === listed) this.#known = undefined;
    });
    return listed;
  }

  forget(): void {
    this.#known = undefined;
    rememberModels(null);
  }

  /**
   * What `rank` puts first among the models of a kind, or of the one that is named; asks again for models that were added
   * since.
   * @throws EngineError model-missing where none has the id, and what `none` makes where none fits
   */
  async choose<T = ModelInfo>(
    kind: ModelKind,
    id: unknown,
    rank: (models: ModelInfo[]) => T[],
    none: (models: ModelInfo[]) => EngineError,
    signal?: AbortSignal,
  ): Promise<T> {
    const choose = (models: ModelInfo[]): T | undefined =>
      rank(models.filter((model) => model.kind === kind && (id === undefined || model.id === checkId(id))))[0];
    const found = choose(await this.known(signal));
    if (found) return found;
    const models = await unlessAborted(this.refresh(), signal);
    const added = choose(models);
    if (added) return added;
    if (id !== undefined && !models.some((candidate) => candidate.id === id)) {
      const message = `There is no model "${checkId(id)}". models.list() gives those there are.`;
      throw new EngineError('model-missing', message);
    }
    throw none(models.filter((model) => model.kind === kind));
  }
}

/** A promise shared between callers, for one of them: it rejects when that one stops. */
function unlessAborted<T>(shared: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return shared;
  return new Promise((resolve, reject) => {
    const stop = (): void => reject(abortedError());
    if (signal.aborted) stop();
    signal.addEventListener('abort', stop, { once: true });
    shared.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop));
  });
}
