import type { CaptionerArchitecture } from '../../protocol/manifest.ts';
import { openSession } from '../runtime/openSession.ts';
import type { Session } from '../runtime/session.ts';
import { CaptionerModel } from './captioner.ts';
import type { GraphSource } from './openGraphs.ts';

/**
 * A picture captioner with its graphs loaded.
 * @throws EngineError what `part` and `openSession` throw
 */
export async function openCaptioner(
  options: GraphSource & { architecture: CaptionerArchitecture },
): Promise<CaptionerModel> {
  const { architecture, part, provider, threads, lane, signal } = options;
  const weights = part('weights');
  const open = async (role: string): Promise<Session> => {
    const [graph, data] = await Promise.all([part(role), weights]);
    const source = { graph, weights: [{ path: 'weights.bin', data }], provider, threads, lane, optimise: true };
    return openSession(source, signal);
  };
  const [encoder, decoder] = await Promise.all([open('encoder'), open('decoder')]);
  return new CaptionerModel({ encoder, decoder }, architecture);
}
