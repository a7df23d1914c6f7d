import { parentPort } from 'node:worker_threads';
import { run } from './run.ts';
import { findTarget } from './targets/index.ts';
import type { Answer, Order } from './watch.ts';

parentPort?.on('message', ({ target, progress, ...range }: Order) => {
  const answer = (message: Answer): void => parentPort?.postMessage(message);
  run(findTarget(target), range, (index) => Atomics.store(progress, 0, index)).then(
    (outcome) => answer({ outcome }),
    (error: unknown) => answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
