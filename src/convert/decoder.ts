import { affine, affines, type Kernel } from './affine.ts';
import { GraphBuilder, type Value } from './builder.ts';
import { embed, outputLayer } from './embedding.ts';
import type { Network, SelfLayer } from './network.ts';
import { positionsOf } from './positions.ts';
import { attend, feedForward, layerNorm, ssru, wrap } from './transformer.ts';
import { ELEMENT_TYPES, type WeightStore } from './weights.ts';

/** What cross-attention reads: keys [B, heads, headDim, S] and values [B, heads, S, headDim] of each layer. */
interface Memory {
  keys: Value[];
  values: Value[];
}

/** The step graph: one token, the log-probabilities of the whole shortlist, or vocabulary. */
export function stepGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { dim, heads, headDim } = network;
  const g = new GraphBuilder('step', weights);
  const position = g.input('position', 'int64', []);
  const previous = g.input('previous', 'int32', ['B', 'M']);
  const shortlist = readShortlist(g, network);
  const memory = readMemory(g, network);
  const slots = selfSlots(network);
  slots.forEach(({ name, cache }) => g.input(name, 'float32', cache ? cache('R', 'C') : ['B', 'M', dim]));

  const int64 = (values: number[]): Value => g.constant('int64', values);
  const rows = int64([-1, dim]);
  const logits = outputLayer(g, kernel, network, shortlist);
  // [B, 1, dim] or [1, 1, dim], for all hypotheses of a source.
  const places = g.op('Reshape', [position, int64([-1, 1])]);
  const table = positionsOf(g, network.targetPositions, places, dim);
  const x = g.op('Reshape', [g.op('Add', [embed(g, network, 'target', previous), table]), rows]);
  const states = slots.map(({ name, cache }) => (cache ? name : g.op('Reshape', [name, rows])));
  const hypotheses = g.op('Shape', [previous], { start: 1, end: 2 });
  const apart = g.op('Concat', [int64([-1]), hypotheses, int64([heads, headDim])], { axis: 0 });
  const together = g.op('Concat', [int64([-1]), hypotheses, int64([dim])], { axis: 0 });
  const next = slots.map(({ name, cache }) => (cache ? `${name}.out` : `${name}.rows`));
  const decoded = decode(g, network, kernel, memory, x, states, next, {
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
  slots.forEach(({ name, cache }, i) => {
    if (!cache) g.node('Reshape', [next[i] ?? '', together], { outputs: [`${name}.out`] });
    g.output(`${name}.out`, 'float32', cache ? cache('R', 'C1') : ['B', 'M', dim]);
  });
  return g.toModel();
}

/** The decoder graph: a Loop of greedy steps. */
export function decoderGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { dim, heads, headDim, eosId } = network;
  const g = new GraphBuilder('decoder', weights);
  const steps = g.input('steps', 'int64', []);
  const position = g.input('position', 'int64', []);
  g.input('previous', 'int32', ['B']);
  const shortlist = readShortlist(g, network);
  const memory = readMemory(g, network);
  const slots = selfSlots(network);
  const sizes = (cache: Slot['cache'], length: string): (string | number)[] =>
    cache ? cache('B', length) : ['B', dim];
  slots.forEach(({ name, cache }) => g.input(name, 'float32', sizes(cache, 'C')));

  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const logits = outputLayer(g, kernel, network, shortlist);
  // [steps, B, dim] or [steps, 1, dim]: the positions of every step.
  const ahead = g.op('Unsqueeze', [g.op('Range', [int64(0), steps, int64(1)]), int64([1])]);
  const places = g.op('Add', [ahead, g.op('Reshape', [position, int64([1, -1])])]);
  const table = positionsOf(g, network.targetPositions, places, dim);
  const listed = shortlist && { ids: g.op('Reshape', [shortlist, int64([-1])]), starts: rowStarts(g, shortlist) };
  // A row is done from its end-of-sentence on; its mark is the least distance of an id from it so far.
  const alive = g.op('Max', ['previous', g.constant('int32', 1)]);

  const body = g.body('loop');
  const iteration = body.input('iteration', 'int64', []);
  body.input('go', 'bool', []);
  const previous = body.input('loop.previous', 'int32', ['B']);
  const least = body.input('loop.least', 'int32', ['B']);
  const states = slots.map(({ name, cache }) => body.input(`loop.${name}`, 'float32', sizes(cache, 'C')));

  const x = body.op('Add', [embed(body, network, 'target', previous), body.op('Gather', [table, iteration])]);
  const next = states.map((state) => `${state}.out`);
  const decoded = decode(body, network, kernel, memory, x, states, next, {
    split: (queries) => body.op('Reshape', [queries, int64([-1, heads, 1, headDim])]),
    merge: (context) => body.op('Reshape', [context, int64([-1, dim])]),
  });
  const scores = body.op('LogSoftmax', [logits(body, body.op('Unsqueeze', [decoded.state, int64([1])]))], { axis: -1 });
  const [best = '', column = ''] = body.ops('TopK', [scores, int64([1])], 2, { axis: -1 });
  const columns = body.op('Reshape', [column, int64([-1])]);
  const outputs = ['loop.previous.out'];
  if (listed) body.node('Gather', [listed.ids, body.op('Add', [columns, listed.starts])], { outputs });
  else body.node('Cast', [columns], { attributes: { to: ELEMENT_TYPES.int32 }, outputs });
  body.node('Identity', ['loop.previous.out'], { outputs: ['loop.ids'] });
  body.node('Reshape', [best, int64([-1])], { outputs: ['loop.log_probs'] });
  const head = body.op('Gather', [decoded.attention, int64(0)], { axis: 1 });
  body.node('Squeeze', [head, int64([1])], { outputs: ['loop.attention'] });
  const fromEnd =
    eosId === 0
      ? 'loop.previous.out'
      : body.op('Abs', [body.op('Sub', ['loop.previous.out', body.constant('int32', eosId)])]);
  body.node('Min', [least, fromEnd], { outputs: ['loop.least.out'] });
  body.node('Cast', [body.op('ReduceMax', ['loop.least.out'], { keepdims: 0 })], {
    attributes: { to: 9 },
    outputs: ['go.out'],
  });

  body.output('go.out', 'bool', []);
  body.output('loop.previous.out', 'int32', ['B']);
  body.output('loop.least.out', 'int32', ['B']);
  slots.forEach(({ cache }, i) => body.output(next[i] ?? '', 'float32', sizes(cache, 'C1')));
  body.output('loop.ids', 'int32', ['B']);
  body.output('loop.log_probs', 'float32', ['B']);
  body.output('loop.attention', 'float32', ['B', 'S']);

  const names = slots.map(({ name }) => name);
  const ends = names.map((name) => `${name}.out`);
  g.node('Loop', [steps, g.constant('bool', 1), 'previous', alive, ...names], {
    attributes: { body: { graph: body } },
    outputs: ['previous.out', 'least.out', ...ends, 'ids', 'log_probs', 'attention'],
  });
  g.output('ids', 'int32', ['N', 'B']);
  g.output('log_probs', 'float32', ['N', 'B']);
  g.output('attention', 'float32', ['N', 'B', 'S']);
  slots.forEach(({ cache }, i) => g.output(ends[i] ?? '', 'float32', sizes(cache, 'C1')));
  return g.toModel();
}

