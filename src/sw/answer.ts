import { type AnsweredBy, mayLeave, type NetworkRules } from '../protocol/network.ts';
import { withHeaders } from './headers.ts';

/** What an answer is made of. */
export interface Sources {
  /** The app's own origin. */
  origin: string;
  /** The file that is kept on the device, where it is. */
  match(request: Request): Promise<Response | undefined>;
  fetch(request: Request): Promise<Response>;
  rules(): Promise<NetworkRules>;
}

/** What has a policy of its own takes it from its headers. The rest is given as it is: a browser keeps the code that it compiled from it. */
const BOUND: readonly RequestDestination[] = ['document', 'iframe', 'worker', 'sharedworker'];

/** Answers a request of the app: from the device, else from the network as far as the reader allows it. Never rejects. */
export async function answer(request: Request, sources: Sources): Promise<{ response: Response; by: AnsweredBy }> {
  const { response, by } = await find(request, sources);
  return { response: BOUND.includes(request.destination) ? withHeaders(response) : response, by };
}

async function find(request: Request, sources: Sources): Promise<{ response: Response; by: AnsweredBy }> {
  // A cache that cannot be read is no reason to do without the network.
  const kept = await sources.match(request).catch(() => undefined);
  if (kept) return { response: kept, by: 'device' };
  const rules = await sources.rules();
  if (!mayLeave(request.url, sources.origin, rules)) return { response: Response.error(), by: 'refused' };
  try {
    const response = await sources.fetch(request);
    // Sent on to a host that nobody named: the policy of the page stops that earlier, where the host sends it.
    if (response.redirected && !mayLeave(response.url, sources.origin, rules))
      return { response: Response.error(), by: 'refused' };
    return { response, by: 'network' };
  } catch {
    return { response: Response.error(), by: 'failed' };
  }
}
