import { EngineError } from '../../protocol/errors.ts';
import type { Manifest } from '../../protocol/manifest.ts';
import type { GraphSource } from '../seq2seq/openGraphs.ts';
import { openTranslator } from '../seq2seq/openTranslator.ts';
import { type Probe, stepProbe } from './probe.ts';

/** As wide as a shortlist is. */
const SHORTLIST = 512;

/** A batch of sentences of ordinary length; where `small`, two words each of two. Of tokens from all over the vocabulary. */
export async function translatorProbe(manifest: Manifest, source: GraphSource, small: boolean): Promise<Probe> {
  if (manifest.kind !== 'translation')
    throw new EngineError('unsupported-model', `"${manifest.name}" does not translate.`);
  const { architecture } = manifest;
  const { vocabulary, eosId } = architecture;
  const [count, length, tokens] = small ? [2, 3, 2] : [8, 24, 12];
  const sources = Array.from({ length: count }, (_, i) =>
    Int32Array.from({ length }, (__, t) =>
      t === length - 1 ? eosId : spread(i * length + t, count * length, vocabulary),
    ),
  );
  const allowed = Int32Array.from(
    new Set([eosId, ...Array.from({ length: SHORTLIST }, (_, i) => spread(i, SHORTLIST, vocabulary))]),
  ).sort();
  const model = await openTranslator({ ...source, architecture });
  return stepProbe(
    model,
    () => Promise.resolve(sources),
    new Int32Array(),
    tokens,
    () => allowed,
  );
}

/** The `i`th of `count` ids that lie evenly in a vocabulary, its special tokens at the beginning left out. */
const spread = (i: number, count: number, vocabulary: number): number =>
  Math.min(vocabulary - 1, 8 + Math.floor((i * (vocabulary - 8)) / count));
