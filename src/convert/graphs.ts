import { affine, type Kernel } from './affine.ts';
import { GraphBuilder, type Value } from './builder.ts';
import type { DecoderLayer, Network } from './network.ts';
import {
  attention,
  feedForward,
  layerNorm,
  sinusoids,
  splitHeads,
  splitHeadsTransposed,
  ssru,
  wrap,
} from './transformer.ts';
import type { WeightStore } from './weights.ts';

/** Added to attention scores of padding: far below any score, and finite. */
const MASKED = -1e9;

/** The encoder graph (inputs and outputs: see marian.ts). */
export function encoderGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { config, headDim } = network;
  const g = new GraphBuilder('encoder', weights);
  const ids = g.input('ids', 'int32', ['B', 'S']);
  const mask = g.input('mask', 'float32', ['B', 'S']);

  g.node(
    'Mul',
    [
      g.op('Unsqueeze', [g.op('Sub', [mask, g.constant('float32', 1)]), g.constant('int64', [1, 2])]),
      g.constant('float32', -MASKED),
    ],
    {
      outputs: ['memory.bias'],
    },
  );
  g.output('memory.bias', 'float32', ['B', 1, 1, 'S']);

  const length = g.op('Squeeze', [g.op('Shape', [ids], { start: 1, end: 2 })]);
  const positions = g.op('Cast', [g.op('Range', [g.constant('int64', 0), length, g.constant('int64', 1)])], { to: 1 });
  let x = g.op('Add', [embed(g, network, ids), sinusoids(g, positions, config.dim)]);
  for (const layer of network.encoder) {
    x = wrap(g, x, layer.attentionWrapping, (input) => {
      const [q = '', k = '', v = ''] = g.ops('Split', [affine(g, kernel, input, layer.qkv)], 3, { axis: -1 });
      const keys = splitHeadsTransposed(g, k, config.heads);
      const { context } = attention(
        g,
        splitHeads(g, q, config.heads),
        keys,
        splitHeads(g, v, config.heads),
        'memory.bias',
        headDim,
      );
      return affine(g, kernel, context, layer.attentionOutput);
    });
    x = feedForward(g, kernel, x, layer.ffn);
  }
  x = network.encoderTop.reduce((value, norm) => layerNorm(g, value, norm), x);

  const parts = g.ops('Split', [affine(g, kernel, x, network.memory)], 2 * config.decoderLayers, { axis: -1 });
  for (let layer = 1; layer <= config.decoderLayers; layer++) {
    const [k = '', v = ''] = parts.slice(2 * layer - 2);
    g.node('Identity', [splitHeadsTransposed(g, k, config.heads)], { outputs: [`memory.k${layer}`] });
    g.output(`memory.k${layer}`, 'float32', ['B', config.heads, headDim, 'S']);
    g.node('Identity', [splitHeads(g, v, config.heads)], { outputs: [`memory.v${layer}`] });
    g.output(`memory.v${layer}`, 'float32', ['B', config.heads, 'S', headDim]);
  }
  return g.toModel();
}

/** The step graph: one token, the log-probabilities of the whole shortlist. */
export function stepGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { config } = network;
  const g = new GraphBuilder('step', weights);
  const position = g.input('position', 'int64', []);
  const previous = g.input('previous', 'int32', ['B', 'M']);
  const shortlist = declareShortlist(g);
  declareMemory(g, network);
  const cells = network.decoder.map((_, i) => g.input(`state.${i + 1}`, 'float32', ['B', 'M', config.dim]));

  const output = outputLayer(g, network, shortlist);
  const table = sinusoids(
    g,
    g.op('Unsqueeze', [g.op('Cast', [position], { to: 1 }), g.constant('int64', [0])]),
    config.dim,
  );
  const { state, weights: attended } = decode(g, network, kernel, embedPrevious(g, network, previous, table), cells);
  g.node('LogSoftmax', [output.logits(g, state)], { outputs: ['log_probs'], attributes: { axis: -1 } });
  alignment(g, attended, 'attention');

  g.output('log_probs', 'float32', ['B', 'M', 'K']);
  g.output('attention', 'float32', ['B', 'M', 'S']);
  cells.forEach((cell) => g.output(`${cell}.out`, 'float32', ['B', 'M', config.dim]));
  return g.toModel();
}

