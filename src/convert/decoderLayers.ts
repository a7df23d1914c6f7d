import { affine, affines, unpackedWeight, weightOf, weightScale, type Affine, type Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';
import type { RuleIds } from './timestampRules.ts';
import { layerNorm } from './transformer.ts';
import { gelu } from './whisperLayers.ts';
import type { WhisperNetwork } from './whisperNetwork.ts';

/** What the decoder graphs need to know beyond the network. */
export interface WhisperDecoding extends RuleIds {
  noSpeechId: number;
  languageIds: readonly number[];
  /** [layer, head] of cross-attention. */
  alignmentHeads: readonly (readonly [layer: number, head: number])[];
}

/** Keys and values, one of each a decoder layer. */
export interface KeysAndValues {
  keys: Value[];
  values: Value[];
}

/** What the encoder heard. */
export interface Memory extends KeysAndValues {
  /** [B, 1, 1, S]: is added to the scores of each key. */
  bias: Value;
}

/** How the rows of x stand for attention. */
export interface RowShape {
  /** [rows, dim] -> [R, heads, T, headDim] and [R, heads, headDim, T] for self-attention, and back. */
  rows(x: Value): Value;
  columns(x: Value): Value;
  merge(x: Value): Value;
  /** [rows, dim] -> [B, heads, M, headDim] for cross-attention, and back. */
  crossRows(x: Value): Value;
  crossMerge(x: Value): Value;
}

/**
 * All decoder layers.
 * @param x [rows, dim]
 * @param grown the names to give to what is in the cache after these tokens
 * @returns the normalised state [rows, dim], the cache, and the attention of the alignment heads
 *   [B, heads, M, S]
 */
export function decodeLayers(
  g: GraphBuilder,
  network: WhisperNetwork,
  decoding: WhisperDecoding,
  kernel: Kernel,
  x: Value,
  memory: Memory,
  cache: KeysAndValues | null,
  shape: RowShape,
  grown: KeysAndValues,
  mask?: Value,
): { state: Value; cache: KeysAndValues; attention: Value } {
  const aligned: Value[] = [];
  let state = x;
  network.decoder.forEach((layer, i) => {
    const input = layerNorm(g, kernel, state, layer.attentionNorm);
    const [queries = '', keys = '', values = ''] = affines(g, kernel, input, [layer.queries, layer.keys, layer.values]);
    const allKeys = append(g, cache?.keys[i], shape.columns(keys), 3, grown.keys[i] ?? '');
    const allValues = append(g, cache?.values[i], shape.rows(values), 2, grown.values[i] ?? '');
    const scores = g.op('MatMul', [shape.rows(queries), allKeys]);
    const weights = g.op('Softmax', [mask === undefined ? scores : g.op('Add', [scores, mask])], { axis: -1 });
    const context = shape.merge(g.op('MatMul', [weights, allValues]));
    state = g.op('Add', [state, affine(g, kernel, context, layer.attentionOutput)]);

    const crossInput = affine(g, kernel, layerNorm(g, kernel, state, layer.crossNorm), layer.crossQueries);
    const crossScores = g.op('MatMul', [shape.crossRows(crossInput), memory.keys[i] ?? '']);
    const attention = g.op('Softmax', [g.op('Add', [crossScores, memory.bias])], { axis: -1 });
    const crossContext = shape.crossMerge(g.op('MatMul', [attention, memory.values[i] ?? '']));
    state = g.op('Add', [state, affine(g, kernel, crossContext, layer.crossOutput)]);
    for (const [at, head] of decoding.alignmentHeads) {
      if (at === i) aligned.push(g.op('Gather', [attention, g.constant('int64', [head])], { axis: 1 }));
    }

    const [inner, outer] = layer.ffn;
    const hidden = gelu(g, kernel, affine(g, kernel, layerNorm(g, kernel, state, layer.ffnNorm), inner));
    state = g.op('Add', [state, affine(g, kernel, hidden, outer)]);
  });
  return {
    state: layerNorm(g, kernel, state, network.decoderTop),
    cache: grown,
    attention: g.op('Concat', aligned, { axis: 1 }),
  };
}

/** One token a row: the heads need no transposing. */
export function oneToken(g: GraphBuilder, { dim, heads, headDim }: WhisperNetwork): RowShape {
  const rows = (x: Value): Value => g.op('Reshape', [x, g.constant('int64', [-1, heads, 1, headDim])]);
  const merge = (x: Value): Value => g.op('Reshape', [x, g.constant('int64', [-1, dim])]);
  const columns = (x: Value): Value => g.op('Reshape', [x, g.constant('int64', [-1, heads, headDim, 1])]);
  return { rows, columns, merge, crossRows: rows, crossMerge: merge };
}

function append(g: GraphBuilder, cached: Value | undefined, more: Value, axis: number, name: Value): Value {
  if (cached === undefined) g.node('Identity', [more], { outputs: [name] });
  else g.node('Concat', [cached, more], { attributes: { axis }, outputs: [name] });
  return name;
}

/**
 * int32 [n] -> [n, dim]: columns of the output layer. In floats those that are unpacked anyway: bytes are gathered by no kernel of
 * WebGPU, and the runtime would fetch the whole layer from the device for it in every run.
 */
export function embed(g: GraphBuilder, { output }: WhisperNetwork, kernel: Kernel, ids: Value): Value {
  return g.op('Transpose', [(kernel === 'float' ? floatColumns : unpackedColumns)(g, output, ids)], { perm: [1, 0] });
}

function floatColumns(g: GraphBuilder, output: Affine, ids: Value): Value {
  return g.op('Gather', [unpackedWeight(g, output), ids], { axis: 1 });
}

function unpackedColumns(g: GraphBuilder, output: Affine, ids: Value): Value {
  const columns = g.op('Gather', [weightOf(g, output), ids], { axis: 1 });
  const scales = g.op('Gather', [weightScale(g, output), ids]);
  return g.op('DequantizeLinear', [columns, scales], { axis: 1 });
}

/** Rows of the table of target positions. */
export function position(g: GraphBuilder, network: WhisperNetwork, places: Value): Value {
  const { dim, targetPositions, decoderPositions } = network;
  return g.op('Gather', [g.weight('float32', 'decoder.positions', [targetPositions, dim], decoderPositions), places]);
}

export function readMemory(g: GraphBuilder, { decoder, heads, headDim }: WhisperNetwork): Memory {
  const scales = g.input('memory.scales', 'float32', ['B', 2 * decoder.length]);
  const read = (name: string, index: number, dims: (string | number)[]): Value => {
    const scale = g.op('Gather', [scales, g.constant('int64', index)], { axis: 1 });
    return g.op('DequantizeLinear', [g.input(name, 'int8', dims), scale], { axis: 0 });
  };
  return {
    keys: decoder.map((_, i) => read(`memory.keys.${i + 1}`, 2 * i, ['B', heads, headDim, 'S'])),
    values: decoder.map((_, i) => read(`memory.values.${i + 1}`, 2 * i + 1, ['B', heads, 'S', headDim])),
    bias: g.input('memory.bias', 'float32', ['B', 1, 1, 'S']),
  };
}

export function cacheNames({ decoder }: WhisperNetwork, prefix: string, suffix = ''): KeysAndValues {
  return {
    keys: decoder.map((_, i) => `${prefix}cache.keys.${i + 1}${suffix}`),
    values: decoder.map((_, i) => `${prefix}cache.values.${i + 1}${suffix}`),
  };
}

export function readCache(g: GraphBuilder, network: WhisperNetwork, rows: string[]): KeysAndValues {
  const { heads, headDim } = network;
  const names = cacheNames(network, '');
  names.keys.forEach((name) => g.input(name, 'float32', [...rows, heads, headDim, 'C']));
  names.values.forEach((name) => g.input(name, 'float32', [...rows, heads, 'C', headDim]));
  return names;
}

export function writeCache(g: GraphBuilder, network: WhisperNetwork, from: KeysAndValues, rows: string[]): void {
  const { heads, headDim } = network;
  const names = cacheNames(network, '', '.out');
  const write = (name: Value, value: Value, dims: (string | number)[]): void => {
    g.node('Identity', [value], { outputs: [name] });
    g.output(name, 'float32', [...rows, ...dims]);
  };
  names.keys.forEach((name, i) => write(name, from.keys[i] ?? '', [heads, headDim, 'C1']));
  names.values.forEach((name, i) => write(name, from.values[i] ?? '', [heads, 'C1', headDim]));
}
