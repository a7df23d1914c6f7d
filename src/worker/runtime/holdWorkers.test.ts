import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { holdWorkers } from './holdWorkers.ts';

let ended = 0;

class FakeWorker extends EventTarget implements Worker {
  onmessage = null;
  onmessageerror = null;
  onerror = null;
  readonly started: unknown[];
  constructor(url: string | URL, options?: WorkerOptions) {
    super();
    this.started = [url, options];
  }
  postMessage(): void {}
  terminate(): void {
    ended++;
  }
}

function collectGarbage(): void {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  collect();
}

it('starts and ends workers as before, and none that lives is collected', async () => {
  const scope: { Worker: typeof Worker } = { Worker: FakeWorker };
  holdWorkers(scope);
  expect(new scope.Worker('/thread.js', { name: 'thread' })).toMatchObject({
    started: ['/thread.js', { name: 'thread' }],
  });
  const [alive, dead] = [new WeakRef(new scope.Worker('/1.js')), new WeakRef(new scope.Worker('/2.js'))];
  dead.deref()?.terminate();
  expect(ended).toBe(1);
  // What a turn of the event loop has looked at through a WeakRef lives until its end.
  await new Promise((resolve) => setTimeout(resolve));
  collectGarbage();
  expect([alive.deref() !== undefined, dead.deref() !== undefined]).toEqual([true, false]);
});