/** The decoder graph: a Loop of greedy steps. */
export function decoderGraph(network: Network, weights: WeightStore, kernel: Kernel): Uint8Array {
  const { config } = network;
  const g = new GraphBuilder('decoder', weights);
  const steps = g.input('steps', 'int64', []);
  const position = g.input('position', 'int64', []);
  g.input('previous', 'int32', ['B']);
  const shortlist = declareShortlist(g);
  declareMemory(g, network);
  const states = network.decoder.map((_, i) => g.input(`state.${i + 1}`, 'float32', ['B', config.dim]));

  const output = outputLayer(g, network, shortlist);
  const positions = g.op('Range', [position, g.op('Add', [position, steps]), g.constant('int64', 1)]);
  const table = sinusoids(g, g.op('Cast', [positions], { to: 1 }), config.dim);
  const flatShortlist = g.op('Reshape', [shortlist, g.constant('int64', [-1])]);
  const rowStart = rowStarts(g, shortlist);

  // The body works on [B, 1, ...], as the step graph does with one beam.
  const one = g.constant('int64', [1]);
  const noneDone = g.op('Less', ['previous', g.constant('int32', -2147483648)]);
  const body = g.body('loop');
  const iteration = body.input('iteration', 'int64', []);
  body.input('go', 'bool', []);
  const previous = body.input('loop.previous', 'int32', ['B']);
  const done = body.input('loop.done', 'bool', ['B']);
  const cells = states.map((state) => body.input(`loop.${state}`, 'float32', ['B', 1, config.dim]));

  const row = body.op('Gather', [table, iteration], { axis: 0 });
  const x = embedPrevious(body, network, body.op('Unsqueeze', [previous, one]), row);
  const { state, weights: attended } = decode(body, network, kernel, x, cells);
  const scores = body.op('LogSoftmax', [output.logits(body, state)], { axis: -1 });
  const column = body.op('Squeeze', [body.op('ArgMax', [scores], { axis: -1, keepdims: 0 }), one]);
  body.node('Gather', [flatShortlist, body.op('Add', [column, rowStart])], { outputs: ['loop.previous.out'] });
  body.node('Squeeze', [body.op('ReduceMax', [scores], { axes: [-1], keepdims: 0 }), one], {
    outputs: ['loop.log_probs'],
  });
  const ended = body.op('Equal', ['loop.previous.out', body.constant('int32', 0)]);
  body.node('Or', [done, ended], { outputs: ['loop.done.out'] });
  const allDone = body.op('ReduceMin', [body.op('Cast', ['loop.done.out'], { to: 6 })], { keepdims: 0 });
  body.node('Equal', [allDone, body.constant('int32', 0)], { outputs: ['go.out'] });
  body.node('Identity', ['loop.previous.out'], { outputs: ['loop.ids'] });
  alignment(body, attended, 'loop.attention.3d');
  body.node('Squeeze', ['loop.attention.3d', one], { outputs: ['loop.attention'] });

  body.output('go.out', 'bool', []);
  body.output('loop.previous.out', 'int32', ['B']);
  body.output('loop.done.out', 'bool', ['B']);
  cells.forEach((cell) => body.output(`${cell}.out`, 'float32', ['B', 1, config.dim]));
  body.output('loop.ids', 'int32', ['B']);
  body.output('loop.log_probs', 'float32', ['B']);
  body.output('loop.attention', 'float32', ['B', 'S']);

  const start = states.map((cell) => g.op('Unsqueeze', [cell, one]));
  const end = states.map((cell) => `${cell}.end`);
  g.node('Loop', [steps, g.constant('bool', 1), 'previous', noneDone, ...start], {
    attributes: { body: { graph: body } },
    outputs: ['previous.end', 'done.end', ...end, 'ids', 'log_probs', 'attention'],
  });
  g.output('ids', 'int32', ['N', 'B']);
  g.output('log_probs', 'float32', ['N', 'B']);
  g.output('attention', 'float32', ['N', 'B', 'S']);
  states.forEach((cell) => {
    g.node('Squeeze', [`${cell}.end`, one], { outputs: [`${cell}.out`] });
    g.output(`${cell}.out`, 'float32', ['B', config.dim]);
  });
  return g.toModel();
}

function declareShortlist(g: GraphBuilder): Value {
  return g.input('shortlist', 'int32', ['G', 'K']);
}

function declareMemory(g: GraphBuilder, { config, headDim }: Network): void {
  g.input('memory.bias', 'float32', ['B', 1, 1, 'S']);
  for (let layer = 1; layer <= config.decoderLayers; layer++) {
    g.input(`memory.k${layer}`, 'float32', ['B', config.heads, headDim, 'S']);
    g.input(`memory.v${layer}`, 'float32', ['B', config.heads, 'S', headDim]);
  }
}

/** Token embeddings, scaled: int32 [...] -> [..., dim]. */
function embed(g: GraphBuilder, { config, embedding }: Network, ids: Value): Value {
  const rows = g.op('Gather', [embeddingWeight(g, config, embedding), ids]);
  return g.op('Mul', [g.op('Cast', [rows], { to: 1 }), g.constant('float32', Math.sqrt(config.dim) * embedding.scale)]);
}

