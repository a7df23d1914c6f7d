import type { Tensor } from '../runtime/tensor.ts';
import type { HubEncoder } from './hubModel.ts';

/** Texts: their ids, with all that is put around them. */
export const encodeText: HubEncoder<Int32Array> = async (encoder, sources, signal) => {
  const longest = Math.max(...sources.map(({ length }) => length));
  const ids = new BigInt64Array(sources.length * longest);
  const counts = new BigInt64Array(ids.length);
  sources.forEach((source, i) => {
    ids.set(BigInt64Array.from(source, BigInt), i * longest);
    counts.fill(1n, i * longest, i * longest + source.length);
  });
  const dims = [sources.length, longest];
  const mask: Tensor = { type: 'int64', data: counts, dims };
  const feeds = { input_ids: { type: 'int64' as const, data: ids, dims }, attention_mask: mask };
  const { last_hidden_state: hidden } = await encoder.run(feeds, signal, ['last_hidden_state']);
  if (!hidden) throw new Error('The encoder gave no last_hidden_state.');
  return { hidden, mask };
};
