import type { Provider } from '../../protocol/types.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';

/** Where the graphs of an encoder-decoder model come from, and where they run. */
export interface GraphSource {
  /** The bytes of the model's part of this role: `weights`, `encoder`, `decoder`, and `step` when it is first needed. */
  part(role: string): Promise<Uint8Array>;
  provider: Provider;
  threads: number;
  /** The WASM instance that they live in; see SessionSource. */
  lane: number;
  signal: AbortSignal;
  /** Outputs that stay on the graphics device, by how their names begin. */
  hold?: readonly string[];
}

export interface Graphs {
  encoder: Session;
  /** Several greedy tokens a call. */
  decoder: Session;
  /** One token with all log-probabilities; opened when it is first needed. */
  step(): Promise<Session>;
}

/**
 * The graphs of a model, loaded; that of beam search only once it is needed, because most readers never do.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openGraphs({ part, provider, threads, lane, signal, hold = [] }: GraphSource): Promise<Graphs> {
  const open = async (role: string, weights: Promise<Uint8Array>): Promise<Session> => {
    const [graph, data] = await Promise.all([part(role), weights]);
    return openSession({ graph, weights: [{ path: 'weights.bin', data }], provider, threads, lane, hold }, signal);
  };
  const weights = part('weights');
  const [encoder, decoder] = await Promise.all([open('encoder', weights), open('decoder', weights)]);
  let step: Promise<Session> | null = null;
  const openStep = (): Promise<Session> => {
    if (step) return step;
    const opening = open('step', part('weights'));
    opening.catch(() => (step = null));
    step = opening;
    return opening;
  };
  return { encoder, decoder, step: openStep };
}
