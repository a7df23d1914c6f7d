import { affine, type Kernel } from './affine.ts';
import { GraphBuilder, type Value } from './builder.ts';
import {
  cacheNames,
  decodeLayers,
  embed,
  oneToken,
  position,
  readCache,
  readMemory,
  writeCache,
  type KeysAndValues,
  type Memory,
  type WhisperDecoding,
} from './decoderLayers.ts';
import { chooseIds } from './timestampRules.ts';
import type { WeightStore } from './weights.ts';
import type { WhisperNetwork } from './whisperNetwork.ts';

/** The decoder graph: the prompt at the first run, then a Loop of greedy steps under Whisper's rules (see whisper.ts). */
export function whisperDecoderGraph(
  network: WhisperNetwork,
  decoding: WhisperDecoding,
  weights: WeightStore,
  kernel: Kernel,
): Uint8Array {
  const { heads, headDim } = network;
  const g = new GraphBuilder('decoder', weights);
  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const steps = g.input('steps', 'int64', []);
  const tokens = g.input('tokens', 'int32', ['B', 'P']);
  const before = g.input('before', 'int32', ['B']);
  const lastTime = g.input('last_time', 'int32', ['B']);
  const most = g.input('most_time', 'int32', []);
  const sampled = g.input('sampled', 'int64', []);
  const memory = readMemory(g, network);
  const cache = prompted(g, network, decoding, kernel, tokens, memory, readCache(g, network, ['B']));

  const start = g.op('Squeeze', [g.op('Shape', [cache.keys[0] ?? ''], { start: 3, end: 4 })]);
  const last = g.op('Gather', [tokens, int64(-1)], { axis: 1 });
  const alive = g.op('Sub', [last, last]);

  const body = g.body('loop');
  const iteration = body.input('iteration', 'int64', []);
  body.input('go', 'bool', []);
  const loopPrevious = body.input('loop.previous', 'int32', ['B']);
  const loopBefore = body.input('loop.before', 'int32', ['B']);
  const loopTime = body.input('loop.last_time', 'int32', ['B']);
  const loopEnded = body.input('loop.ended', 'int32', ['B']);
  const loopCache = cacheNames(network, 'loop.');
  loopCache.keys.forEach((name) => body.input(name, 'float32', ['B', heads, headDim, 'C']));
  loopCache.values.forEach((name) => body.input(name, 'float32', ['B', heads, 'C', headDim]));

  const grownInLoop = cacheNames(network, 'loop.', '.out');
  const place = body.op('Add', [start, iteration]);
  const x = body.op('Add', [embed(body, network, kernel, loopPrevious), position(body, network, place)]);
  const decoded = decodeLayers(
    body,
    network,
    decoding,
    kernel,
    x,
    memory,
    loopCache,
    oneToken(body, network),
    grownInLoop,
  );
  const first = body.op('Equal', [body.op('Add', [sampled, iteration]), int64(0)]);
  const chosen = chooseIds(body, decoding, affine(body, kernel, decoded.state, network.output), {
    previous: loopPrevious,
    before: loopBefore,
    lastTime: loopTime,
    most,
    first,
  });
  const isEnd = body.op('Cast', [body.op('Equal', [chosen.ids, body.constant('int32', decoding.eotId)])], { to: 6 });
  const carried = {
    'loop.previous.out': chosen.ids,
    'loop.before.out': body.op('Where', [first, loopBefore, loopPrevious]),
    'loop.last_time.out': chosen.lastTime,
    'loop.ended.out': body.op('Max', [loopEnded, isEnd]),
  };
  for (const [name, value] of Object.entries(carried)) body.node('Identity', [value], { outputs: [name] });
  const allEnded = body.op('Cast', [body.op('ReduceMin', ['loop.ended.out'], { keepdims: 0 })], { to: 9 });
  body.node('Not', [allEnded], { outputs: ['go.out'] });
  body.node('Identity', [chosen.ids], { outputs: ['loop.ids'] });
  body.node('Identity', [chosen.logProbs], { outputs: ['loop.log_probs'] });
  body.node('Reshape', [decoded.attention, int64([0, decoding.alignmentHeads.length, -1])], {
    outputs: ['loop.attention'],
  });

  body.output('go.out', 'bool', []);
  Object.keys(carried).forEach((name) => body.output(name, 'int32', ['B']));
  decoded.cache.keys.forEach((name) => body.output(name, 'float32', ['B', heads, headDim, 'C1']));
  decoded.cache.values.forEach((name) => body.output(name, 'float32', ['B', heads, 'C1', headDim]));
  body.output('loop.ids', 'int32', ['B']);
  body.output('loop.log_probs', 'float32', ['B']);
  body.output('loop.attention', 'float32', ['B', decoding.alignmentHeads.length, 'S']);

  const grown = cacheNames(network, 'grown.');
  const initial = [last, before, lastTime, alive, ...cache.keys, ...cache.values];
  g.node('Loop', [steps, g.constant('bool', 1), ...initial], {
    attributes: { body: { graph: body } },
    outputs: [
      ...Object.keys(carried).map((name) => `${name}.end`),
      ...grown.keys,
      ...grown.values,
      'ids',
      'log_probs',
      'attention',
    ],
  });
  g.output('ids', 'int32', ['N', 'B']);
  g.output('log_probs', 'float32', ['N', 'B']);
  g.output('attention', 'float32', ['N', 'B', decoding.alignmentHeads.length, 'S']);
  writeCache(g, network, grown, ['B']);
  return g.toModel();
}

