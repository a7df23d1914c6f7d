import { abortedError, EngineError, fromWire, type ErrorCode } from '../protocol/errors.ts';
import type { Reply, Request, TaskName, Tasks } from '../protocol/messages.ts';
import type { Progress } from '../protocol/types.ts';
import { watchTask } from './underway.ts';

/** What a connection needs of a Worker. */
export interface WorkerLike {
  postMessage(message: Request, transfer?: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<Reply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

/** What a caller hears while its job runs. */
export interface Listeners<K extends TaskName> {
  signal?: AbortSignal | undefined;
  onProgress?: ((progress: Progress) => void) | undefined;
  onEvent?: ((event: Tasks[K]['event']) => void) | undefined;
  /**
   * The graphics device failed, or its numbers did, and the job is done on WASM instead: what is given back is done; all of it
   * unless told, and then events come again.
   */
  onFallback?: ((error: EngineError) => Tasks[K]['input'] | undefined) | undefined;
  /** What of the input goes over to the worker instead of being copied. */
  transfer?: Transferable[] | undefined;
}

type RunRequest = Extract<Request, { type: 'run' }>;

interface Job {
  request: RunRequest;
  resolve: (output: Tasks[TaskName]['output']) => void;
  reject: (error: EngineError) => void;
  onProgress: ((progress: Progress) => void) | undefined;
  onEvent: ((event: Tasks[TaskName]['event']) => void) | undefined;
  transfer: Transferable[];
  /** What was transferred to one worker cannot be given to another one. */
  sent: boolean;
}

/** A worker that has not answered an abort by then is in a run that cannot be interrupted. */
const ABORT_PATIENCE_MS = 1000;

/** After these a worker may be broken in a way that only a new one mends. */
const RETIRING_CODES: readonly ErrorCode[] = [
  'out-of-memory',
  'device-lost',
  'worker-crashed', // one of its lanes
  'model-corrupt',
  'download-failed',
  'internal',
];

/**
 * One worker and the jobs it was given, which it does in the order they came. A worker that crashes fails what it had, and
 * the next job starts another one. A worker that is still busy a second after an abort is replaced if another job waits.
 */
export class Connection {
  readonly #spawn: () => WorkerLike;
  #worker: WorkerLike | null = null;
  /** The jobs that somebody waits for, in the order they were sent. */
  readonly #jobs = new Map<number, Job>();
  /** The jobs that were stopped, of which the worker has not said so yet, and when they were. */
  readonly #stopped = new Map<number, number>();
  #patience: ReturnType<typeof setTimeout> | undefined;
  #retiring = false;
  #lastId = 0;

  constructor(spawn: () => WorkerLike) {
    this.#spawn = spawn;
  }

  /** Whether it has a worker: one that was ended gives its memory back. */
  get alive(): boolean {
    return this.#worker !== null;
  }

  /** How many jobs somebody waits for. */
  get waiting(): number {
    return this.#jobs.size;
  }

  /**
   * Has the worker do a task. On abort the promise rejects at once, whatever the worker is doing, and nothing is heard of
   * the job any more.
   * @throws EngineError with the task's code, aborted or worker-crashed
   */
  run<K extends TaskName>(task: K, input: Tasks[K]['input'], listeners: Listeners<K>): Promise<Tasks[K]['output']> {
    const { signal, onProgress, onEvent, transfer = [] } = listeners;
    if (signal?.aborted) return Promise.reject(abortedError());
    const id = ++this.#lastId;
    const stop = (): void => this.#stop(id);
    signal?.addEventListener('abort', stop, { once: true });
    const answer = new Promise<Tasks[K]['output']>((resolve, reject) => {
      // TypeScript cannot tie K to the union over all tasks; a reply's task is that of the request with its id.
      const request = { type: 'run', id, task, input } as RunRequest;
      this.#send({ request, resolve, reject, onProgress, onEvent, transfer, sent: false });
    });
    return watchTask(
      task,
      answer.finally(() => signal?.removeEventListener('abort', stop)),
    );
  }

  /** Ends the worker and fails what it was doing. */
  close(error: EngineError): void {
    this.#end();
    for (const job of this.#jobs.values()) job.reject(error);
    this.#jobs.clear();
  }

  #send(job: Job): void {
    this.#jobs.set(job.request.id, job);
    if (this.#isStuck()) this.#replace();
    else this.#post(job);
    this.#watch();
  }

  #post(job: Job): void {
    if (job.sent && job.transfer.length > 0) {
      this.#jobs.delete(job.request.id);
      const message = 'The worker was replaced, and what the job was given went with it. Start the job again.';
      job.reject(new EngineError('worker-crashed', message));
      return;
    }
    try {
      this.#worker ??= this.#start();
      job.sent = true;
      this.#worker.postMessage(job.request, job.transfer);
    } catch (cause) {
      this.#jobs.delete(job.request.id);
      job.reject(new EngineError('internal', `The job could not be sent to its worker. (${String(cause)})`, { cause }));
    }
  }

  #start(): WorkerLike {
    const worker = this.#spawn();
    worker.onmessage = ({ data }) => this.#hear(data);
    worker.onerror = ({ message }) => (message ? this.#crash(message) : this.close(unloadable()));
    worker.onmessageerror = () => this.#crash('a message could not be read');
    return worker;
  }

  #hear(reply: Reply): void {
    if (reply.type === 'done' || reply.type === 'failed') this.#stopped.delete(reply.id);
    const job = this.#jobs.get(reply.id);
    if (job) this.#tell(job, reply);
    if (this.#retiring && this.waiting === 0) this.#end();
  }

  #tell(job: Job, reply: Reply): void {
    switch (reply.type) {
      case 'progress':
        guard(() => job.onProgress?.(reply.progress));
        break;
      case 'event':
        guard(() => job.onEvent?.(reply.event));
        break;
      case 'done':
        this.#jobs.delete(reply.id);
        job.resolve(reply.output);
        break;
      case 'failed':
        this.#jobs.delete(reply.id);
        this.#retiring ||= RETIRING_CODES.includes(reply.error.code);
        job.reject(fromWire(reply.error));
        break;
    }
  }

  #stop(id: number): void {
    const job = this.#jobs.get(id);
    if (!job) return;
    this.#jobs.delete(id);
    this.#stopped.set(id, performance.now());
    this.#worker?.postMessage({ type: 'abort', id });
    job.reject(abortedError());
    this.#watch();
  }

