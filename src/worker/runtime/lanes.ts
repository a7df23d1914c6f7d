import { EngineError, fromWire, throwIfAborted, type WireError } from '../../protocol/errors.ts';
import { plainSession } from './plainSession.ts';
import type { Session, SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

/** From the worker that owns a model to one of its lanes. `session` is a number that the owner gives. */
export type LaneRequest =
  | { type: 'open'; id: number; session: number; source: SessionSource }
  | { type: 'run'; id: number; session: number; feeds: Record<string, Tensor>; outputs?: string[] }
  | { type: 'release'; id: number; session: number };

/** A lane's answer; `results` is empty but after a run. */
export type LaneReply = { id: number; results: Record<string, Tensor> } | { id: number; error: WireError };

/** What a lane needs of the worker it runs in. */
export interface LaneWorker {
  postMessage(message: LaneRequest, transfer: Transferable[]): void;
  terminate(): void;
  onmessage: ((event: MessageEvent<LaneReply>) => void) | null;
  onerror: ((event: ErrorEvent) => void) | null;
  onmessageerror: ((event: MessageEvent) => void) | null;
}

interface Waiting {
  resolve(results: Record<string, Tensor>): void;
  reject(error: EngineError): void;
}

/** The near end of a lane: a worker with a WASM instance of its own. It ends with its last session, or when it fails. */
export class Lane {
  /** Cleared when the worker is gone: a new lane has to be opened then. */
  alive = true;
  readonly #worker: LaneWorker;
  readonly #waiting = new Map<number, Waiting>();
  #lastId = 0;
  #sessions = 0;

  constructor(worker: LaneWorker) {
    this.#worker = worker;
    worker.onmessage = ({ data }) => this.#settle(data);
    worker.onerror = (event) => this.#fail(event.message);
    worker.onmessageerror = () => this.#fail('a message could not be read');
  }

  /** Throws as `openSession` does. */
  async open(source: SessionSource): Promise<Session> {
    const session = ++this.#lastId;
    this.#sessions++;
    try {
      await this.#ask({ type: 'open', id: session, session, source });
    } catch (error) {
      this.#close();
      throw error;
    }
    const run: Session['run'] = async (feeds, signal, outputs) => {
      throwIfAborted(signal);
      const copies = Object.fromEntries(Object.entries(feeds).map(([name, tensor]) => [name, copied(tensor)]));
      const results = await this.#ask(
        { type: 'run', id: ++this.#lastId, session, feeds: copies, ...(outputs && { outputs }) },
        buffersOf(copies),
      );
      // The answer came as a message, in a task of its own: no hop is needed to let an abort in.
      throwIfAborted(signal);
      return results;
    };
    return plainSession(run, async () => {
      if (!this.alive) return;
      await this.#ask({ type: 'release', id: ++this.#lastId, session });
      this.#close();
    });
  }

  #ask(request: LaneRequest, transfer: Transferable[] = []): Promise<Record<string, Tensor>> {
    return new Promise((resolve, reject) => {
      if (!this.alive) {
        reject(crashed('it had ended'));
        return;
      }
      this.#waiting.set(request.id, { resolve, reject });
      this.#worker.postMessage(request, transfer);
    });
  }

  #settle(reply: LaneReply): void {
    const waiting = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    if ('error' in reply) waiting?.reject(fromWire(reply.error));
    else waiting?.resolve(reply.results);
  }

  #fail(reason: string): void {
    this.#end();
    for (const waiting of this.#waiting.values()) waiting.reject(crashed(reason));
    this.#waiting.clear();
  }

  #close(): void {
    if (--this.#sessions === 0) this.#end();
  }

  #end(): void {
    this.alive = false;
    this.#worker.terminate();
  }
}

function crashed(reason: string): EngineError {
  return new EngineError('worker-crashed', `A helper of the model stopped unexpectedly (${reason}). Try again.`);
}

/** A tensor whose buffer is its own, so that it can be given away while the caller keeps the original. */
function copied(tensor: Tensor): Tensor {
  switch (tensor.type) {
    case 'float32':
      return { ...tensor, data: tensor.data.slice() };
    case 'int32':
      return { ...tensor, data: tensor.data.slice() };
    case 'int64':
      return { ...tensor, data: tensor.data.slice() };
    case 'int8':
      return { ...tensor, data: tensor.data.slice() };
    case 'uint8':
    case 'bool':
      return { ...tensor, data: tensor.data.slice() };
  }
}

/** The distinct buffers behind tensors, to be transferred. */
export function buffersOf(tensors: Record<string, Tensor>): ArrayBuffer[] {
  const buffers = Object.values(tensors).map(({ data }) => data.buffer);
  return [...new Set(buffers)].filter((buffer) => buffer instanceof ArrayBuffer);
}

const lanes = new Map<number, Lane>();

/** A session in lane `number`, which is started when it is not there. Throws as `openSession` does. */
export function openLaneSession(source: SessionSource, number: number): Promise<Session> {
  let lane = lanes.get(number);
  if (!lane?.alive) {
    lane = new Lane(
      new Worker(new URL('./lane.worker.ts', import.meta.url), { type: 'module', name: `lane ${number}` }),
    );
    lanes.set(number, lane);
  }
  return lane.open(source);
}