/** The step graph: one token of M hypotheses a source, the log-probabilities of the whole vocabulary before any rule. */
export function whisperStepGraph(
  network: WhisperNetwork,
  decoding: WhisperDecoding,
  weights: WeightStore,
  kernel: Kernel,
): Uint8Array {
  const { dim, heads, headDim, vocabulary } = network;
  const g = new GraphBuilder('step', weights);
  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const previous = g.input('previous', 'int32', ['B', 'M']);
  const memory = readMemory(g, network);
  const cache = readCache(g, network, ['R']);
  const hypotheses = g.op('Shape', [previous], { start: 1, end: 2 });
  const apart = g.op('Concat', [int64([-1]), hypotheses, int64([heads, headDim])], { axis: 0 });
  const place = g.op('Squeeze', [g.op('Shape', [cache.keys[0] ?? ''], { start: 3, end: 4 })]);

  const embedded = embed(g, network, kernel, g.op('Reshape', [previous, int64([-1])]));
  const x = g.op('Add', [embedded, position(g, network, place)]);
  const decoded = decodeLayers(
    g,
    network,
    decoding,
    kernel,
    x,
    memory,
    cache,
    {
      ...oneToken(g, network),
      crossRows: (rows) => g.op('Transpose', [g.op('Reshape', [rows, apart])], { perm: [0, 2, 1, 3] }),
      crossMerge: (context) =>
        g.op('Reshape', [g.op('Transpose', [context], { perm: [0, 2, 1, 3] }), int64([-1, dim])]),
    },
    cacheNames(network, '', '.grown'),
  );
  const logProbs = g.op('LogSoftmax', [affine(g, kernel, decoded.state, network.output)], { axis: -1 });
  const together = g.op('Concat', [int64([-1]), hypotheses, int64([vocabulary])], { axis: 0 });
  g.node('Reshape', [logProbs, together], { outputs: ['log_probs'] });
  g.node('Transpose', [decoded.attention], { attributes: { perm: [0, 2, 1, 3] }, outputs: ['attention'] });
  g.output('log_probs', 'float32', ['B', 'M', vocabulary]);
  g.output('attention', 'float32', ['B', 'M', decoding.alignmentHeads.length, 'S']);
  writeCache(g, network, decoded.cache, ['R']);
  return g.toModel();
}

/**
 * At the first run (nothing is in the cache): hears what the prompt's tokens but the last leave in the cache, and what the model makes
 * of its first token: `starts`, the probabilities of no speech and of each language. At later runs the cache as it is.
 */
