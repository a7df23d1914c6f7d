import { createHubTokeniser } from '../features/hubTokeniser.ts';
import type { Tokeniser } from '../features/tokeniser.ts';

/**
 * The tokeniser of a model of the Hub.
 * @throws EngineError what `part` and the parser throw
 */
export async function loadHubTokeniser(
  parts: readonly { role: string }[],
  part: (role: string) => Promise<Uint8Array>,
): Promise<Tokeniser> {
  const isTold = parts.some(({ role }) => role === 'tokeniser-config');
  const [file, config] = await Promise.all([part('tokeniser'), isTold ? part('tokeniser-config') : undefined]);
  return createHubTokeniser(file, config);
}
