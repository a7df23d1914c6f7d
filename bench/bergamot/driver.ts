/** What the page's `bergamot` can do once `defineBergamot` has run there. */
export interface BergamotDriver {
  /** Keeps the weights on disk, as an application would. */
  fetchWeights(): Promise<void>;
  /** Starts that many workers; resolves with the ms from there to the translation of `line`. */
  start(workers: number, line: string): Promise<number>;
  translate(lines: string[]): Promise<string[]>;
}

/**
 * Runs in the page, so it must not touch anything outside itself. It speaks the messages of the package's own worker
 * (worker/translator-worker.js) as the package's translator.js does, without that file's queue and its model registry on
 * the network, and it hands the weights over instead of copying them.
 */
export function defineBergamot(): void {
  interface TranslationWorker {
    call(name: string, args: unknown[], transfer?: ArrayBuffer[]): Promise<unknown>;
  }
  const direction = { from: 'en', to: 'pt' };
  let workers: TranslationWorker[] = [];

  function createWorker(): TranslationWorker {
    const worker = new Worker('/translator-worker.js');
    const pending = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
    let serial = 0;
    worker.onmessage = ({ data }: MessageEvent<{ id: number; result: unknown; error?: { message: string } }>) => {
      const call = pending.get(data.id);
      pending.delete(data.id);
      if (data.error === undefined) call?.resolve(data.result);
      else call?.reject(new Error(data.error.message));
    };
    return {
      call: (name, args, transfer = []) =>
        new Promise((resolve, reject) => {
          const id = ++serial;
          pending.set(id, { resolve, reject });
          worker.postMessage({ id, name, args }, transfer);
        }),
    };
  }

  async function load(worker: TranslationWorker): Promise<void> {
    const cache = await caches.open('weights');
    const read = async (path: string) => {
      const response = await cache.match(path);
      if (response === undefined) throw new Error(`${path} is not cached.`);
      return response.arrayBuffer();
    };
    const files = Promise.all([read('/model'), read('/shortlist'), read('/vocabulary')]);
    await worker.call('initialize', [{ cacheSize: 0 }]);
    const [model, shortlist, vocabulary] = await files;
    const buffers = { model, shortlist, vocabs: [vocabulary], qualityModel: null, config: {} };
    await worker.call('loadTranslationModel', [direction, buffers], [model, shortlist, vocabulary]);
  }

  async function translateOn(worker: TranslationWorker, lines: string[]): Promise<string[]> {
    const texts = lines.map((text) => ({ text, html: false, qualityScores: false }));
    const answers = (await worker.call('translate', [{ models: [direction], texts }])) as {
      target: { text: string };
    }[];
    return answers.map(({ target }) => target.text);
  }

  const bergamot: BergamotDriver = {
    async fetchWeights() {
      const cache = await caches.open('weights');
      await cache.addAll(['/model', '/shortlist', '/vocabulary']);
    },
    async start(count, line) {
      const startedMs = performance.now();
      workers = Array.from({ length: count }, createWorker);
      const first = workers[0];
      if (first === undefined) throw new Error('At least one worker is needed.');
      const others = workers.slice(1).map(load);
      await load(first);
      await translateOn(first, [line]);
      const readyMs = performance.now() - startedMs;
      await Promise.all(others);
      return readyMs;
    },
    /** Deals the lines out by length, so that the workers have the same to do. */
    async translate(lines) {
      const byLength = lines.map((_, at) => at).sort((a, b) => (lines[b]?.length ?? 0) - (lines[a]?.length ?? 0));
      const shares = workers.map((_, share) =>
        byLength.filter((_, rank) => rank % workers.length === share).sort((a, b) => a - b),
      );
      const targets: string[] = [];
      await Promise.all(
        workers.map(async (worker, at) => {
          const share = shares[at] ?? [];
          if (share.length === 0) return;
          const answers = await translateOn(
            worker,
            share.map((line) => lines[line] ?? ''),
          );
          share.forEach((line, place) => (targets[line] = answers[place] ?? ''));
        }),
      );
      return targets;
    },
  };
  Object.assign(globalThis, { bergamot });
}
