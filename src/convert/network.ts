import type { MarianConfig } from '../formats/marian-config.ts';
import type { MarianModel } from '../formats/marian.ts';
import type { Affine } from './affine.ts';
import type { FeedForward, Norm, Wrapping } from './transformer.ts';
import { WeightSource, type Matrix } from './weight-source.ts';

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
  /** x W and x Wf + bf, see `ssru` in transformer.ts */
  candidate: Affine;
  forget: Affine;
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
  const headDim = dim / config.heads;
  const layers = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1);
  const part = (prefix: string, letter: string, factor = 1): Matrix => {
    return { weight: `${prefix}_W${letter}`, bias: `${prefix}_b${letter}`, outputs: dim, factor };
  };
  // Attention divides queries by this; it is cheaper to do so in their scale.
  const queryFactor = 1 / Math.sqrt(headDim);
  const attentionOutput = (prefix: string): Affine => source.affine(`${prefix}_Wo`, dim, [part(prefix, 'o')]);
  const embedding = source.int8('Wemb', [config.vocabulary, dim]);
  return {
    config,
    headDim,
    embedding: { data: embedding.data, scale: 1 / embedding.multiplier },
    encoder: layers(config.encoderLayers).map((layer) => {
      const self = `encoder_l${layer}_self`;
      const qkv = [part(self, 'q', queryFactor), part(self, 'k'), part(self, 'v')];
      return {
        qkv: source.affine(`${self}_Wqkv`, dim, qkv),
        attentionOutput: attentionOutput(self),
        attentionWrapping: source.wrapping(`${self}_Wo`),
        ffn: source.feedForward(`encoder_l${layer}_ffn`, config.encoderFfnDim, config.encoderFfnDepth),
      };
    }),
    encoderTop: source.norms('encoder_top', config.postprocessTop, ''),
    memory: source.affine(
      'decoder_context_Wkv',
      dim,
      layers(config.decoderLayers).flatMap((layer) =>
        ['k', 'v'].map((kind) => part(`decoder_l${layer}_context`, kind)),
      ),
    ),
    decoder: layers(config.decoderLayers).map((layer) => {
      const rnn = `decoder_l${layer}_rnn`;
      const context = `decoder_l${layer}_context`;
      const candidate = { weight: `${rnn}_W`, outputs: dim, factor: 1 };
      const forget = part(rnn, 'f');
      return {
        candidate: source.affine(candidate.weight, dim, [candidate], [forget]),
        forget: source.affine(forget.weight, dim, [forget], [candidate]),
        cellWrapping: source.wrapping(`${rnn}_ffn`),
        query: source.affine(`${context}_Wq`, dim, [part(context, 'q', queryFactor)]),
        attentionOutput: attentionOutput(context),
        attentionWrapping: source.wrapping(`${context}_Wo`),
        ffn: source.feedForward(`decoder_l${layer}_ffn`, config.decoderFfnDim, config.decoderFfnDepth),
      };
    }),
    decoderTop: source.norms('decoder_top', config.postprocessTop, ''),
    output: {
      // The output layer shares its matrix with the embedding; Marian calibrates it under this name.
      activationScale: 1 / source.scalar('none_QuantMultA'),
      bias: config.outputBias
        ? source.vector('decoder_ff_logit_out_b', config.vocabulary)
        : new Float32Array(config.vocabulary),
    },
  };
}