function embeddingWeight(g: GraphBuilder, config: Network['config'], { data }: Network['embedding']): Value {
  return g.weight('Wemb', [config.vocabulary, config.dim], () => data);
}

/** The decoder's input [B, M, dim]: the last token's embedding, zero where there is none yet (-1), plus the position. */
function embedPrevious(g: GraphBuilder, network: Network, previous: Value, position: Value): Value {
  const present = g.op('Cast', [g.op('GreaterOrEqual', [previous, g.constant('int32', 0)])], { to: 1 });
  const known = g.op('Max', [previous, g.constant('int32', 0)]);
  const token = g.op('Mul', [embed(g, network, known), g.op('Unsqueeze', [present, g.constant('int64', [-1])])]);
  return g.op('Add', [token, position]);
}

/** All decoder layers: x [B, M, dim] and the cells -> the state before the output layer, and the attention of the layer trained as alignment. */
function decode(
  g: GraphBuilder,
  network: Network,
  kernel: Kernel,
  x: Value,
  cells: Value[],
): { state: Value; weights: Value } {
  let state = x;
  let weights = '';
  network.decoder.forEach((layer, i) => {
    const result = decoderLayer(g, network, kernel, layer, state, i + 1, cells[i] ?? '');
    state = result.state;
    if (i + 1 === network.config.alignmentLayer) weights = result.weights;
  });
  return { state: network.decoderTop.reduce((value, norm) => layerNorm(g, value, norm), state), weights };
}

function decoderLayer(
  g: GraphBuilder,
  network: Network,
  kernel: Kernel,
  layer: DecoderLayer,
  x: Value,
  number: number,
  cell: Value,
) {
  const { heads } = network.config;
  const recurrent = wrap(g, x, layer.cellWrapping, (input) =>
    ssru(g, affine(g, kernel, input, layer.cell), cell, `${cell}.out`),
  );
  let weights = '';
  const attended = wrap(g, recurrent, layer.attentionWrapping, (input) => {
    const queries = splitHeads(g, affine(g, kernel, input, layer.query), heads);
    const result = attention(g, queries, `memory.k${number}`, `memory.v${number}`, 'memory.bias', network.headDim);
    weights = result.weights;
    return affine(g, kernel, result.context, layer.attentionOutput);
  });
  return { state: feedForward(g, kernel, attended, layer.ffn), weights };
}

/** Head 0 of attention weights [B, heads, M, S] as [B, M, S]. */
function alignment(g: GraphBuilder, weights: Value, name: Value): void {
  g.node('Gather', [weights, g.constant('int64', 0)], { attributes: { axis: 1 }, outputs: [name] });
}

/** Gathers the output layer's columns for the shortlist once; `logits` multiplies a state [B, M, dim] by them: [B, M, K]. */
function outputLayer(g: GraphBuilder, { config, embedding, output }: Network, shortlist: Value) {
  const known = g.op('Max', [shortlist, g.constant('int32', 0)]);
  const rows = g.op('Gather', [embeddingWeight(g, config, embedding), known]);
  const columns = g.op('Cast', [g.op('Transpose', [rows], { perm: [0, 2, 1] })], { to: 1 });
  const matrix = g.op('Mul', [columns, g.constant('float32', embedding.scale)]);
  const allowed = g.op('GreaterOrEqual', [shortlist, g.constant('int32', 0)]);
  const bias = g.op('Gather', [g.weight('output.bias', [config.vocabulary], () => output.bias), known]);
  const maskedBias = g.op('Unsqueeze', [
    g.op('Where', [allowed, bias, g.constant('float32', -Infinity)]),
    g.constant('int64', [1]),
  ]);
  return {
    logits: (inner: GraphBuilder, state: Value): Value =>
      inner.op('Add', [inner.op('MatMul', [state, matrix]), maskedBias]),
  };
}

/** Where each row's list starts in the flattened shortlist: int64 [B]. With one list for all rows, 0 for each. */
function rowStarts(g: GraphBuilder, shortlist: Value): Value {
  const zero = g.constant('int64', 0);
  const one = g.constant('int64', 1);
  const size = (axis: number, of: Value): Value =>
    g.op('Squeeze', [g.op('Shape', [of], { start: axis, end: axis + 1 })]);
  const rows = g.op('Range', [zero, size(0, 'previous'), one]);
  return g.op('Mul', [g.op('Min', [rows, g.op('Sub', [size(0, shortlist), one])]), size(1, shortlist)]);
}
