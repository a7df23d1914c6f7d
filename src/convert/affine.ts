import type { GraphBuilder, Value } from './builder.ts';

/** How matrix products are computed: `int8` quantises activations with their static scales; `float` unpacks the same weights first. */
export type Kernel = 'int8' | 'float';

/** y = x W + b, where W is one or more of the model's matrices side by side, so that one product serves them all. */
export interface Affine {
  /** Its weights' name in the weight store. */
  name: string;
  inputs: number;
  outputs: number;
  /** [inputs, outputs] row-major. */
  weight: () => Int8Array;
  /** Value of one weight step: one for all columns, or one a column. */
  weightScale: number | Float32Array;
  /** Value of one activation step, from the model's calibration. */
  activationScale: number;
  bias: Float32Array | undefined;
}

/** The zero point of unsigned activations: signed ones are shifted by it. */
const ZERO_POINT = 128;

/** Adds y = x W + b to a graph; x is [..., inputs]. */
export function affine(g: GraphBuilder, kernel: Kernel, x: Value, a: Affine): Value {
  const weight = g.weight(a.name, [a.inputs, a.outputs], a.weight);
  const scale = weightScale(g, a);
  const bias = a.bias ? g.weight(`${a.name}.bias`, [a.outputs], () => a.bias ?? new Float32Array()) : undefined;
  if (kernel === 'float') {
    const unpacked = g.once(a.name, (outermost) => outermost.op('DequantizeLinear', [weight, scale], { axis: 1 }));
    const product = g.op('MatMul', [x, unpacked]);
    return bias === undefined ? product : g.op('Add', [product, bias]);
  }
  const activationScale = g.constant('float32', a.activationScale);
  const zeroPoint = g.constant('uint8', ZERO_POINT);
  const quantised = g.op('QuantizeLinear', [x, activationScale, zeroPoint]);
  const inputs = [quantised, weight, activationScale, scale, zeroPoint, g.constant('int8', 0)];
  return g.contrib('MatMulIntegerToFloat', bias === undefined ? inputs : [...inputs, bias]);
}

function weightScale(g: GraphBuilder, a: Affine): Value {
  const { weightScale: scale } = a;
  return typeof scale === 'number'
    ? g.constant('float32', scale)
    : g.weight(`${a.name}.scale`, [a.outputs], () => scale);
}
