import { abortedError, throwIfAborted } from '../../protocol/errors.ts';
import { openLaneSession } from './lanes.ts';
import { openLocalSession } from './local.ts';
import type { Session, SessionSource } from './session.ts';

/**
 * Loads a graph with its weights.
 * @throws EngineError model-corrupt, out-of-memory, device-lost, worker-crashed or download-failed (the runtime itself)
 */
export async function openSession(source: SessionSource, signal?: AbortSignal): Promise<Session> {
  if (signal) throwIfAborted(signal);
  const session = await (source.lane ? openLaneSession(source, source.lane) : openLocalSession(source));
  if (!signal?.aborted) return session;
  await session.release();
  throw abortedError();
}