  /** Looks again when the patience with the oldest stopped job ends, if somebody waits behind it. */
  #watch(): void {
    clearTimeout(this.#patience);
    const [since] = this.#stopped.values();
    if (since === undefined || this.waiting === 0) return;
    const left = since + ABORT_PATIENCE_MS - performance.now();
    // A timer may fire a little early: then it is set again.
    const look = (): void => (this.#isStuck() ? this.#replace() : this.#watch());
    this.#patience = setTimeout(look, Math.max(1, left));
  }

  /** Whether the job that the worker is at was stopped and goes on all the same. The oldest is the one it is at. */
  #isStuck(): boolean {
    const [stopped] = this.#stopped;
    const [waiting] = this.#jobs.keys();
    if (!stopped || waiting === undefined) return false;
    const [id, since] = stopped;
    return id < waiting && performance.now() - since >= ABORT_PATIENCE_MS;
  }

  /** A new worker, and to it everything that waits: behind the job that was stuck, nothing had begun. */
  #replace(): void {
    this.#end();
    for (const job of this.#jobs.values()) this.#post(job);
  }

  #crash(reason: string): void {
    const message = `The worker stopped unexpectedly (${reason}). Try again: a new one is started.`;
    this.close(new EngineError('worker-crashed', message));
  }

  #end(): void {
    clearTimeout(this.#patience);
    this.#stopped.clear();
    this.#retiring = false;
    if (!this.#worker) return;
    this.#worker.onmessage = null;
    this.#worker.onerror = null;
    this.#worker.terminate();
    this.#worker = null;
  }
}

/** An error event that says nothing: not even the worker's script came. */
function unloadable(): EngineError {
  return new EngineError(
    'download-failed',
    'A part of this page could not be loaded. Check the connection, or load the page again.',
  );
}

/** A caller's listener that throws is the caller's trouble; the job goes on. */
function guard(listener: () => void): void {
  try {
    listener();
  } catch (error) {
    reportError(error);
  }
}
