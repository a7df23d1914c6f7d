import { affine, integerProduct, weightOf, weightScale, type Affine, type Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';
import type { Network } from './network.ts';
import { transposeInto } from './quantise.ts';
import type { Embedding } from './weight-source.ts';

/**
 * An embedding as the graphs keep it: [rows + 1, dim], the last row zero. Id -1 (which `Gather` counts from the end) thus means
 * "no token": nothing to embed, and as an output its bias of -Infinity rules it out.
 */
function embeddingRows(g: GraphBuilder, { dim }: Network, { name, rows, data }: Embedding): Value {
  return g.weight('int8', name, [rows + 1, dim], (into) => into.set(data()));
}

/** The scales of the rows of these ids: int32 [...] -> [...] */
function rowScales(g: GraphBuilder, { name, rows }: Embedding, scale: Float32Array, ids: Value): Value {
  return g.op('Gather', [g.weight('float32', `${name}.scale`, [rows + 1], Float32Array.of(...scale, 1)), ids]);
}

/** Token embeddings, scaled as the model wants them: int32 [...] -> [..., dim]. */
export function embed(g: GraphBuilder, network: Network, side: 'source' | 'target', ids: Value): Value {
  const embedding = network[side];
  const factor = network[`${side}Factor`];
  if (!network.shortlisted && embedding === network.output.embedding) return embedByColumns(g, network, factor, ids);
  const rows = g.op('Gather', [embeddingRows(g, network, embedding), ids]);
  const { scale } = embedding;
  if (typeof scale === 'number') return g.op('DequantizeLinear', [rows, g.constant('float32', factor * scale)]);
  const scales = g.op('Unsqueeze', [rowScales(g, embedding, scale, ids), g.constant('int64', [-1])]);
  return g.op('Mul', [g.op('DequantizeLinear', [rows, g.constant('float32', factor)]), scales]);
}

/** An embedding that is the output layer, too, and kept as that wants it. */
function embedByColumns(g: GraphBuilder, network: Network, factor: number, ids: Value): Value {
  const layer = wholeOutput(network);
  const flat = g.op('Reshape', [ids, g.constant('int64', [-1])]);
  const columns = g.op('Gather', [weightOf(g, layer), flat], { axis: 1 });
  const scale = weightScale(g, layer);
  const values =
    typeof layer.weightScale === 'number'
      ? g.op('DequantizeLinear', [columns, scale])
      : g.op('DequantizeLinear', [columns, g.op('Gather', [scale, flat])], { axis: 1 });
  const rows = g.op('Transpose', [g.op('Mul', [values, g.constant('float32', factor)])], { perm: [1, 0] });
  const dims = g.op('Concat', [g.op('Shape', [ids]), g.constant('int64', [network.dim])], { axis: 0 });
  return g.op('Reshape', [rows, dims]);
}

/** The output layer for all ids, and one more column that is never chosen: that of "no token". */
function wholeOutput({ dim, output: { embedding, activationScale, bias } }: Network): Affine {
  const { name, rows, data, scale } = embedding;
  const outputs = rows + 1;
  return {
    name: `${name}.columns`,
    inputs: dim,
    outputs,
    weight: (into) => transposeInto(into, data(), { inputs: dim, outputs, column: 0 }),
    weightScale: typeof scale === 'number' ? scale : Float32Array.of(...scale, 1),
    activationScale,
    bias: Float32Array.of(...bias, -Infinity),
  };
}

/**
 * The output layer for a shortlist int32 [G, K], padded with -1: its columns are gathered once, in this graph.
 * Without a shortlist it is for all ids, and K is one more than the vocabulary.
 * @returns what multiplies a state [B, T, dim] by them: logits [B, T, K], -Infinity at padding
 */
export function outputLayer(
  g: GraphBuilder,
  kernel: Kernel,
  network: Network,
  shortlist: Value | undefined,
): (inner: GraphBuilder, state: Value) => Value {
  if (shortlist === undefined) return (inner, state) => affine(inner, kernel, state, wholeOutput(network));
  const { embedding, activationScale, bias: values } = network.output;
  const rows = g.op('Gather', [embeddingRows(g, network, embedding), shortlist]);
  const columns = g.op('Transpose', [rows], { perm: [0, 2, 1] });
  const one = g.constant('int64', [1]);
  const biases = g.weight('float32', 'output.bias', [embedding.rows + 1], Float32Array.of(...values, -Infinity));
  const bias = g.op('Unsqueeze', [g.op('Gather', [biases, shortlist]), one]);
  // The kernel knows no scales that differ between the lists of a batch: they come after it.
  const scale = g.constant('float32', typeof embedding.scale === 'number' ? embedding.scale : 1);
  const ownScales =
    typeof embedding.scale === 'number'
      ? undefined
      : g.op('Unsqueeze', [rowScales(g, embedding, embedding.scale, shortlist), one]);
  const finish = (inner: GraphBuilder, product: Value): Value =>
    inner.op('Add', [ownScales === undefined ? product : inner.op('Mul', [product, ownScales]), bias]);
  if (kernel === 'float') {
    const unpacked = g.op('DequantizeLinear', [columns, scale]);
    return (inner, state) => finish(inner, inner.op('MatMul', [state, unpacked]));
  }
  return (inner, state) => finish(inner, integerProduct(inner, state, columns, scale, activationScale));
}
