import { parseSentencePiece } from '../../formats/sentencepiece.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import { parseTokenList } from '../../formats/tokenList.ts';
import { EngineError } from '../../protocol/errors.ts';
import { substituteFor } from '../features/substitutes.ts';
import { createTokeniser, type TokeniserOptions, type Tokenisers } from '../features/tokeniser.ts';

/**
 * A translator's tokenisers. Parts: `tokeniser`, the pieces of both languages or of the target; `source-tokeniser`, if the
 * source has pieces of its own; `tokens` and `source-tokens`, if the ids are those of a list and not the pieces' own.
 * @throws EngineError what `part` and the parsers throw
 */
export async function loadTokenisers(
  { architecture, parts }: Pick<ManifestOf<'translation'>, 'architecture'> & { parts: readonly { role: string }[] },
  part: (role: string) => Promise<Uint8Array>,
): Promise<Tokenisers> {
  if (architecture.type === 'hub-translator') {
    // Most readers have none of the Hub.
    const target = await (await import('./loadHubTokeniser.ts')).loadHubTokeniser(parts, part);
    return { source: target, target };
  }
  const read = async <T>(role: string, parse: (bytes: Uint8Array) => T): Promise<T | null> =>
    parts.some((other) => other.role === role) ? parse(await part(role)) : null;
  const [targetModel, sourceModel, targetTokens, sourceTokens] = await Promise.all([
    part('tokeniser').then(parseSentencePiece),
    read('source-tokeniser', parseSentencePiece),
    read('tokens', parseTokenList),
    read('source-tokens', parseTokenList),
  ]);
  const unknown = targetTokens?.[architecture.unkId];
  const options = (list: string[] | null): TokeniserOptions => {
    if (!list) return { substitute: substituteFor };
    const unkId = list.findIndex((token) => token === unknown);
    if (unkId < 0)
      throw new EngineError('model-corrupt', 'The vocabulary has no unknown token. Import the model again.');
    return { substitute: substituteFor, tokens: { list, unkId } };
  };
  const target = createTokeniser(targetModel, options(targetTokens));
  if (!sourceModel && !sourceTokens) return { source: target, target };
  const source = createTokeniser(sourceModel ?? targetModel, options(sourceTokens ?? targetTokens));
  return { source, target };
}
