import { parseOnnxTensors } from '../formats/onnx.ts';
import { EngineError } from '../protocol/errors.ts';
import type { VoiceActivityArchitecture } from '../protocol/manifest.ts';
import { GraphBuilder, type Value } from './builder.ts';
import type { ConvertedModel } from './converted.ts';
import { WeightStore } from './weights.ts';

/*
 * voice    in  windows float32 [N, contextSamples + windowSamples], one after another in time;  state float32 [2, 1, d]
 *          out probabilities float32 [N];  state.out float32 [2, 1, d]
 *
 * The published graph judges one window a run and holds a second network for 8 kHz. Only its LSTM goes from window to window: all the
 * rest is computed for all windows of a run at once, and the LSTM goes through them as its sequence.
 */

const RATE_HZ = 16_000;
const WINDOW = 512;
const CONTEXT = 64;
/** The spectrum: 256 samples every 128, with 64 reflected ones after the window. */
const FRAME = 256;
const HOP = 128;
const REFLECTED = 64;
const BINS = FRAME / 2 + 1;
const HIDDEN = 128;
const BASIS = 'stft.forward_basis_buffer';
/** Of the four convolutions over the spectrum's frames. */
const LAYERS = [
  { from: BINS, to: 128, stride: 1 },
  { from: 128, to: 64, stride: 2 },
  { from: 64, to: 64, stride: 2 },
  { from: 64, to: HIDDEN, stride: 1 },
];

/**
 * Converts Silero VAD (version 5 or 6, as published in ONNX) to a graph that judges many windows a run, for 16 kHz alone.
 * @throws EngineError `model-corrupt` or `unsupported-model`
 */
export function convertSilero(file: Uint8Array): ConvertedModel<VoiceActivityArchitecture> {
  const tensors = parseOnnxTensors(file);
  // Both networks have tensors of the same names after a prefix; that of 16 kHz has the longer spectrum.
  const prefix = [...tensors]
    .find(([name, { shape }]) => name.endsWith(BASIS) && shape.join() === [2 * BINS, 1, FRAME].join())?.[0]
    .slice(0, -BASIS.length);
  function find(name: string, ...shape: number[]): Float32Array {
    const tensor = tensors.get(`${prefix ?? ''}${name}`);
    if (tensor?.shape.join() === shape.join()) return tensor.data;
    throw new EngineError(
      'unsupported-model',
      `This is no Silero VAD 5 or 6: it has no ${name} of ${shape.join('x')}.`,
    );
  }
  const weights = new WeightStore();
  const g = new GraphBuilder('voice', weights);
  const weight = (name: string, ...shape: number[]): Value => g.weight('float32', name, shape, find(name, ...shape));
  const int64 = (...values: number[]): Value => g.constant('int64', values);

  const windows = g.input('windows', 'float32', ['N', CONTEXT + WINDOW]);
  const padded = g.op('Pad', [windows, int64(0, 0, 0, REFLECTED)], { mode: 'reflect' });
  const basis = weight(BASIS, 2 * BINS, 1, FRAME);
  const spectrum = g.op('Conv', [g.op('Unsqueeze', [padded, int64(1)]), basis], { strides: [HOP] });
  const squares = g.op('Mul', [spectrum, spectrum]);
  const [real = '', imaginary = ''] = g.ops('Split', [squares, int64(BINS, BINS)], 2, { axis: 1 });
  let x = g.op('Sqrt', [g.op('Add', [real, imaginary])]);
  LAYERS.forEach(({ from, to, stride }, i) => {
    const inputs = [
      weight(`encoder.${i}.reparam_conv.weight`, to, from, 3),
      weight(`encoder.${i}.reparam_conv.bias`, to),
    ];
    x = g.op('Relu', [g.op('Conv', [x, ...inputs], { pads: [1, 1], strides: [stride] })]);
  });

  const gates = (name: string, width: number): Float32Array =>
    inOnnxOrder(find(`decoder.rnn.${name}`, ...(width > 1 ? [4 * HIDDEN, width] : [4 * HIDDEN])), width);
  const lstm = [
    g.op('Reshape', [x, int64(-1, 1, HIDDEN)]),
    g.weight('float32', 'lstm.input', [1, 4 * HIDDEN, HIDDEN], gates('weight_ih', HIDDEN)),
    g.weight('float32', 'lstm.hidden', [1, 4 * HIDDEN, HIDDEN], gates('weight_hh', HIDDEN)),
    g.weight('float32', 'lstm.bias', [1, 8 * HIDDEN], Float32Array.of(...gates('bias_ih', 1), ...gates('bias_hh', 1))),
  ];
  const state = g.input('state', 'float32', [2, 1, HIDDEN]);
  const [hidden = '', cell = ''] = g.ops('Split', [state, int64(1, 1)], 2, { axis: 0 });
  const [all = '', lastHidden = '', lastCell = ''] = g.ops('LSTM', [...lstm, '', hidden, cell], 3, {
    hidden_size: HIDDEN,
  });
  const heard = g.op('Relu', [g.op('Reshape', [all, int64(-1, HIDDEN)])]);
  const column = g.op('Reshape', [weight('decoder.decoder.2.weight', 1, HIDDEN, 1), int64(HIDDEN, 1)]);
  const score = g.op('Add', [g.op('MatMul', [heard, column]), weight('decoder.decoder.2.bias', 1)]);
  g.node('Reshape', [g.op('Sigmoid', [score]), int64(-1)], { outputs: ['probabilities'] });
  g.node('Concat', [lastHidden, lastCell], { attributes: { axis: 0 }, outputs: ['state.out'] });
  g.output('probabilities', 'float32', ['N']);
  g.output('state.out', 'float32', [2, 1, HIDDEN]);
  return {
    architecture: { type: 'silero-vad', sampleRateHz: RATE_HZ, windowSamples: WINDOW, contextSamples: CONTEXT },
    parts: [
      { role: 'voice', file: 'voice.onnx', bytes: g.toModel() },
      { role: 'weights', file: 'weights.bin', bytes: weights.toBytes() },
    ],
  };
}

/** PyTorch keeps an LSTM's gates as input, forget, cell, output; ONNX wants input, output, forget, cell. */
function inOnnxOrder(rows: Float32Array, width: number): Float32Array {
  const size = HIDDEN * width;
  const ordered = new Float32Array(rows.length);
  [0, 3, 1, 2].forEach((gate, i) => ordered.set(rows.subarray(gate * size, (gate + 1) * size), i * size));
  return ordered;
}
