import type { Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';
import type { WhisperNetwork } from './whisperNetwork.ts';

/** On WASM its tanh approximation: half the time, and an error far below that of the int8 products after it. */
export function gelu(g: GraphBuilder, kernel: Kernel, x: Value): Value {
  return g.contrib(kernel === 'int8' ? 'FastGelu' : 'Gelu', [x]);
}

/** Rows [rows, dim] of one source -> [1, heads, rows, headDim]. */
export function headRows(g: GraphBuilder, { heads, headDim }: WhisperNetwork, rows: Value): Value {
  const apart = g.op('Reshape', [rows, g.constant('int64', [1, -1, heads, headDim])]);
  return g.op('Transpose', [apart], { perm: [0, 2, 1, 3] });
}

/** Rows [rows, dim] of one source -> [1, heads, headDim, rows], as products of queries and keys want the keys. */
export function headKeys(g: GraphBuilder, { heads, headDim }: WhisperNetwork, rows: Value): Value {
  const apart = g.op('Reshape', [rows, g.constant('int64', [1, -1, heads, headDim])]);
  return g.op('Transpose', [apart], { perm: [0, 2, 3, 1] });
}

/** [B, heads, T, headDim] -> [B * T, dim] */
export function rowsOfHeads(g: GraphBuilder, { dim }: WhisperNetwork, x: Value): Value {
  return g.op('Reshape', [g.op('Transpose', [x], { perm: [0, 2, 1, 3] }), g.constant('int64', [-1, dim])]);
}
