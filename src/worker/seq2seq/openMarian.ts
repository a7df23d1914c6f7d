import type { MarianArchitecture } from '../../protocol/manifest.ts';
import type { Provider } from '../../protocol/types.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';
import { MarianModel } from './marian.ts';

export interface OpenMarianOptions {
  architecture: MarianArchitecture;
  /** The bytes of the model's part of this role: `weights`, `encoder`, `decoder`, and `step` when it is first needed. */
  part(role: string): Promise<Uint8Array>;
  provider: Provider;
  threads: number;
  /** The WASM instance that it lives in; see SessionSource. */
  lane: number;
  signal: AbortSignal;
}

/**
 * A Marian student with its graphs loaded; the graph of beam search only once it is needed, because most readers never do.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openMarian({
  architecture,
  part,
  provider,
  threads,
  lane,
  signal,
}: OpenMarianOptions): Promise<MarianModel> {
  const open = async (role: string, weights: Promise<Uint8Array>): Promise<Session> => {
    const [graph, data] = await Promise.all([part(role), weights]);
    return openSession({ graph, weights: [{ path: 'weights.bin', data }], provider, threads, lane }, signal);
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
  return new MarianModel({ encoder, decoder, step: openStep }, architecture);
}
