import type { MarianModel } from '../formats/marian.ts';
import type { Affine } from './affine.ts';
import type { Positions } from './positions.ts';
import type { FeedForward, Norm, Wrapping } from './transformer.ts';
import { type Embedding, WeightSource, type Matrix } from './weight-source.ts';

/** An encoder and a decoder with their weights grouped as the graphs use them. */
export interface Network {
  dim: number;
  heads: number;
  headDim: number;
  /** The decoder layer (from 1) whose head 0 follows the source. */
  alignmentLayer: number;
  eosId: number;
  source: Embedding;
  target: Embedding;
  /** What embeddings are multiplied by. */
  sourceFactor: number;
  targetFactor: number;
  sourcePositions: Positions;
  targetPositions: Positions;
  /** Of embeddings with their positions. */
  sourceNorms: Norm[];
  targetNorms: Norm[];
  encoder: EncoderLayer[];
  encoderTop: Norm[];
  /** Encoder output -> keys and values of all decoder layers: K1 | V1 | K2 | V2 ... */
  memory: Affine;
  decoder: DecoderLayer[];
  decoderTop: Norm[];
  /** Whether the decoder graphs are given the output ids to choose from; otherwise they choose from all. */
  shortlisted: boolean;
  /** The output layer: logits = x embedding^T + bias. */
  output: { embedding: Embedding; activationScale: number | 'dynamic'; bias: Float32Array };
}

export interface EncoderLayer {
  /** Q | K | V */
  qkv: Affine;
  attentionOutput: Affine;
  attentionWrapping: Wrapping;
  ffn: FeedForward;
}

/** How a decoder layer remembers the tokens before: one of two ways. */
export type SelfLayer =
  /** x W and x Wf + bf, see `ssru` in transformer.ts */
  | { kind: 'ssru'; candidate: Affine; forget: Affine; wrapping: Wrapping }
  /** Q | K | V */
  | { kind: 'attention'; qkv: Affine; output: Affine; wrapping: Wrapping };

export interface DecoderLayer {
  self: SelfLayer;
  query: Affine;
  attentionOutput: Affine;
  attentionWrapping: Wrapping;
  ffn: FeedForward;
}

/**
 * Finds every weight that the configuration asks for and checks its shape.
 * @throws EngineError `model-corrupt` (a weight is missing or misshapen) or `unsupported-model` (its weights are of another type)
 */
export function readNetwork({ config, tensors }: MarianModel, eosId: number, shortlisted: boolean): Network {
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
  const shared = config.embeddings === 'all';
  const target = source.embedding(shared ? 'Wemb' : 'decoder_Wemb', config.vocabulary);
  const untied = config.embeddings === 'apart';
  const selfAttention = (self: string): Affine =>
    source.affine(`${self}_Wqkv`, dim, [part(self, 'q', queryFactor), part(self, 'k'), part(self, 'v')]);
  const selfLayer = (layer: number): SelfLayer => {
    if (config.decoder === 'self-attention') {
      const self = `decoder_l${layer}_self`;
      const wrapping = source.wrapping(`${self}_Wo`);
      return { kind: 'attention', qkv: selfAttention(self), output: attentionOutput(self), wrapping };
    }
    const rnn = `decoder_l${layer}_rnn`;
    const candidate = { weight: `${rnn}_W`, outputs: dim, factor: 1 };
    const forget = part(rnn, 'f');
    return {
      kind: 'ssru',
      candidate: source.affine(candidate.weight, dim, [candidate], [forget]),
      forget: source.affine(forget.weight, dim, [forget], [candidate]),
      wrapping: source.wrapping(`${rnn}_ffn`),
    };
  };
  return {
    dim,
    heads: config.heads,
    headDim,
    alignmentLayer: config.alignmentLayer,
    eosId,
    shortlisted,
    source: shared ? target : source.embedding('encoder_Wemb', config.sourceVocabulary),
    target,
    sourceFactor: Math.sqrt(dim),
    targetFactor: Math.sqrt(dim),
    sourcePositions: { first: 0 },
    targetPositions: { first: 0 },
    sourceNorms: [],
    targetNorms: [],
    encoder: layers(config.encoderLayers).map((layer) => {
      const self = `encoder_l${layer}_self`;
      return {
        qkv: selfAttention(self),
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
      const context = `decoder_l${layer}_context`;
      return {
        self: selfLayer(layer),
        query: source.affine(`${context}_Wq`, dim, [part(context, 'q', queryFactor)]),
        attentionOutput: attentionOutput(context),
        attentionWrapping: source.wrapping(`${context}_Wo`),
        ffn: source.feedForward(`decoder_l${layer}_ffn`, config.decoderFfnDim, config.decoderFfnDepth),
      };
    }),
    decoderTop: source.norms('decoder_top', config.postprocessTop, ''),
    output: {
      embedding: untied ? source.outputMatrix('decoder_ff_logit_out_W', config.vocabulary) : target,
      // Where the output layer shares the embedding, Marian calibrates it under this name.
      activationScale: source.activationScale([untied ? 'decoder_ff_logit_out_W' : 'none']),
      bias: config.outputBias
        ? source.vector('decoder_ff_logit_out_b', config.vocabulary)
        : new Float32Array(config.vocabulary),
    },
  };
}