function readShortlist(g: GraphBuilder, { shortlisted }: Network): Value | undefined {
  return shortlisted ? g.input('shortlist', 'int32', ['G', 'K']) : undefined;
}

/** Brings the encoder's keys and values into the order that attention wants, once a run. */
function readMemory(g: GraphBuilder, { decoder, heads: headCount, headDim, memory }: Network): Memory {
  const parts = 2 * decoder.length;
  g.input('memory.bias', 'float32', ['B', 1, 1, 'S']);
  const packed = g.input('memory.kv', 'float32', ['B', 'S', memory.outputs]);
  const heads = g.op('Reshape', [packed, g.constant('int64', [0, 0, parts * headCount, headDim])]);
  const split = g.ops('Split', [heads], parts, { axis: 2 });
  const place = (offset: number, perm: number[]): Value[] =>
    split.filter((_, i) => i % 2 === offset).map((part) => g.op('Transpose', [part], { perm }));
  return { keys: place(0, [0, 2, 3, 1]), values: place(1, [0, 2, 1, 3]) };
}

/**
 * All decoder layers.
 * @param x [rows, dim]
 * @param states what the layers remember, in the order of `selfSlots`; `next` are the names to give to what they remember then
 * @param shape between rows and [B, heads, M, headDim]
 * @returns the state before the output layer [rows, dim], and the attention of the layer trained as alignment [B, heads, M, S]
 */
