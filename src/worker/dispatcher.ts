import { abortedError, toWire, type WireError } from '../protocol/errors.ts';
import type { Request, TaskName, Tasks } from '../protocol/messages.ts';
import type { Progress } from '../protocol/types.ts';
import { ProgressReporter } from './progress.ts';
import type { Task } from './tasks/task.ts';

export type TaskRegistry = { [K in TaskName]: Task<K> };

type RunRequest<K extends TaskName> = { [T in K]: { type: 'run'; id: number; task: T; input: Tasks[T]['input'] } }[K];

/** `Reply` for one task: tied to its tag by K, which a union cannot be where K is not known yet. */
type ReplyTo<K extends TaskName> = {
  [T in K]:
    | { type: 'event'; id: number; task: T; event: Tasks[T]['event'] }
    | { type: 'done'; id: number; task: T; output: Tasks[T]['output'] }
    | { type: 'progress'; id: number; progress: Progress }
    | { type: 'failed'; id: number; error: WireError };
}[K];

/** What a dispatcher speaks through: a worker's scope, or a MessagePort. */
export interface DispatcherPort {
  postMessage<K extends TaskName>(message: ReplyTo<K>): void;
  onmessage: ((event: MessageEvent<Request>) => void) | null;
}

interface Job {
  request: RunRequest<TaskName>;
  abort: AbortController;
}

/**
 * Answers every request that comes through the port: one job at a time, first come, first served. A job that fails or is
 * stopped does not hold up the next one, and a job that is stopped before it began is answered at once.
 */
export function serve(port: DispatcherPort, tasks: TaskRegistry): void {
  const queue: Job[] = [];
  let running: Job | undefined;

  port.onmessage = ({ data: request }) => {
    switch (request.type) {
      case 'run':
        queue.push({ request, abort: new AbortController() });
        if (!running) void work();
        break;
      case 'abort':
        stop(request.id);
        break;
    }
  };

  async function work(): Promise<void> {
    while ((running = queue.shift())) {
      const { request, abort } = running;
      try {
        await run(request, abort.signal);
      } catch (error) {
        // Whatever a stopped job trips over on its way out, it was stopped.
        const stopped = abort.signal.aborted && { code: 'aborted' as const, message: abortedError().message };
        port.postMessage({ type: 'failed', id: request.id, error: { ...toWire(error), ...stopped } });
      }
    }
  }

  function stop(id: number): void {
    if (running?.request.id === id) running.abort.abort();
    const waiting = queue.findIndex(({ request }) => request.id === id);
    if (waiting < 0) return;
    queue.splice(waiting, 1);
    port.postMessage({ type: 'failed', id, error: toWire(abortedError()) });
  }

  async function run<K extends TaskName>({ id, task, input }: RunRequest<K>, signal: AbortSignal): Promise<void> {
    const progress = new ProgressReporter((value) => port.postMessage({ type: 'progress', id, progress: value }));
    try {
      const perform = tasks[task];
      const output = await perform(input, {
        signal,
        progress: progress.report,
        emit: (event) => port.postMessage<K>({ type: 'event', id, task, event }),
      });
      progress.finish();
      port.postMessage<K>({ type: 'done', id, task, output });
    } finally {
      progress.stop();
    }
  }
}
