import type { Kernel } from './affine.ts';
import type { GraphBuilder, Value } from './builder.ts';

/** How the encoder keeps a batch of sources of different lengths, and how attention sees it. */
export interface TokenLayout {
  /** The ids, in the layout. */
  ids: Value;
  /** Picks each token's row of a table [S, dim]. */
  positions(table: Value): Value;
  /** Queries, keys and values side by side -> each [B, heads, S, headDim]. */
  split(projection: Value): { queries: Value; keys: Value; values: Value };
  /** queries x keys: [B, heads, S, S] */
  scores(queries: Value, keys: Value): Value;
  /** [B, heads, S, headDim] -> the layout */
  merge(context: Value): Value;
  /** The layout -> [B, S, width]; what stands at padding means nothing. */
  pad(x: Value): Value;
}

interface Sources {
  /** int32 [B, S] */
  ids: Value;
  /** float32 [B, S], 1 = token */
  mask: Value;
  heads: number;
  headDim: number;
}

export function tokenLayout(g: GraphBuilder, kernel: Kernel, sources: Sources): TokenLayout {
  return kernel === 'int8' ? ragged(g, sources) : padded(g, sources);
}

/**
 * [T, dim]: the tokens of all sources one after another, no padding in any product. Gathers of whole heads take the place of the
 * reshapes and transposes around attention, and pad on the way.
 */
function ragged(g: GraphBuilder, { ids, mask, heads, headDim }: Sources): TokenLayout {
  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const headRows = int64([-1, headDim]);
  const headIndex = Array.from({ length: heads }, (_, head) => head);

  const length = g.op('Shape', [ids], { start: 1, end: 2 });
  const present = g.op('Reshape', [mask, int64([-1])]);
  // Where each token stands in [B, S], and in its own source.
  const slot = g.op('Squeeze', [g.op('NonZero', [present]), int64([0])]);
  const position = g.op('Mod', [slot, length]);
  // The token at each place of [B, S]; token 0 at padding.
  const count = g.op('Sub', [g.op('CumSum', [present, int64(0)]), g.constant('float32', 1)]);
  const token = g.op('Reshape', [g.op('Cast', [g.op('Mul', [count, present])], { to: 7 }), g.op('Shape', [ids])]);

  // Rows of [T * 3 * heads, headDim] that make [B, heads, S, headDim] for queries; keys and values lie `heads` and 2 * `heads` further.
  const tokenRows = g.op('Mul', [g.op('Unsqueeze', [token, int64([1])]), int64(3 * heads)]);
  const queryRows = g.op('Add', [tokenRows, g.constant('int64', headIndex, [heads, 1])]);
  const partRows = [queryRows, ...[1, 2].map((part) => g.op('Add', [queryRows, int64(part * heads)]))];
  // Rows of [B * heads * S, headDim] that make [T, heads, headDim]: (source * heads + head) * S + position.
  const sourceStart = g.op('Mul', [g.op('Sub', [slot, position]), int64(heads)]);
  const headStart = g.op('Mul', [int64(headIndex), length]);
  const mergeRows = g.op('Add', [g.op('Unsqueeze', [g.op('Add', [sourceStart, position]), int64([1])]), headStart]);

  return {
    ids: g.op('Gather', [g.op('Reshape', [ids, int64([-1])]), slot]),
    positions: (table) => g.op('Gather', [table, position]),
    split: (projection) => {
      const rows = g.op('Reshape', [projection, headRows]);
      const [queries = '', keys = '', values = ''] = partRows.map((index) => g.op('Gather', [rows, index]));
      return { queries, keys, values };
    },
    scores: (queries, keys) => g.contrib('FusedMatMul', [queries, keys], { transB: 1 }),
    merge: (context) => {
      const gathered = g.op('Gather', [g.op('Reshape', [context, headRows]), mergeRows]);
      return g.op('Reshape', [gathered, int64([-1, heads * headDim])]);
    },
    pad: (x) => g.op('Gather', [x, token]),
  };
}

/** [B, S, dim], with operations that every provider has. */
function padded(g: GraphBuilder, { ids, heads, headDim }: Sources): TokenLayout {
  const int64 = (values: number[]): Value => g.constant('int64', values);
  return {
    ids,
    positions: (table) => table,
    split: (projection) => {
      const apart = g.op('Reshape', [projection, int64([0, 0, 3 * heads, headDim])]);
      const [queries = '', keys = '', values = ''] = g.ops(
        'Split',
        [g.op('Transpose', [apart], { perm: [0, 2, 1, 3] })],
        3,
        { axis: 1 },
      );
      return { queries, keys, values };
    },
    scores: (queries, keys) => g.op('MatMul', [queries, g.op('Transpose', [keys], { perm: [0, 1, 3, 2] })]),
    merge: (context) =>
      g.op('Reshape', [g.op('Transpose', [context], { perm: [0, 2, 1, 3] }), int64([0, 0, heads * headDim])]),
    pad: (x) => x,
  };
}