function prompted(
  g: GraphBuilder,
  network: WhisperNetwork,
  decoding: WhisperDecoding,
  kernel: Kernel,
  tokens: Value,
  memory: Memory,
  cache: KeysAndValues,
): KeysAndValues {
  const { dim, heads, headDim } = network;
  const names = cacheNames(network, 'prompted.');
  const outputs = [...names.keys, ...names.values, 'starts'];
  const wanted = [decoding.noSpeechId, ...decoding.languageIds];
  const cached = g.op('Shape', [cache.keys[0] ?? ''], { start: 3, end: 4 });
  const empty = g.op('Squeeze', [g.op('Equal', [cached, g.constant('int64', [0])])]);

  const first = g.body('prompt');
  const int64 = (values: number | number[]): Value => first.constant('int64', values);
  const length = first.op('Shape', [tokens], { start: 1, end: 2 });
  const placeRange = first.op('Range', [int64(0), first.op('Squeeze', [length]), int64(1)]);
  const embedded = embed(first, network, kernel, first.op('Reshape', [tokens, int64([-1])]));
  const shape = first.op('Concat', [int64([-1]), length, int64([dim])], { axis: 0 });
  const placed = first.op('Add', [first.op('Reshape', [embedded, shape]), position(first, network, placeRange)]);
  const apart = first.op('Concat', [int64([-1]), length, int64([heads, headDim])], { axis: 0 });
  const split = (rows: Value, perm: number[]): Value =>
    first.op('Transpose', [first.op('Reshape', [rows, apart])], { perm });
  const merge = (context: Value): Value =>
    first.op('Reshape', [first.op('Transpose', [context], { perm: [0, 2, 1, 3] }), int64([-1, dim])]);
  const later = first.op('Less', [first.op('Unsqueeze', [placeRange, int64([1])]), placeRange]);
  const mask = first.op('Where', [later, first.constant('float32', -1e9), first.constant('float32', 0)]);
  const x = first.op('Reshape', [placed, int64([-1, dim])]);
  const decoded = decodeLayers(
    first,
    network,
    decoding,
    kernel,
    x,
    memory,
    null,
    {
      rows: (rows) => split(rows, [0, 2, 1, 3]),
      columns: (rows) => split(rows, [0, 2, 3, 1]),
      merge,
      crossRows: (rows) => split(rows, [0, 2, 1, 3]),
      crossMerge: merge,
    },
    cacheNames(network, 'prompt.'),
    mask,
  );
  const upToLast = (value: Value, axis: number, name: Value): void =>
    first.node('Slice', [value, int64([0]), int64([-1]), int64([axis])], { outputs: [name] });
  decoded.cache.keys.forEach((value, i) => upToLast(value, 3, names.keys[i] ?? ''));
  decoded.cache.values.forEach((value, i) => upToLast(value, 2, names.values[i] ?? ''));
  const starts = first.op('Gather', [first.op('Reshape', [decoded.state, shape]), int64(0)], { axis: 1 });
  const chances = first.op('Softmax', [affine(first, kernel, starts, network.output)], { axis: -1 });
  first.node('Gather', [chances, int64(wanted)], { outputs: ['starts'], attributes: { axis: 1 } });

  const again = g.body('again');
  [...cache.keys, ...cache.values].forEach((value, i) =>
    again.node('Identity', [value], { outputs: [`${outputs[i] ?? ''}.same`] }),
  );
  again.node('Identity', [again.constant('float32', 0, [1, 1])], { outputs: ['starts.same'] });

  for (const [branch, suffix] of [
    [first, ''],
    [again, '.same'],
  ] as const) {
    names.keys.forEach((name) => branch.output(name + suffix, 'float32', ['B', heads, headDim, 'C']));
    names.values.forEach((name) => branch.output(name + suffix, 'float32', ['B', heads, 'C', headDim]));
    branch.output(`starts${suffix}`, 'float32', ['B', 'W']);
  }
  const named = outputs.map((name) => (name === 'starts' ? name : `${name}.cache`));
  g.node('If', [empty], {
    attributes: { then_branch: { graph: first }, else_branch: { graph: again } },
    outputs: named,
  });
  g.output('starts', 'float32', ['B', 'W']);
  return { keys: named.slice(0, names.keys.length), values: named.slice(names.keys.length, -1) };
}
