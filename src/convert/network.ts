import { EngineError } from '../protocol/errors.ts';
import type { MarianConfig, SublayerOp } from '../formats/marian-config.ts';
import type { MarianModel, MarianTensor } from '../formats/marian.ts';
import type { Affine } from './affine.ts';
import type { FeedForward, Norm, Wrapping } from './transformer.ts';

/** A Marian student with its weights grouped as the graphs use them. */
export interface Network {
  config: MarianConfig;
  headDim: number;
  embedding: { data: Int8Array; scale: number };
  encoder: EncoderLayer[];
  encoderTop: Norm[];
  /** Encoder output -> keys and values of all decoder layers: K1 | V1 | K2 | V2 ... */
  memory: Affine;
  decoder: DecoderLayer[];
  decoderTop: Norm[];
  /** The output layer: logits = x Wemb^T + bias. */
  output: { activationScale: number; bias: Float32Array };
}

export interface EncoderLayer {
  /** Q | K | V */
  qkv: Affine;
  attentionOutput: Affine;
  attentionWrapping: Wrapping;
  ffn: FeedForward;
}

export interface DecoderLayer {
  /** W | Wf, see `ssru` in transformer.ts */
  cell: Affine;
  cellWrapping: Wrapping;
  query: Affine;
  attentionOutput: Affine;
  attentionWrapping: Wrapping;
  ffn: FeedForward;
}

/**
 * Finds every weight that the configuration asks for and checks its shape.
 * @throws EngineError `model-corrupt` (a weight is missing or misshapen) or `unsupported-model` (it is not quantised as we need it)
 */
export function readNetwork({ config, tensors }: MarianModel): Network {
  const source = new WeightSource(config, tensors);
  const { dim } = config;
  const layers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const decoderLayers = layers(config.decoderLayers);
  const embedding = source.int8('Wemb', [config.vocabulary, dim]);
  return {
    config,
    headDim: dim / config.heads,
    embedding: { data: embedding.data, scale: 1 / embedding.multiplier },
    encoder: layers(config.encoderLayers).map((layer) => {
      const self = `encoder_l${layer}_self`;
      return {
        qkv: source.affine(
          `${self}_Wqkv`,
          dim,
          ['q', 'k', 'v'].map((part) => [`${self}_W${part}`, `${self}_b${part}`, dim]),
        ),
        attentionOutput: source.affine(`${self}_Wo`, dim, [[`${self}_Wo`, `${self}_bo`, dim]]),
        attentionWrapping: source.wrapping(`${self}_Wo`),
        ffn: source.feedForward(`encoder_l${layer}_ffn`, config.encoderFfnDim, config.encoderFfnDepth),
      };
    }),
    encoderTop: source.norms('encoder_top', config.postprocessTop, ''),
    memory: source.affine(
      'decoder_context_Wkv',
      dim,
      decoderLayers.flatMap((layer) =>
        ['k', 'v'].map((part): MatrixNames => {
          const context = `decoder_l${layer}_context`;
          return [`${context}_W${part}`, `${context}_b${part}`, dim];
        }),
      ),
    ),
    decoder: decoderLayers.map((layer) => {
      const rnn = `decoder_l${layer}_rnn`;
      const context = `decoder_l${layer}_context`;
      return {
        cell: source.affine(`${rnn}_WWf`, dim, [
          [`${rnn}_W`, undefined, dim],
          [`${rnn}_Wf`, `${rnn}_bf`, dim],
        ]),
        cellWrapping: source.wrapping(`${rnn}_ffn`),
        query: source.affine(`${context}_Wq`, dim, [[`${context}_Wq`, `${context}_bq`, dim]]),
        attentionOutput: source.affine(`${context}_Wo`, dim, [[`${context}_Wo`, `${context}_bo`, dim]]),
        attentionWrapping: source.wrapping(`${context}_Wo`),
        ffn: source.feedForward(`decoder_l${layer}_ffn`, config.decoderFfnDim, config.decoderFfnDepth),
      };
    }),
    decoderTop: source.norms('decoder_top', config.postprocessTop, ''),
    output: {
      activationScale: 1 / source.scalar('none_QuantMultA'),
      bias: config.outputBias
        ? source.vector('decoder_ff_logit_out_b', config.vocabulary)
        : new Float32Array(config.vocabulary),
    },
  };
}

/** A Marian matrix, its bias if it has one, and its width. */
type MatrixNames = [weight: string, bias: string | undefined, outputs: number];

class WeightSource {
  readonly #config: MarianConfig;
  readonly #tensors: Map<string, MarianTensor>;

  constructor(config: MarianConfig, tensors: Map<string, MarianTensor>) {
    this.#config = config;
    this.#tensors = tensors;
  }

