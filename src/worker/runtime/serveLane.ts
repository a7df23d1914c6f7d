import { EngineError, toWire } from '../../protocol/errors.ts';
import { buffersOf, type LaneReply, type LaneRequest } from './lanes.ts';
import type { Session, SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

/** What the far end of a lane speaks through: a worker's scope, or a MessagePort. */
export interface LanePort {
  postMessage(message: LaneReply, transfer: Transferable[]): void;
  onmessage: ((event: MessageEvent<LaneRequest>) => void) | null;
}

/** The far end of a lane: opens, runs and releases sessions as it is asked, and answers every request. */
export function serveLane(port: LanePort, open: (source: SessionSource) => Promise<Session>): void {
  const sessions = new Map<number, Session>();
  /** The owner looks at its own signal: a run cannot be interrupted here either. */
  const { signal } = new AbortController();

  async function answer(request: LaneRequest): Promise<Record<string, Tensor>> {
    if (request.type === 'open') {
      sessions.set(request.session, await open(request.source));
      return {};
    }
    const session = sessions.get(request.session);
    if (!session) throw new EngineError('internal', 'A lane was asked for a session that it does not have.');
    if (request.type === 'run') return session.run(request.feeds, signal, request.outputs);
    sessions.delete(request.session);
    await session.release();
    return {};
  }

  port.onmessage = ({ data: request }) => {
    answer(request).then(
      (results) => port.postMessage({ id: request.id, results }, buffersOf(results)),
      (error: unknown) => port.postMessage({ id: request.id, error: toWire(error) }, []),
    );
  };
}
