import { affine, type Affine, type Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';

/** Layer normalisation's weights; `name` in the weight store. */
export interface Norm {
  name: string;
  scale: Float32Array;
  bias: Float32Array;
}

/** What happens around a sublayer. */
export interface Wrapping {
  before: Norm[];
  after: ('add' | Norm)[];
}

/** `gelu` is the exact one, `gelu-sigmoid` is x sigmoid(1.702 x). */
export type Activation = 'relu' | 'swish' | 'gelu' | 'gelu-tanh' | 'gelu-sigmoid';

export interface FeedForward {
  /** Applied in turn, with the activation between them. */
  layers: Affine[];
  activation: Activation;
  wrapping: Wrapping;
}

const NORM_EPSILON = 1e-6;

/** Normalises the last axis of x; with the int8 kernel x is [rows, dim]. */
export function layerNorm(g: GraphBuilder, kernel: Kernel, x: Value, { name, scale, bias }: Norm): Value {
  const size = [scale.length];
  const gain = g.weight('float32', `${name}.scale`, size, scale);
  const shift = g.weight('float32', `${name}.bias`, size, bias);
  if (kernel === 'float') {
    return g.op('LayerNormalization', [x, gain, shift], { axis: -1, epsilon: { float: NORM_EPSILON } });
  }
  // The same in three steps: measured 5 times as fast in onnxruntime-web's WASM. Its epsilon is 1e-9, which no value here feels.
  const normal = g.op('MeanVarianceNormalization', [x], { axes: [1] });
  return g.op('Add', [g.op('Mul', [normal, gain]), shift]);
}

/** A sublayer with its residual connection and norms, in the order the model has them (pre-norm or post-norm). */
export function wrap(
  g: GraphBuilder,
  kernel: Kernel,
  x: Value,
  { before, after }: Wrapping,
  sublayer: (x: Value) => Value,
): Value {
  const output = sublayer(before.reduce((value, norm) => layerNorm(g, kernel, value, norm), x));
  return after.reduce(
    (value, op) => (op === 'add' ? g.op('Add', [value, x]) : layerNorm(g, kernel, value, op)),
    output,
  );
}

export function feedForward(
  g: GraphBuilder,
  kernel: Kernel,
  x: Value,
  { layers, activation, wrapping }: FeedForward,
): Value {
  return wrap(g, kernel, x, wrapping, (input) =>
    layers.reduce((value, layer, i) => {
      if (i === 0) return affine(g, kernel, value, layer);
      if (activation === 'relu') return affine(g, kernel, value, layer, true);
      return affine(g, kernel, activate(g, value, activation), layer);
    }, input),
  );
}

function activate(g: GraphBuilder, x: Value, activation: Exclude<Activation, 'relu'>): Value {
  switch (activation) {
    case 'gelu':
      return g.contrib('Gelu', [x]);
    case 'gelu-tanh':
      return g.contrib('FastGelu', [x]);
    case 'gelu-sigmoid':
      return g.op('Mul', [x, g.op('Sigmoid', [g.op('Mul', [x, g.constant('float32', 1.702)])])]);
    case 'swish':
      return g.op('Mul', [x, g.op('Sigmoid', [x])]);
  }
}

/**
 * Attention once its scores are known: scores [B, heads, T, S] (scaled), bias [B, 1, 1, S], values [B, heads, S, d].
 * @returns context [B, heads, T, d] and weights [B, heads, T, S]
 */
export function attend(g: GraphBuilder, scores: Value, bias: Value, values: Value): { context: Value; weights: Value } {
  const weights = g.op('Softmax', [g.op('Add', [scores, bias])], { axis: -1 });
  return { context: g.op('MatMul', [weights, values]), weights };
}

/**
 * Simpler Simple Recurrent Unit (Kim et al. 2019): f = sigmoid(x Wf + bf), c' = f c + (1 - f) x W, output relu(c').
 * @param candidate x W
 * @param gate x Wf + bf
 * @param nextCell the name to give c'
 */
export function ssru(g: GraphBuilder, candidate: Value, gate: Value, cell: Value, nextCell: Value): Value {
  const kept = g.op('Mul', [g.op('Sigmoid', [gate]), g.op('Sub', [cell, candidate])]);
  g.node('Add', [candidate, kept], { outputs: [nextCell] });
  return g.op('Relu', [nextCell]);
}
