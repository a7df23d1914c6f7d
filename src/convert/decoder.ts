import { affine, affines, type Kernel } from './affine.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { embed, outputLayer } from './embedding.ts';
import type { Network } from './network.ts';
import { attend, feedForward, layerNorm, sinusoids, ssru, wrap } from './transformer.ts';
import type { WeightStore } from './weights.ts';

/** What cross-attention reads: keys [B, heads, headDim, S] and values [B, heads, S, headDim] of each layer. */
interface Memory {
  keys: Value[];
  values: Value[];
}

/** The step graph: one token, the log-probabilities of the whole shortlist. */
export function stepGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { config, headDim } = network;
  const { dim, heads } = config;
  const g = new GraphBuilder('step', weights);
  const position = g.input('position', 'int64', []);
  const previous = g.input('previous', 'int32', ['B', 'M']);
  const shortlist = g.input('shortlist', 'int32', ['G', 'K']);
  const memory = readMemory(g, network);
  const states = network.decoder.map((_, i) => g.input(`state.${i + 1}`, 'float32', ['B', 'M', dim]));

  const int64 = (values: number[]): Value => g.constant('int64', values);
  const rows = int64([-1, dim]);
  const logits = outputLayer(g, kernel, network, shortlist);
  // [B, 1, dim] or [1, 1, dim], for all hypotheses of a source.
  const places = g.op('Cast', [g.op('Reshape', [position, int64([-1, 1, 1])])], { to: 1 });
  const x = g.op('Reshape', [g.op('Add', [embed(g, network, previous), sinusoids(g, places, dim)]), rows]);
  const cells = states.map((state) => g.op('Reshape', [state, rows]));
  const hypotheses = g.op('Shape', [previous], { start: 1, end: 2 });
  const apart = g.op('Concat', [int64([-1]), hypotheses, int64([heads, headDim])], { axis: 0 });
  const together = g.op('Concat', [int64([-1]), hypotheses, int64([dim])], { axis: 0 });
  const nextCells = states.map((state) => `${state}.rows`);
  const decoded = decode(g, network, kernel, memory, x, cells, nextCells, {
    split: (queries) => g.op('Transpose', [g.op('Reshape', [queries, apart])], { perm: [0, 2, 1, 3] }),
    merge: (context) => g.op('Reshape', [g.op('Transpose', [context], { perm: [0, 2, 1, 3] }), rows]),
  });
  g.node('LogSoftmax', [logits(g, g.op('Reshape', [decoded.state, together]))], {
    outputs: ['log_probs'],
    attributes: { axis: -1 },
  });
  g.node('Gather', [decoded.attention, g.constant('int64', 0)], { attributes: { axis: 1 }, outputs: ['attention'] });

  g.output('log_probs', 'float32', ['B', 'M', 'K']);
  g.output('attention', 'float32', ['B', 'M', 'S']);
  states.forEach((state, i) => {
    g.node('Reshape', [nextCells[i] ?? '', together], { outputs: [`${state}.out`] });
    g.output(`${state}.out`, 'float32', ['B', 'M', dim]);
  });
  return g.toModel();
}

