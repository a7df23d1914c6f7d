import { affine, type Kernel } from './affine.ts';
import { GraphBuilder } from './builder.ts';
import { embed } from './embedding.ts';
import { tokenLayout } from './layout.ts';
import type { Network } from './network.ts';
import { positionsOf } from './positions.ts';
import { attend, feedForward, layerNorm, wrap } from './transformer.ts';
import type { WeightStore } from './weights.ts';

/** Added to attention scores of padding: far below any score, and finite. */
const MASKED = -1e9;

/** The encoder graph (inputs and outputs: see marian.ts). */
export function encoderGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { dim, heads, headDim } = network;
  const g = new GraphBuilder('encoder', weights);
  const ids = g.input('ids', 'int32', ['B', 'S']);
  const mask = g.input('mask', 'float32', ['B', 'S']);

  const missing = g.op('Unsqueeze', [g.op('Sub', [mask, g.constant('float32', 1)]), g.constant('int64', [1, 2])]);
  g.node('Mul', [missing, g.constant('float32', -MASKED)], { outputs: ['memory.bias'] });
  g.output('memory.bias', 'float32', ['B', 1, 1, 'S']);

  const length = g.op('Squeeze', [g.op('Shape', [ids], { start: 1, end: 2 })]);
  const places = g.op('Range', [g.constant('int64', 0), length, g.constant('int64', 1)]);
  const table = positionsOf(g, network.sourcePositions, places, dim);

  const layout = tokenLayout(g, kernel, { ids, mask, heads, headDim });
  let x = g.op('Add', [embed(g, network, 'source', layout.ids), layout.positions(table)]);
  x = network.sourceNorms.reduce((value, norm) => layerNorm(g, kernel, value, norm), x);
  for (const layer of network.encoder) {
    x = wrap(g, kernel, x, layer.attentionWrapping, (input) => {
      const { queries, keys, values } = layout.split(affine(g, kernel, input, layer.qkv));
      const { context } = attend(g, layout.scores(queries, keys), 'memory.bias', values);
      return affine(g, kernel, layout.merge(context), layer.attentionOutput);
    });
    x = feedForward(g, kernel, x, layer.ffn);
  }
  x = network.encoderTop.reduce((value, norm) => layerNorm(g, kernel, value, norm), x);
  g.node('Identity', [layout.pad(affine(g, kernel, x, network.memory))], { outputs: ['memory.kv'] });
  g.output('memory.kv', 'float32', ['B', 'S', network.memory.outputs]);
  return g.toModel();
}
