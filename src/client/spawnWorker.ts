import type { WorkerLike } from './connection.ts';

/**
 * Starts a worker whose end is noticed however it comes. One that the browser ends (for want of memory, or because it closed
 * itself) fires no event, but it lets go of the lock that it holds under its name as long as it lives (worker/worker.ts):
 * then the event is fired for it.
 */
export function spawnWorker(): WorkerLike {
  // Both locks and such names are for secure pages alone.
  const name = 'locks' in navigator ? `glossa-worker-${crypto.randomUUID()}` : '';
  const worker = new Worker(new URL('../worker/worker.ts', import.meta.url), { type: 'module', name });
  if (name === '') return worker;

  // It has its lock before it answers; asked for earlier, the lock could be had while it lives.
  const watch = async (): Promise<void> => {
    const { held } = await navigator.locks.query();
    if (!held?.some((lock) => lock.name === name)) return;
    worker.removeEventListener('message', look);
    await navigator.locks.request(name, () => {
      worker.dispatchEvent(new ErrorEvent('error', { message: 'the browser ended it' }));
    });
  };
  const look = (): void => void watch();
  worker.addEventListener('message', look);
  return worker;
}