/** The decoder graph: a Loop of greedy steps. */
export function decoderGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { config, headDim } = network;
  const { dim, heads } = config;
  const g = new GraphBuilder('decoder', weights);
  const steps = g.input('steps', 'int64', []);
  const position = g.input('position', 'int64', []);
  g.input('previous', 'int32', ['B']);
  const shortlist = g.input('shortlist', 'int32', ['G', 'K']);
  const memory = readMemory(g, network);
  const states = network.decoder.map((_, i) => g.input(`state.${i + 1}`, 'float32', ['B', dim]));

  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const logits = outputLayer(g, kernel, network, shortlist);
  // [steps, B, dim] or [steps, 1, dim]: the positions of every step.
  const ahead = g.op('Unsqueeze', [g.op('Range', [int64(0), steps, int64(1)]), int64([1])]);
  const places = g.op('Add', [ahead, g.op('Reshape', [position, int64([1, -1])])]);
  const table = sinusoids(g, g.op('Unsqueeze', [g.op('Cast', [places], { to: 1 }), int64([2])]), dim);
  const shortlistIds = g.op('Reshape', [shortlist, int64([-1])]);
  const rowStart = rowStarts(g, shortlist);
  // A row is done from its end-of-sentence (id 0) on; its mark is the least id so far.
  const alive = g.op('Max', ['previous', g.constant('int32', 1)]);

  const body = g.body('loop');
  const iteration = body.input('iteration', 'int64', []);
  body.input('go', 'bool', []);
  const previous = body.input('loop.previous', 'int32', ['B']);
  const least = body.input('loop.least', 'int32', ['B']);
  const cells = states.map((state) => body.input(`loop.${state}`, 'float32', ['B', dim]));

  const x = body.op('Add', [embed(body, network, previous), body.op('Gather', [table, iteration])]);
  const nextCells = cells.map((cell) => `${cell}.out`);
  const decoded = decode(body, network, kernel, memory, x, cells, nextCells, {
    split: (queries) => body.op('Reshape', [queries, int64([-1, heads, 1, headDim])]),
    merge: (context) => body.op('Reshape', [context, int64([-1, dim])]),
  });
  const scores = body.op('LogSoftmax', [logits(body, body.op('Unsqueeze', [decoded.state, int64([1])]))], { axis: -1 });
  const [best = '', column = ''] = body.ops('TopK', [scores, int64([1])], 2, { axis: -1 });
  const place = body.op('Add', [body.op('Reshape', [column, int64([-1])]), rowStart]);
  body.node('Gather', [shortlistIds, place], { outputs: ['loop.previous.out'] });
  body.node('Identity', ['loop.previous.out'], { outputs: ['loop.ids'] });
  body.node('Reshape', [best, int64([-1])], { outputs: ['loop.log_probs'] });
  const head = body.op('Gather', [decoded.attention, int64(0)], { axis: 1 });
  body.node('Squeeze', [head, int64([1])], { outputs: ['loop.attention'] });
  body.node('Min', [least, 'loop.previous.out'], { outputs: ['loop.least.out'] });
  body.node('Cast', [body.op('ReduceMax', ['loop.least.out'], { keepdims: 0 })], {
    attributes: { to: 9 },
    outputs: ['go.out'],
  });

  body.output('go.out', 'bool', []);
  body.output('loop.previous.out', 'int32', ['B']);
  body.output('loop.least.out', 'int32', ['B']);
  nextCells.forEach((cell) => body.output(cell, 'float32', ['B', dim]));
  body.output('loop.ids', 'int32', ['B']);
  body.output('loop.log_probs', 'float32', ['B']);
  body.output('loop.attention', 'float32', ['B', 'S']);

  const ends = states.map((state) => `${state}.out`);
  g.node('Loop', [steps, g.constant('bool', 1), 'previous', alive, ...states], {
    attributes: { body: { graph: body } },
    outputs: ['previous.out', 'least.out', ...ends, 'ids', 'log_probs', 'attention'],
  });
  g.output('ids', 'int32', ['N', 'B']);
  g.output('log_probs', 'float32', ['N', 'B']);
  g.output('attention', 'float32', ['N', 'B', 'S']);
  ends.forEach((end) => g.output(end, 'float32', ['B', dim]));
  return g.toModel();
}

/** Brings the encoder's keys and values into the order that attention wants, once a run. */
function readMemory(g: GraphBuilder, { config, headDim, memory }: Network): Memory {
  const parts = 2 * config.decoderLayers;
  g.input('memory.bias', 'float32', ['B', 1, 1, 'S']);
  const packed = g.input('memory.kv', 'float32', ['B', 'S', memory.outputs]);
  const heads = g.op('Reshape', [packed, g.constant('int64', [0, 0, parts * config.heads, headDim])]);
  const split = g.ops('Split', [heads], parts, { axis: 2 });
  const place = (offset: number, perm: number[]): Value[] =>
    split.filter((_, i) => i % 2 === offset).map((part) => g.op('Transpose', [part], { perm }));
  return { keys: place(0, [0, 2, 3, 1]), values: place(1, [0, 2, 1, 3]) };
}

/**
 * All decoder layers.
 * @param x [rows, dim]
 * @param shape between rows and [B, heads, M, headDim]
 * @returns the state before the output layer [rows, dim], and the attention of the layer trained as alignment [B, heads, M, S]
 */
function decode(
  g: GraphBuilder,
  network: Network,
  kernel: Kernel,
  memory: Memory,
  x: Value,
  cells: Value[],
  nextCells: Value[],
  shape: { split(queries: Value): Value; merge(context: Value): Value },
): { state: Value; attention: Value } {
  let state = x;
  let attention = '';
  network.decoder.forEach((layer, i) => {
    state = wrap(g, kernel, state, layer.cellWrapping, (input) => {
      const [candidate = '', gate = ''] = affines(g, kernel, input, [layer.candidate, layer.forget]);
      return ssru(g, candidate, gate, cells[i] ?? '', nextCells[i] ?? '');
    });
    state = wrap(g, kernel, state, layer.attentionWrapping, (input) => {
      const scores = g.op('MatMul', [shape.split(affine(g, kernel, input, layer.query)), memory.keys[i] ?? '']);
      const { context, weights } = attend(g, scores, 'memory.bias', memory.values[i] ?? '');
      if (i + 1 === network.config.alignmentLayer) attention = weights;
      return affine(g, kernel, shape.merge(context), layer.attentionOutput);
    });
    state = feedForward(g, kernel, state, layer.ffn);
  });
  return { state: network.decoderTop.reduce((value, norm) => layerNorm(g, kernel, value, norm), state), attention };
}

/** Where each row's list starts in the flattened shortlist: int64 [B]. With one list for all rows, 0 for each. */
function rowStarts(g: GraphBuilder, shortlist: Value): Value {
  const zero = g.constant('int64', 0);
  const one = g.constant('int64', 1);
  const size = (of: Value, axis: number): Value =>
    g.op('Squeeze', [g.op('Shape', [of], { start: axis, end: axis + 1 })]);
  const rows = g.op('Range', [zero, size('previous', 0), one]);
  return g.op('Mul', [g.op('Min', [rows, g.op('Sub', [size(shortlist, 0), one])]), size(shortlist, 1)]);
}
