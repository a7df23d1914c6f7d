import { integerProduct, type Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';
import type { Network } from './network.ts';

/**
 * The embedding as the graphs keep it: [vocabulary + 1, dim], the last row zero. Id -1 (which `Gather` counts from the end) thus means
 * "no token": nothing to embed, and as an output its bias of -Infinity rules it out.
 */
function embeddingRows(g: GraphBuilder, { config, embedding }: Network): Value {
  return g.weight('Wemb', [config.vocabulary + 1, config.dim], () => {
    const rows = new Int8Array((config.vocabulary + 1) * config.dim);
    rows.set(embedding.data);
    return rows;
  });
}

/** Token embeddings, scaled by sqrt(dim): int32 [...] -> [..., dim]. */
export function embed(g: GraphBuilder, network: Network, ids: Value): Value {
  const scale = g.constant('float32', Math.sqrt(network.config.dim) * network.embedding.scale);
  return g.op('DequantizeLinear', [g.op('Gather', [embeddingRows(g, network), ids]), scale]);
}

/**
 * The output layer for a shortlist int32 [G, K], padded with -1: its columns are gathered once, in this graph.
 * @returns what multiplies a state [B, T, dim] by them: logits [B, T, K], -Infinity at padding
 */
export function outputLayer(
  g: GraphBuilder,
  kernel: Kernel,
  network: Network,
  shortlist: Value,
): (inner: GraphBuilder, state: Value) => Value {
  const { config, embedding, output } = network;
  const columns = g.op('Transpose', [g.op('Gather', [embeddingRows(g, network), shortlist])], { perm: [0, 2, 1] });
  const scale = g.constant('float32', embedding.scale);
  const biases = g.weight('output.bias', [config.vocabulary + 1], () => Float32Array.of(...output.bias, -Infinity));
  const bias = g.op('Unsqueeze', [g.op('Gather', [biases, shortlist]), g.constant('int64', [1])]);
  if (kernel === 'float') {
    const unpacked = g.op('DequantizeLinear', [columns, scale]);
    return (inner, state) => inner.op('Add', [inner.op('MatMul', [state, unpacked]), bias]);
  }
  return (inner, state) =>
    inner.op('Add', [integerProduct(inner, state, columns, scale, output.activationScale), bias]);
}
