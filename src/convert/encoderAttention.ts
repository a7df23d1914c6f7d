import type { GraphBuilder, Value } from './builder.ts';
import { headKeys, headRows, rowsOfHeads } from './whisperLayers.ts';
import type { WhisperNetwork } from './whisperNetwork.ts';

/** Queries, keys and values of one source: [S, dim] each. The queries are divided by the square root of the head's width. */
export interface Projections {
  queries: Value;
  keys: Value;
  values: Value;
  /** [S]: is added to the scores of each key. */
  bias: Value;
}

/** The integer kernel attends with a part of the queries at a time: all scores at once take 54 MB, and lie in no cache. */
const QUERY_PARTS = 24;
/** Weights of attention are rounded to so many steps of the largest of their row. */
const WEIGHT_STEPS = 255;
/** The integer kernel computes columns in groups of eight. */
const COLUMN_GROUP = 8;

/** How the integer kernel splits the queries of a source, the same in all layers: [parts]. */
export function querySizes(g: GraphBuilder, length: Value): Value {
  const size = g.op('Div', [length, g.constant('int64', [QUERY_PARTS])]);
  const others = g.op('Mul', [size, g.constant('int64', [QUERY_PARTS - 1])]);
  // The last part has what is left over.
  return g.op('Concat', [...Array.from({ length: QUERY_PARTS - 1 }, () => size), g.op('Sub', [length, others])], {
    axis: 0,
  });
}

/**
 * Attention of every frame to every frame in floats: [S, dim]. A head at a time: all scores at once may be more than a graphics
 * device binds, and parts of the queries would be empty where there are fewer of them, which ONNX Runtime's WebGPU refuses.
 */
export function floatAttention(
  g: GraphBuilder,
  { heads }: WhisperNetwork,
  { queries, keys, values, bias }: Projections,
): Value {
  const split = (x: Value, axis: number): Value[] => g.ops('Split', [x], heads, { axis });
  const keyColumns = split(g.op('Transpose', [keys], { perm: [1, 0] }), 0);
  const valueRows = split(values, 1);
  const contexts = split(queries, 1).map((rows, head) => {
    const scores = g.op('Add', [g.op('MatMul', [rows, keyColumns[head] ?? '']), bias]);
    return g.op('MatMul', [g.op('Softmax', [scores], { axis: -1 }), valueRows[head] ?? '']);
  });
  return g.op('Concat', contexts, { axis: 1 });
}

/**
 * The same with both products in integers: half the time of floats. Weights are rounded before they are divided by their sum, relative to the
 * largest of their row, because rounded afterwards those of a row that looks everywhere would all be 0. A column of ones beside the
 * values gives the sum of the rounded weights.
 */
export function integerAttention(
  g: GraphBuilder,
  network: WhisperNetwork,
  { queries, keys, values, bias }: Projections,
  sizes: Value,
): Value {
  const { heads, headDim } = network;
  const float = (value: number): Value => g.constant('float32', value);
  const [roundQueries = '', queryScale = '', queryZero = ''] = g.ops('DynamicQuantizeLinear', [queries], 3);
  const roundKeys = signed(g, keys);
  const keyColumns = headKeys(g, network, roundKeys.value);
  const roundValues = signed(g, values);
  const ones = g.constant(
    'int8',
    Array.from({ length: COLUMN_GROUP }, (_, i) => (i === 0 ? 1 : 0)),
    [1, 1, 1, COLUMN_GROUP],
  );
  const valueRows = headRows(g, network, roundValues.value);
  const length = g.op('Shape', [valueRows], { start: 2, end: 3 });
  const around = (before: number[], after: number[]): Value =>
    g.op('Concat', [g.constant('int64', before), length, g.constant('int64', after)], { axis: 0 });
  const sums = g.op('Expand', [ones, around([1, heads], [COLUMN_GROUP])]);
  const valuesAndSums = g.op('Concat', [valueRows, sums], { axis: 3 });
  const attend = (part: Value): Value => {
    const products = g.contrib('MatMulIntegerToFloat', [part, keyColumns, queryScale, roundKeys.scale, queryZero, '']);
    const scores = g.op('Add', [products, bias]);
    const most = g.op('ReduceMax', [scores], { axes: [-1], keepdims: 1 });
    const shares = g.op('Exp', [g.op('Sub', [scores, most])]);
    const scale = float(1 / WEIGHT_STEPS);
    const zero = g.constant('uint8', 0);
    const rounded = g.op('QuantizeLinear', [shares, scale, zero]);
    const inputs = [rounded, valuesAndSums, scale, float(1), zero, ''];
    const product = g.contrib('MatMulIntegerToFloat', inputs);
    const [context = '', sum = ''] = g.ops('Split', [product, g.constant('int64', [headDim, COLUMN_GROUP])], 2, {
      axis: 3,
    });
    const total = g.op('Slice', [sum, g.constant('int64', [0]), g.constant('int64', [1]), g.constant('int64', [3])]);
    return g.op('Div', [context, g.op('Div', [total, roundValues.scale])]);
  };
  const parts = g.ops('Split', [headRows(g, network, roundQueries), sizes], QUERY_PARTS, { axis: 2 });
  return rowsOfHeads(g, network, g.op('Concat', parts.map(attend), { axis: 2 }));
}

/** Rounded to int8 with one scale: the right-hand side of an integer product. */
export function signed(g: GraphBuilder, x: Value): { value: Value; scale: Value } {
  const most = g.op('ReduceMax', [g.op('Abs', [x])], { keepdims: 0 });
  const scale = g.op('Div', [g.op('Max', [most, g.constant('float32', 1e-6)]), g.constant('float32', 127)]);
  return { value: g.op('QuantizeLinear', [x, scale, g.constant('int8', 0)]), scale };
}
