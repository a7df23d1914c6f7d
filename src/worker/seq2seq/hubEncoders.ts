import type { Tensor } from '../runtime/tensor.ts';
import type { HubEncoder } from './hubModel.ts';
import type { Tensors } from './tensors.ts';

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
  return { hidden: hiddenOf(await encoder.run(feeds, signal, [HIDDEN])), mask };
};

/** Pictures: [3, size, size] normalised pixels of each. All that the encoder makes of them counts. */
export const encodePictures =
  (size: number): HubEncoder<Float32Array> =>
  async (encoder, sources, signal) => {
    const area = 3 * size * size;
    const data = new Float32Array(sources.length * area);
    sources.forEach((pixels, i) => data.set(pixels, i * area));
    const feeds = { pixel_values: { type: 'float32' as const, data, dims: [sources.length, 3, size, size] } };
    return { hidden: hiddenOf(await encoder.run(feeds, signal, [HIDDEN])), mask: null };
  };

export const HIDDEN = 'last_hidden_state';

export function hiddenOf({ [HIDDEN]: hidden }: Tensors): Tensor {
  if (!hidden) throw new Error(`The encoder gave no ${HIDDEN}.`);
  return hidden;
}
