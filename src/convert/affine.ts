import { release } from '../formats/release.ts';
import type { GraphBuilder, Value } from './builder.ts';
import { concatenate } from './concatenate.ts';
import { quantiseColumns, rowScales } from './quantise.ts';

/**
 * How a graph computes. `int8`: activations are quantised and products are 8-bit (the WASM provider).
 * `float`: the same int8 weights are unpacked to float32 first (the WebGPU provider, whose products have no 8-bit form).
 */
export type Kernel = 'int8' | 'float';

/** y = x W + b, where W is one or more of the model's matrices side by side, so that one product serves them all. */
export interface Affine {
  /** Its weights' name in the weight store. */
  name: string;
  inputs: number;
  outputs: number;
  /** Writes them: [inputs, outputs] row-major. */
  weight: (into: Int8Array) => void;
  /** Value of one weight step: one for all columns, or one a column. */
  weightScale: number | Float32Array;
  /** Value of one activation step, from the model's calibration; without one the step is measured at every product. */
  activationScale: number | 'dynamic';
  bias: Float32Array | undefined;
}

/**
 * One whose weights are rounded to 8 bits, and whose activations are measured at every product.
 * @param rows reads the rows of [outputs, inputs], as CTranslate2 keeps a matrix, some at a time: once for their scales, which are
 *   small, and once when they are written. What it gives is used up
 */
export function affineOf(
  name: string,
  inputs: number,
  rows: (() => Float32Array)[],
  bias: Float32Array | undefined,
): Affine {
  const scales = concatenate(
    rows.map((read) => {
      const some = read();
      const own = rowScales(some, inputs);
      release(some);
      return own;
    }),
  );
  const outputs = scales.length;
  return {
    name,
    inputs,
    outputs,
    weight: (into) => {
      let column = 0;
      for (const read of rows) {
        const some = read();
        quantiseColumns(into, some, { inputs, outputs, column });
        column += some.length / inputs;
        release(some);
      }
    },
    weightScale: scales,
    activationScale: 'dynamic',
    bias,
  };
}

/** The zero point of unsigned activations: signed ones are shifted by it. */
const ZERO_POINT = 128;

/** How many steps stand for one of the calibration's after a rectifier. */
const RECTIFIED_FINENESS = 1.5;

/** Adds y = x W + b to a graph; x is [..., inputs]. With `rectified`, y = relu(x) W + b. */
export function affine(g: GraphBuilder, kernel: Kernel, x: Value, a: Affine, rectified = false): Value {
  const [y = ''] = affines(g, kernel, x, [a], rectified);
  return y;
}

/** Several products of one input, which is quantised once, with the scale that they share. */
export function affines(g: GraphBuilder, kernel: Kernel, x: Value, list: Affine[], rectified = false): Value[] {
  if (kernel === 'float') {
    const input = rectified ? g.op('Relu', [x]) : x;
    return list.map((a) => floatProduct(g, input, a));
  }
  const [first] = list;
  if (!first || list.some((a) => a.activationScale !== first.activationScale))
    throw new RangeError('products of one input share its scale');
  const quantised = quantise(g, x, first.activationScale, rectified);
  return list.map((a) => product(g, quantised, weightOf(g, a), weightScale(g, a), a.bias && biasOf(g, a, a.bias)));
}

/** x times int8 columns that are computed in the graph, [..., inputs, outputs], of one scale. */
export function integerProduct(
  g: GraphBuilder,
  x: Value,
  columns: Value,
  scale: Value,
  activationScale: number | 'dynamic',
): Value {
  return product(g, quantise(g, x, activationScale, false), columns, scale);
}

interface Quantised {
  value: Value;
  scale: Value;
  zeroPoint: Value;
}

/**
 * With a calibrated scale, saturation at a zero point of 0 is the rectifier. The calibrated range is 127 steps to either side; after a rectifier 255 unsigned
 * values cover its one side with finer steps, and a third more, because texts go beyond what the calibration saw.
 */
function quantise(g: GraphBuilder, x: Value, activationScale: number | 'dynamic', rectified: boolean): Quantised {
  if (activationScale === 'dynamic') {
    const input = rectified ? g.op('Relu', [x]) : x;
    const [value = '', scale = '', zeroPoint = ''] = g.ops('DynamicQuantizeLinear', [input], 3);
    return { value, scale, zeroPoint };
  }
  const scale = g.constant('float32', rectified ? activationScale / RECTIFIED_FINENESS : activationScale);
  const zeroPoint = g.constant('uint8', rectified ? 0 : ZERO_POINT);
  return { value: g.op('QuantizeLinear', [x, scale, zeroPoint]), scale, zeroPoint };
}

function product(g: GraphBuilder, x: Quantised, columns: Value, columnScale: Value, bias?: Value): Value {
  const inputs = [x.value, columns, x.scale, columnScale, x.zeroPoint, ''];
  return g.contrib('MatMulIntegerToFloat', bias === undefined ? inputs : [...inputs, bias]);
}

function floatProduct(g: GraphBuilder, x: Value, a: Affine): Value {
  const product = g.op('MatMul', [x, unpackedWeight(g, a)]);
  return a.bias ? g.op('Add', [product, biasOf(g, a, a.bias)]) : product;
}

/** The weights [inputs, outputs] in floats, unpacked once a run. */
export function unpackedWeight(g: GraphBuilder, a: Affine): Value {
  return g.once(a.name, (outermost) =>
    outermost.op('DequantizeLinear', [weightOf(outermost, a), weightScale(outermost, a)], { axis: 1 }),
  );
}

/** The int8 weights [inputs, outputs], as the products read them. */
export function weightOf(g: GraphBuilder, a: Affine): Value {
  return g.weight('int8', a.name, [a.inputs, a.outputs], a.weight);
}

function biasOf(g: GraphBuilder, a: Affine, bias: Float32Array): Value {
  return g.weight('float32', `${a.name}.bias`, [a.outputs], bias);
}

/** The value of their step: one for all columns, or one a column. */
export function weightScale(g: GraphBuilder, a: Affine): Value {
  const { weightScale: scale } = a;
  return typeof scale === 'number'
    ? g.constant('float32', scale)
    : g.weight('float32', `${a.name}.scale`, [a.outputs], scale);
}