function decode(
  g: GraphBuilder,
  network: Network,
  kernel: Kernel,
  memory: Memory,
  x: Value,
  states: Value[],
  next: Value[],
  shape: { split(queries: Value): Value; merge(context: Value): Value },
): { state: Value; attention: Value } {
  let state = network.targetNorms.reduce((value, norm) => layerNorm(g, kernel, value, norm), x);
  let attention = '';
  network.decoder.forEach((layer, i) => {
    const { self } = layer;
    state = wrap(g, kernel, state, self.wrapping, (input) => {
      if (self.kind === 'attention') {
        const [before, after] = [states, next].map((list) => ({
          keys: list[2 * i] ?? '',
          values: list[2 * i + 1] ?? '',
        }));
        return selfAttention(g, network, kernel, input, self, before!, after!);
      }
      const [candidate = '', gate = ''] = affines(g, kernel, input, [self.candidate, self.forget]);
      return ssru(g, candidate, gate, states[i] ?? '', next[i] ?? '');
    });
    state = wrap(g, kernel, state, layer.attentionWrapping, (input) => {
      const scores = g.op('MatMul', [shape.split(affine(g, kernel, input, layer.query)), memory.keys[i] ?? '']);
      const { context, weights } = attend(g, scores, 'memory.bias', memory.values[i] ?? '');
      if (i + 1 === network.alignmentLayer) attention = weights;
      return affine(g, kernel, shape.merge(context), layer.attentionOutput);
    });
    state = feedForward(g, kernel, state, layer.ffn);
  });
  return { state: network.decoderTop.reduce((value, norm) => layerNorm(g, kernel, value, norm), state), attention };
}

/** Something that a decoder layer remembers from token to token. */
interface Slot {
  name: string;
  /** The shape of keys or values of so many rows and tokens; absent: a cell of each row. */
  cache?: (rows: string, tokens: string) => (string | number)[];
}

/** A cell for every layer, or keys and values. A network has layers of one kind. */
function selfSlots({ decoder, heads, headDim }: Network): Slot[] {
  return decoder.flatMap(({ self }, i): Slot[] =>
    self.kind === 'ssru'
      ? [{ name: `state.${i + 1}` }]
      : [
          { name: `cache.keys.${i + 1}`, cache: (rows, tokens) => [rows, heads, headDim, tokens] },
          { name: `cache.values.${i + 1}`, cache: (rows, tokens) => [rows, heads, tokens, headDim] },
        ],
  );
}

interface KeysAndValues {
  keys: Value;
  values: Value;
}

/** Attention of one token a row to those before it and to itself: x [rows, dim]. */
function selfAttention(
  g: GraphBuilder,
  { dim, heads, headDim }: Network,
  kernel: Kernel,
  x: Value,
  { qkv, output }: Extract<SelfLayer, { kind: 'attention' }>,
  before: KeysAndValues,
  after: KeysAndValues,
): Value {
  const [queries = '', keys = '', values = ''] = g.ops('Split', [affine(g, kernel, x, qkv)], 3, { axis: -1 });
  const rows = (value: Value): Value => g.op('Reshape', [value, g.constant('int64', [-1, heads, 1, headDim])]);
  const column = g.op('Reshape', [keys, g.constant('int64', [-1, heads, headDim, 1])]);
  g.node('Concat', [before.keys, column], { attributes: { axis: 3 }, outputs: [after.keys] });
  g.node('Concat', [before.values, rows(values)], { attributes: { axis: 2 }, outputs: [after.values] });
  const weights = g.op('Softmax', [g.op('MatMul', [rows(queries), after.keys])], { axis: -1 });
  const context = g.op('MatMul', [weights, after.values]);
  return affine(g, kernel, g.op('Reshape', [context, g.constant('int64', [-1, dim])]), output);
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
