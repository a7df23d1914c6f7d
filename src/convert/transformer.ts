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

export interface FeedForward {
  /** Applied in turn, with the activation between them. */
  layers: Affine[];
  activation: 'relu' | 'swish';
  wrapping: Wrapping;
}

const NORM_EPSILON = 1e-6;

export function layerNorm(g: GraphBuilder, x: Value, { name, scale, bias }: Norm): Value {
  const size = [scale.length];
  const inputs = [x, g.weight(`${name}.scale`, size, () => scale), g.weight(`${name}.bias`, size, () => bias)];
  return g.op('LayerNormalization', inputs, { axis: -1, epsilon: { float: NORM_EPSILON } });
}

/** A sublayer with its residual connection and norms, in the order the model has them (pre-norm or post-norm). */
export function wrap(g: GraphBuilder, x: Value, { before, after }: Wrapping, sublayer: (x: Value) => Value): Value {
  const input = before.reduce((value, norm) => layerNorm(g, value, norm), x);
  return after.reduce(
    (value, op) => (op === 'add' ? g.op('Add', [value, x]) : layerNorm(g, value, op)),
    sublayer(input),
  );
}

export function feedForward(
  g: GraphBuilder,
  kernel: Kernel,
  x: Value,
  { layers, activation, wrapping }: FeedForward,
): Value {
  return wrap(g, x, wrapping, (input) =>
    layers.reduce(
      (value, layer, i) => affine(g, kernel, i === 0 ? value : activate(g, value, activation), layer),
      input,
    ),
  );
}

function activate(g: GraphBuilder, x: Value, activation: FeedForward['activation']): Value {
  return activation === 'relu' ? g.op('Relu', [x]) : g.op('Mul', [x, g.op('Sigmoid', [x])]);
}

/** [B, T, heads * d] -> [B, heads, T, d] */
export function splitHeads(g: GraphBuilder, x: Value, heads: number): Value {
  return g.op('Transpose', [headsApart(g, x, heads)], { perm: [0, 2, 1, 3] });
}

/** [B, T, heads * d] -> [B, heads, d, T]: keys, ready to be multiplied by queries. */
export function splitHeadsTransposed(g: GraphBuilder, x: Value, heads: number): Value {
  return g.op('Transpose', [headsApart(g, x, heads)], { perm: [0, 2, 3, 1] });
}

function headsApart(g: GraphBuilder, x: Value, heads: number): Value {
  return g.op('Reshape', [x, g.constant('int64', [0, 0, heads, -1])]);
}

/**
 * Scaled dot-product attention. queries [B, heads, T, d], keys [B, heads, d, S], values [B, heads, S, d], bias [B, 1, 1, S].
 * @returns context [B, T, heads * d] and weights [B, heads, T, S]
 */
export function attention(g: GraphBuilder, queries: Value, keys: Value, values: Value, bias: Value, headDim: number) {
  const scores = g.op('Mul', [g.op('MatMul', [queries, keys]), g.constant('float32', 1 / Math.sqrt(headDim))]);
  const weights = g.op('Softmax', [g.op('Add', [scores, bias])], { axis: -1 });
  const context = g.op('Transpose', [g.op('MatMul', [weights, values])], { perm: [0, 2, 1, 3] });
  return { context: g.op('Reshape', [context, g.constant('int64', [0, 0, -1])]), weights };
}

/**
 * Simpler Simple Recurrent Unit (Kim et al. 2019): f = sigmoid(x Wf + bf), c' = f c + (1 - f) x W, output relu(c').
 * @param projections gives [x W | x Wf + bf] side by side, each `dim` wide
 * @param nextCell the name to give c'
 */
export function ssru(g: GraphBuilder, projections: Value, cell: Value, nextCell: Value): Value {
  const [candidate = '', gate = ''] = g.ops('Split', [projections], 2, { axis: -1 });
  const forget = g.op('Sigmoid', [gate]);
  g.node('Add', [candidate, g.op('Mul', [forget, g.op('Sub', [cell, candidate])])], { outputs: [nextCell] });
  return g.op('Relu', [nextCell]);
}

/**
 * Sinusoidal positions as Marian has them: [sin half | cos half].
 * @param positions float32 [T]
 * @returns [T, dim]
 */
export function sinusoids(g: GraphBuilder, positions: Value, dim: number): Value {
  const half = dim / 2;
  const step = Math.log(10000) / Math.max(half - 1, 1);
  const frequencies = g.constant(
    'float32',
    Array.from({ length: half }, (_, i) => Math.exp(-i * step)),
    [1, half],
  );
  const angles = g.op('Mul', [g.op('Unsqueeze', [positions, g.constant('int64', [1])]), frequencies]);
  return g.op('Concat', [g.op('Sin', [angles]), g.op('Cos', [angles])], { axis: -1 });
}
