import { affine, affines, type Kernel } from './affine.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { layerNorm } from './transformer.ts';
import { floatAttention, integerAttention, querySizes, signed } from './encoderAttention.ts';
import type { WeightStore } from './weights.ts';
import { gelu, headKeys, headRows } from './whisperLayers.ts';
import type { WhisperNetwork } from './whisperNetwork.ts';

/** The encoder graph (inputs and outputs: see whisper.ts). One window a run: its rows fill every product. */
export function whisperEncoderGraph(network: WhisperNetwork, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { dim, mels, sourcePositions } = network;
  const g = new GraphBuilder('encoder', weights);
  const mel = g.input('mel', 'float32', [mels, 'T']);
  const rows = g.input('rows', 'int32', ['S']);
  const places = g.input('places', 'int32', ['S']);
  const bias = g.input('bias', 'float32', ['S']);

  const [first, second] = network.convolutions;
  const frames = g.op('Transpose', [mel], { perm: [1, 0] });
  const heard = gelu(g, kernel, affine(g, kernel, neighbours(g, frames, 1), first));
  const halved = gelu(g, kernel, affine(g, kernel, neighbours(g, heard, 2), second));
  const table = g.weight('float32', 'encoder.positions', [sourcePositions, dim], network.encoderPositions);
  let x = g.op('Add', [g.op('Gather', [halved, rows]), g.op('Gather', [table, places])]);
  const sizes = kernel === 'int8' ? querySizes(g, g.op('Shape', [x], { start: 0, end: 1 })) : undefined;
  for (const layer of network.encoder) {
    const input = layerNorm(g, kernel, x, layer.attentionNorm);
    const [queries = '', keys = '', values = ''] = affines(g, kernel, input, [layer.queries, layer.keys, layer.values]);
    const projections = { queries, keys, values, bias };
    const context = sizes ? integerAttention(g, network, projections, sizes) : floatAttention(g, network, projections);
    x = g.op('Add', [x, affine(g, kernel, context, layer.attentionOutput)]);
    const [inner, outer] = layer.ffn;
    const hidden = gelu(g, kernel, affine(g, kernel, layerNorm(g, kernel, x, layer.ffnNorm), inner));
    x = g.op('Add', [x, affine(g, kernel, hidden, outer)]);
  }
  g.node('Identity', [layerNorm(g, kernel, x, network.encoderTop)], { outputs: ['encoded'] });
  g.output('encoded', 'float32', ['S', dim]);
  writeMemory(g, network, kernel);
  return g.toModel();
}

/** Each frame with the one before it and the one after it, zeros beyond the ends: [T, n] -> [T / stride, 3 n]. */
function neighbours(g: GraphBuilder, x: Value, stride: number): Value {
  const padded = g.op('Pad', [x, g.constant('int64', [1, 0, 1, 0])]);
  const length = g.op('Shape', [x], { start: 0, end: 1 });
  const shifted = [0, 1, 2].map((shift) => {
    const start = g.constant('int64', [shift]);
    const inputs = [
      padded,
      start,
      g.op('Add', [length, start]),
      g.constant('int64', [0]),
      g.constant('int64', [stride]),
    ];
    return g.op('Slice', inputs);
  });
  return g.op('Concat', shifted, { axis: 1 });
}

/** What every decoder layer attends to, as int8 with one scale each: it is copied into every run of the decoder. */
function writeMemory(g: GraphBuilder, network: WhisperNetwork, kernel: Kernel): void {
  const { heads, headDim } = network;
  const products = affines(
    g,
    kernel,
    'encoded',
    network.decoder.flatMap(({ crossKeys, crossValues }) => [crossKeys, crossValues]),
  );
  const scales = products.map((product, i) => {
    const isKey = i % 2 === 0;
    const layer = Math.floor(i / 2) + 1;
    const name = `memory.${isKey ? 'keys' : 'values'}.${layer}`;
    const { value, scale } = signed(g, product);
    g.node('Identity', [isKey ? headKeys(g, network, value) : headRows(g, network, value)], { outputs: [name] });
    g.output(name, 'int8', isKey ? [1, heads, headDim, 'S'] : [1, heads, 'S', headDim]);
    return g.op('Reshape', [scale, g.constant('int64', [1, 1])]);
  });
  g.node('Concat', scales, { attributes: { axis: 1 }, outputs: ['memory.scales'] });
  g.output('memory.scales', 'float32', [1, scales.length]);
}
