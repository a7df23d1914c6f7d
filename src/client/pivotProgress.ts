import type { ModelInfo, Progress } from '../protocol/types.ts';

/**
 * One progress of two models that work at the same time: the bytes of both while either is being fetched, then the loading of
 * the first, then the sentences that have come through both.
 */
export class PivotProgress {
  readonly #first: ModelInfo;
  readonly #onProgress: ((progress: Progress) => void) | undefined;
  /** Of each model that is to be fetched: how many bytes, and the share of them that is here. */
  readonly #fetching: Map<ModelInfo, { bytes: number; share: number }>;
  #done = 0;
  #total: number | null = null;

  constructor(models: readonly [ModelInfo, ModelInfo], onProgress: ((progress: Progress) => void) | undefined) {
    this.#first = models[0];
    this.#onProgress = onProgress;
    this.#fetching = new Map(
      models
        .filter(({ state }) => state !== 'installed')
        .map((model) => [model, { bytes: Math.max(1, model.downloadBytes - model.storedBytes), share: 0 }]),
    );
  }

  /** What the worker of a model says. */
  hear(model: ModelInfo, progress: Progress): void {
    const fetched = this.#fetching.get(model);
    if (fetched) fetched.share = progress.stage === 'download' ? progress.done / Math.max(1, progress.total) : 1;
    if (progress.stage === 'download') this.#tellBytes();
    if (model !== this.#first) return;
    if (progress.stage === 'load' && !this.#isFetching()) this.#onProgress?.(progress);
    if (progress.stage !== 'decode') return;
    this.#total = progress.total;
    this.#tellSentences();
  }

  /** So many sentences have come through both models. */
  through(done: number): void {
    this.#done = Math.max(this.#done, done);
    this.#tellSentences();
  }

  #isFetching(): boolean {
    return [...this.#fetching.values()].some(({ share }) => share < 1);
  }

  #tellBytes(): void {
    const parts = [...this.#fetching.values()];
    if (parts.length === 0) return;
    const total = parts.reduce((sum, { bytes }) => sum + bytes, 0);
    const done = parts.reduce((sum, { bytes, share }) => sum + bytes * share, 0);
    this.#onProgress?.({ stage: 'download', done: Math.round(done), total, unit: 'bytes' });
  }

  #tellSentences(): void {
    if (this.#total === null || this.#isFetching()) return;
    this.#onProgress?.({ stage: 'decode', done: this.#done, total: this.#total, unit: 'items' });
  }
}
