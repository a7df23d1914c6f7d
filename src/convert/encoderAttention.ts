import type { Kernel } from './affine.ts';
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

/** Attention is computed for a part of the queries at a time: all scores at once take 54 MB, and lie in no cache. */
const QUERY_PARTS = { int8: 24, float: 6 };
/** Weights of attention are rounded to so many steps of the largest of their row. */
const WEIGHT_STEPS = 255;
/** The integer kernel computes columns in groups of eight. */
const COLUMN_GROUP = 8;

/** How attention splits the queries of a source, the same in all layers: [parts]. */
export function querySizes(g: GraphBuilder, kernel: Kernel, length: Value): Value {
  const parts = QUERY_PARTS[kernel];
  const size = g.op('Div', [length, g.constant('int64', [parts])]);
  const others = g.op('Mul', [size, g.constant('int64', [parts - 1])]);
  // The last part has what is left over.
  return g.op('Concat', [...Array.from({ length: parts - 1 }, () => size), g.op('Sub', [length, others])], { axis: 0 });
}

/** Attention of every frame to every frame: [S, dim]. */
export function selfAttention(
  g: GraphBuilder,
  network: WhisperNetwork,
  kernel: Kernel,
  projections: Projections,
  sizes: Value,
): Value {
  const attend = (kernel === 'int8' ? integerAttention : floatAttention)(g, network, projections);
  const queries = g.ops('Split', [headRows(g, network, attend.queries), sizes], QUERY_PARTS[kernel], { axis: 2 });
  return rowsOfHeads(g, network, g.op('Concat', queries.map(attend.context), { axis: 2 }));
}

interface Attention {
  /** [S, dim], in the type that the products want. */
  queries: Value;
  /** [1, heads, part, headDim] -> the same of the context */
  context(queries: Value): Value;
}

function floatAttention(
  g: GraphBuilder,
  network: WhisperNetwork,
  { queries, keys, values, bias }: Projections,
): Attention {
  const keyColumns = headKeys(g, network, keys);
  const valueRows = headRows(g, network, values);
  return {
    queries,
    context: (part) => {
      const scores = g.op('Add', [g.op('MatMul', [part, keyColumns]), bias]);
      return g.op('MatMul', [g.op('Softmax', [scores], { axis: -1 }), valueRows]);
    },
  };
}

/**
 * Both products in integers: half the time of floats. Weights are rounded before they are divided by their sum, relative to the
 * largest of their row, because rounded afterwards those of a row that looks everywhere would all be 0. A column of ones beside the
 * values gives the sum of the rounded weights.
 */
function integerAttention(
  g: GraphBuilder,
  network: WhisperNetwork,
  { queries, keys, values, bias }: Projections,
): Attention {
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
  return {
    queries: roundQueries,
    context: (part) => {
      const products = g.contrib('MatMulIntegerToFloat', [
        part,
        keyColumns,
        queryScale,
        roundKeys.scale,
        queryZero,
        '',
      ]);
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
    },
  };
}

/** Rounded to int8 with one scale: the right-hand side of an integer product. */
export function signed(g: GraphBuilder, x: Value): { value: Value; scale: Value } {
  const most = g.op('ReduceMax', [g.op('Abs', [x])], { keepdims: 0 });
  const scale = g.op('Div', [g.op('Max', [most, g.constant('float32', 1e-6)]), g.constant('float32', 127)]);
  return { value: g.op('QuantizeLinear', [x, scale, g.constant('int8', 0)]), scale };
}
