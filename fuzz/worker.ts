import { parentPort } from 'node:worker_threads';
import { run } from './run.ts';
import { findTarget } from './targets/index.ts';
import type { Answer, Order } from './watch.ts';

// A borrowed reader says there what it does not know: of a hundred thousand files nobody wants to hear it.
console.warn = () => undefined;

parentPort?.on('message', ({ target, progress, ...range }: Order) => {
  const answer = (message: Answer): void => parentPort?.postMessage(message);
  run(findTarget(target), range, (index) => Atomics.store(progress, 0, index)).then(
    (outcome) => answer({ outcome }),
    (error: unknown) => answer({ failure: error instanceof Error ? (error.stack ?? error.message) : String(error) }),
  );
});
