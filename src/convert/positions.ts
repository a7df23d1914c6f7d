import type { GraphBuilder, Value } from './builder.ts';

/** How tokens are told where they stand: by sinusoids, the first token's place being `first`, or by a table of learned rows. */
export type Positions = { first: number } | { name: string; rows: number; data: Float32Array };

/**
 * What is added to the embeddings of tokens.
 * @param places int64 [...], counted from 0
 * @returns [..., dim]
 */
export function positionsOf(g: GraphBuilder, positions: Positions, places: Value, dim: number): Value {
  if ('name' in positions) {
    return g.op('Gather', [g.weight('float32', positions.name, [positions.rows, dim], positions.data), places]);
  }
  const { first } = positions;
  const counted = first === 0 ? places : g.op('Add', [places, g.constant('int64', first)]);
  return sinusoids(g, g.op('Unsqueeze', [g.op('Cast', [counted], { to: 1 }), g.constant('int64', [-1])]), dim);
}

/**
 * Sinusoidal positions as Marian and CTranslate2 have them: [sin half | cos half]. Computed, because a table would weigh half a
 * megabyte.
 * @param positions float32 [..., 1]
 * @returns [..., dim]
 */
function sinusoids(g: GraphBuilder, positions: Value, dim: number): Value {
  const half = dim / 2;
  const step = Math.log(10000) / Math.max(half - 1, 1);
  const frequencies = g.constant(
    'float32',
    Array.from({ length: half }, (_, i) => Math.exp(-i * step)),
  );
  const angles = g.op('Mul', [positions, frequencies]);
  return g.op('Concat', [g.op('Sin', [angles]), g.op('Cos', [angles])], { axis: -1 });
}
