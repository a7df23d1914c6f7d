import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import type { Finding, Outcome, Range } from './run.ts';

/** What a thread is told, and what it answers. */
export interface Order extends Range {
  target: string;
  /** Where the thread writes the number of the input that it reads. */
  progress: Int32Array<SharedArrayBuffer>;
}
export type Answer = { outcome: Outcome } | { failure: string };

/** After so long with one input the thread is ended. */
const HUNG_MS = 15_000;
const LOOK_MS = 250;
/** What a thread may hold on V8's heap. */
const HEAP_MB = 512;

/** A thread of Node 20 reads no TypeScript by itself, and does not take over the loaders of the one that starts it. */
const LOADER = `
  import('tsx/esm/api').then(({ register }) => {
    register();
    return import(require('node:worker_threads').workerData);
  });
`;

/** A thread that reads inputs, and that is replaced when one of them does not end. */
export class Watched {
  #worker: Worker | null = null;

  /** Runs a target in the thread. An input that hangs it, or that takes all its memory, is a finding like others. */
  async run(target: string, range: Range): Promise<Outcome> {
    const worker = (this.#worker ??= new Worker(LOADER, {
      eval: true,
      workerData: new URL('./worker.ts', import.meta.url).href,
      resourceLimits: { maxOldGenerationSizeMb: HEAP_MB },
    }));
    const progress = new Int32Array(new SharedArrayBuffer(4)).fill(range.from);
    const stopped = new AbortController();
    const lost = async (what: string): Promise<Outcome> => {
      await this.close();
      const finding: Finding = { index: progress[0] ?? 0, what };
      return { inputs: finding.index - range.from, read: 0, slowestMs: 0, most: 0, grown: 0, findings: [finding] };
    };
    const { signal } = stopped;
    const hung = new Promise<string>((resolve) => {
      let seen = -1;
      let since = Date.now();
      const timer = setInterval(() => {
        if (progress[0] !== seen) [seen, since] = [progress[0] ?? 0, Date.now()];
        else if (Date.now() - since > HUNG_MS) resolve(`did not end within ${HUNG_MS} ms`);
      }, LOOK_MS);
      signal.addEventListener('abort', () => clearInterval(timer));
    });
    try {
      const order: Order = { target, ...range, progress };
      const answered = once(worker, 'message', { signal }) as Promise<[Answer]>;
      worker.postMessage(order);
      const ended = await Promise.race([answered, hung]).catch((error: unknown) => String(error));
      if (typeof ended === 'string') return await lost(ended);
      if ('failure' in ended[0]) throw new Error(ended[0].failure);
      return ended[0].outcome;
    } finally {
      stopped.abort();
    }
  }

  async close(): Promise<void> {
    const worker = this.#worker;
    this.#worker = null;
    await worker?.terminate();
  }
}
