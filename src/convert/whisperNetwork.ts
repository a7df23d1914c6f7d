import { EngineError } from '../protocol/errors.ts';
import { valuesOf, type CTranslate2Model, type CTranslate2Variable } from '../formats/ctranslate2.ts';
import { type Affine, affineOf } from './affine.ts';
import { inBlocks, scaled } from './rowBlocks.ts';
import type { Norm } from './transformer.ts';

/** A Whisper with its weights grouped as the graphs use them. */
export interface WhisperNetwork {
  dim: number;
  heads: number;
  headDim: number;
  mels: number;
  vocabulary: number;
  /** Rows of the two position tables: encoder positions (two frames each), and tokens. */
  sourcePositions: number;
  targetPositions: number;
  /** Over three neighbouring frames side by side, the earliest first; the second steps by two. */
  convolutions: [Affine, Affine];
  encoderPositions: Float32Array;
  encoder: SelfAttentionLayer[];
  encoderTop: Norm;
  decoder: WhisperDecoderLayer[];
  decoderPositions: Float32Array;
  decoderTop: Norm;
  /** The output layer [dim, vocabulary] without a bias; its columns are the token embeddings. */
  output: Affine;
}

export interface SelfAttentionLayer {
  attentionNorm: Norm;
  /** Queries are divided by the square root of the head's width here. */
  queries: Affine;
  keys: Affine;
  values: Affine;
  attentionOutput: Affine;
  ffnNorm: Norm;
  ffn: [Affine, Affine];
}

export interface WhisperDecoderLayer extends SelfAttentionLayer {
  crossNorm: Norm;
  crossQueries: Affine;
  /** Of the encoder's output. */
  crossKeys: Affine;
  crossValues: Affine;
  crossOutput: Affine;
}

/** CTranslate2's number for the exact GELU. */
const GELU = 3;

/**
 * Finds every weight of a Whisper in CTranslate2's form and checks its shape.
 * @throws EngineError `model-corrupt` (a weight is missing or misshapen) or `unsupported-model` (it is another kind of model)
 */