  affine(name: string, inputs: number, parts: MatrixNames[]): Affine {
    const matrices = parts.map(([weight, , outputs]) => this.int8(weight, [inputs, outputs]));
    const outputs = parts.reduce((sum, [, , width]) => sum + width, 0);
    const columns = parts.map(([, , width], i) => new Float32Array(width).fill(1 / (matrices[i]?.multiplier ?? 1)));
    const biases = parts.map(([, bias, width]) =>
      bias === undefined ? new Float32Array(width) : this.vector(bias, width),
    );
    // Parts that share an input were calibrated on it together; were they not, the widest range serves all.
    const activationMultiplier = Math.min(...parts.map(([weight]) => this.scalar(`${weight}_QuantMultA`)));
    const [single] = matrices;
    return {
      name,
      inputs,
      outputs,
      weight: () =>
        sideBySide(
          matrices.map(({ data }) => data),
          inputs,
          outputs,
        ),
      weightScale: matrices.length === 1 && single ? 1 / single.multiplier : concatenate(columns),
      activationScale: 1 / activationMultiplier,
      bias: parts.every(([, bias]) => bias === undefined) ? undefined : concatenate(biases),
    };
  }

  feedForward(prefix: string, inner: number, depth: number): FeedForward {
    const widths = [this.#config.dim, ...Array.from({ length: depth - 1 }, () => inner), this.#config.dim];
    const layers = Array.from({ length: depth }, (_, i) => {
      const weight = `${prefix}_W${i + 1}`;
      return this.affine(weight, widths[i] ?? 0, [[weight, `${prefix}_b${i + 1}`, widths[i + 1] ?? 0]]);
    });
    return { layers, activation: this.#config.ffnActivation, wrapping: this.wrapping(`${prefix}_ffn`) };
  }

  /** Marian names a sublayer's norms `<prefix>_ln_scale` after it and `<prefix>_ln_scale_pre` before it. */
  wrapping(prefix: string): Wrapping {
    return {
      before: this.norms(prefix, this.#config.preprocess, '_pre'),
      after: this.#config.postprocess.map((op) => (op === 'add' ? op : this.#norm(prefix, ''))),
    };
  }

  norms(prefix: string, ops: SublayerOp[], suffix: string): Norm[] {
    return ops.filter((op) => op === 'norm').map(() => this.#norm(prefix, suffix));
  }

  #norm(prefix: string, suffix: string): Norm {
    const vector = (part: string): Float32Array => this.vector(`${prefix}_ln_${part}${suffix}`, this.#config.dim);
    return { name: `${prefix}_ln${suffix}`, scale: vector('scale'), bias: vector('bias') };
  }

  int8(name: string, shape: readonly number[]): { data: Int8Array; multiplier: number } {
    const tensor = this.#find(name);
    if (tensor.type !== 'int8') {
      throw new EngineError(
        'unsupported-model',
        `Weight ${name} is not int8; only students quantised for intgemm8 can be run here.`,
      );
    }
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i]))
      throw misshapen(name, tensor, shape.join('x'));
    return tensor;
  }

  vector(name: string, size: number): Float32Array {
    const tensor = this.#find(name);
    if (tensor.type !== 'float32' || tensor.data.length !== size) throw misshapen(name, tensor, `${size} floats`);
    return tensor.data;
  }

  /** A positive single value. Marian keeps some as float32 and some as an int8 tensor that only has a multiplier. */
  scalar(name: string): number {
    const tensor = this.#tensors.get(name);
    if (!tensor) {
      throw new EngineError(
        'unsupported-model',
        `${name} is missing: this student was not calibrated (its activations have no static scales), so it cannot be run here.`,
      );
    }
    if (tensor.data.length !== 1) throw misshapen(name, tensor, 'one value');
    const value = tensor.type === 'int8' ? tensor.multiplier : (tensor.data[0] ?? 0);
    if (!(value > 0))
      throw new EngineError('model-corrupt', `The Marian model is damaged: ${name} is ${value}. Fetch the file again.`);
    return value;
  }

  #find(name: string): MarianTensor {
    const tensor = this.#tensors.get(name);
    if (!tensor)
      throw new EngineError(
        'model-corrupt',
        `The Marian model is damaged: weight ${name} is missing. Fetch the file again.`,
      );
    return tensor;
  }
}

function misshapen(name: string, tensor: MarianTensor, wanted: string): EngineError {
  return new EngineError(
    'model-corrupt',
    `The Marian model is damaged: ${name} is ${tensor.type} ${tensor.shape.join('x')}, its configuration asks for ${wanted}. Fetch the file again.`,
  );
}

/** Marian keeps a matrix as its columns one after another; the graphs want rows: [inputs, outputs], the parts' columns side by side. */
function sideBySide(parts: Int8Array[], inputs: number, outputs: number): Int8Array {
  const rows = new Int8Array(inputs * outputs);
  let column = 0;
  for (const part of parts) {
    for (let at = 0; at < part.length; at += inputs, column++) {
      for (let row = 0; row < inputs; row++) rows[row * outputs + column] = part[at + row] ?? 0;
    }
  }
  return rows;
}

function concatenate(parts: Float32Array[]): Float32Array {
  const whole = new Float32Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