export function readWhisper({ specification, variables }: CTranslate2Model): WhisperNetwork {
  if (specification !== 'WhisperSpec')
    throw new EngineError('unsupported-model', `This is a ${specification}, and only a WhisperSpec can be converted.`);

  function find(name: string): CTranslate2Variable {
    const variable = variables.get(name);
    if (!variable) throw damaged(`weight ${name} is missing`);
    return variable;
  }
  function shapeOf(name: string, rank: number): number[] {
    const { shape } = find(name);
    if (shape.length !== rank) throw damaged(`${name} has ${shape.length} dimensions, not ${rank}`);
    return [...shape];
  }
  function floats(name: string, ...shape: number[]): Float32Array {
    return rowsOf(name, shape, 0, shape[0] ?? 1);
  }
  /** The rows `[from, to)` of a variable of that shape. */
  function rowsOf(name: string, shape: number[], from: number, to: number): Float32Array {
    const variable = find(name);
    if (variable.shape.join() !== shape.join())
      throw damaged(`${name} is ${variable.shape.join('x')}, not ${shape.join('x')}`);
    const rowBytes = variable.bytes.length / (shape[0] ?? 1);
    const rows = {
      ...variable,
      shape: [to - from, ...shape.slice(1)],
      bytes: variable.bytes.subarray(from * rowBytes, to * rowBytes),
    };
    if (variable.type.includes('float')) return valuesOf(rows);
    const scale = valuesOf(find(`${name}_scale`));
    return valuesOf(rows, scale.length > 1 ? scale.subarray(from, to) : scale);
  }
  /** Those rows of a matrix, times a factor, some at a time. */
  function blocks(
    name: string,
    shape: [number, number],
    [first, end]: [number, number],
    factor = 1,
  ): (() => Float32Array)[] {
    return inBlocks(first, end, shape[1], (from, to) => scaled(rowsOf(name, shape, from, to), factor));
  }
  function flag(name: string): number {
    return find(name).bytes[0] ?? 0;
  }

  const [vocabulary = 0, dim = 0] = shapeOf('decoder/embeddings/weight', 2);
  const [, mels = 0] = shapeOf('encoder/conv1/weight', 3);
  const [sourcePositions = 0] = shapeOf('encoder/position_encodings/encodings', 2);
  const [targetPositions = 0] = shapeOf('decoder/position_encodings/encodings', 2);
  const heads = flag('encoder/num_heads');
  if (heads === 0 || dim % heads !== 0 || flag('decoder/num_heads') !== heads)
    throw damaged(`its width ${dim} does not divide into ${heads} heads`);
  const others = [
    flag('decoder/pre_norm') !== 1 && 'norms after its layers',
    flag('decoder/activation') !== GELU && 'another activation than GELU',
    flag('decoder/scale_embeddings') !== 0 && 'scaled embeddings',
    find('decoder/projection/weight') !== find('decoder/embeddings/weight') &&
      'an output layer that is not its embedding',
  ].filter((other) => other !== false);
  if (others.length > 0)
    throw new EngineError('unsupported-model', `This Whisper has ${others.join(' and ')}: that is not supported yet.`);
  const headDim = dim / heads;

  function norm(name: string): Norm {
    return { name, scale: floats(`${name}/gamma`, dim), bias: floats(`${name}/beta`, dim) };
  }
  /** Some rows of a matrix [outputs of all parts, inputs] with their bias: one of several that were laid side by side. */
  function part(name: string, index: number, parts: number, factor = 1): Affine {
    const own: [number, number] = [index * dim, (index + 1) * dim];
    const weight = blocks(`${name}/weight`, [parts * dim, dim], own, factor);
    const bias = floats(`${name}/bias`, parts * dim).subarray(...own);
    return affineOf(`${name}.${index}`, dim, weight, scaled(bias, factor));
  }
  function linear(name: string, inputs: number, outputs: number): Affine {
    const weight = blocks(`${name}/weight`, [outputs, inputs], [0, outputs]);
    return affineOf(name, inputs, weight, floats(`${name}/bias`, outputs));
  }
  function convolution(name: string, channels: number): Affine {
    const weight = (): Float32Array => inTimeOrder(floats(`${name}/weight`, dim, channels, 3), channels);
    return affineOf(name, 3 * channels, [weight], floats(`${name}/bias`, dim));
  }
  const queryFactor = 1 / Math.sqrt(headDim);
  function selfAttentionLayer(layer: string): SelfAttentionLayer {
    const inner = shapeOf(`${layer}/ffn/linear_0/weight`, 2)[0] ?? 0;
    return {
      attentionNorm: norm(`${layer}/self_attention/layer_norm`),
      queries: part(`${layer}/self_attention/linear_0`, 0, 3, queryFactor),
      keys: part(`${layer}/self_attention/linear_0`, 1, 3),
      values: part(`${layer}/self_attention/linear_0`, 2, 3),
      attentionOutput: linear(`${layer}/self_attention/linear_1`, dim, dim),
      ffnNorm: norm(`${layer}/ffn/layer_norm`),
      ffn: [linear(`${layer}/ffn/linear_0`, dim, inner), linear(`${layer}/ffn/linear_1`, inner, dim)],
    };
  }
  function decoderLayer(layer: string): WhisperDecoderLayer {
    return {
      ...selfAttentionLayer(layer),
      crossNorm: norm(`${layer}/attention/layer_norm`),
      crossQueries: part(`${layer}/attention/linear_0`, 0, 1, queryFactor),
      crossKeys: part(`${layer}/attention/linear_1`, 0, 2),
      crossValues: part(`${layer}/attention/linear_1`, 1, 2),
      crossOutput: linear(`${layer}/attention/linear_2`, dim, dim),
    };
  }
  function layers<T>(side: string, read: (layer: string) => T): T[] {
    const list: T[] = [];
    while (variables.has(`${side}/layer_${list.length}/ffn/linear_0/weight`))
      list.push(read(`${side}/layer_${list.length}`));
    if (list.length === 0) throw damaged(`it has no ${side} layers`);
    return list;
  }

  return {
    dim,
    heads,
    headDim,
    mels,
    vocabulary,
    sourcePositions,
    targetPositions,
    convolutions: [convolution('encoder/conv1', mels), convolution('encoder/conv2', dim)],
    encoderPositions: floats('encoder/position_encodings/encodings', sourcePositions, dim),
    encoder: layers('encoder', selfAttentionLayer),
    encoderTop: norm('encoder/layer_norm'),
    decoder: layers('decoder', decoderLayer),
    decoderPositions: floats('decoder/position_encodings/encodings', targetPositions, dim),
    decoderTop: norm('decoder/layer_norm'),
    output: affineOf(
      'embedding',
      dim,
      blocks('decoder/embeddings/weight', [vocabulary, dim], [0, vocabulary]),
      undefined,
    ),
  };
}

/** A convolution's weights [outputs, channels, 3] -> [outputs, 3, channels]. */
function inTimeOrder(weight: Float32Array, channels: number): Float32Array {
  return weight.map((_, i) => {
    const output = Math.floor(i / (3 * channels));
    const time = Math.floor(i / channels) % 3;
    return weight[(output * channels + (i % channels)) * 3 + time] ?? 0;
  });
}

function damaged(reason: string): EngineError {
  return new EngineError('model-corrupt', `The Whisper model is damaged: ${reason}. Fetch the file again.`);
}
