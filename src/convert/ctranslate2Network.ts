import { EngineError } from '../protocol/errors.ts';
import type { CTranslate2Model } from '../formats/ctranslate2.ts';
import { CTranslate2Weights, damaged } from './ctranslate2Weights.ts';
import type { Affine } from './affine.ts';
import type { DecoderLayer, EncoderLayer, Network } from './network.ts';
import type { Positions } from './positions.ts';
import type { Activation, FeedForward, Wrapping } from './transformer.ts';

/** By CTranslate2's numbers (python/ctranslate2/specs/common_spec.py). */
const ACTIVATIONS: readonly (Activation | undefined)[] = ['relu', 'gelu-tanh', 'swish', 'gelu', 'gelu-sigmoid'];

/** Variables, by the ends of their names, of architectures that are not supported; and what to call these. */
const UNSUPPORTED: readonly [pattern: RegExp, what: string][] = [
  [/\/relative_position_keys$|\/relative_asymmetric_position_keys$/, 'relative positions are'],
  [/\/relative_attention_bias$/, 'relative attention biases (T5) are'],
  [/\/rotary_dim$/, 'rotary positions are'],
  [/\/linear_0_noact\/weight$/, 'gated feed-forward layers are'],
  [/\/layer_norm_use_residual$/, 'RMS norms are'],
  [/\/(q_norm|k_norm|v_norm)\//, 'norms of queries and keys are'],
  [/\/project_(in|out)\//, 'projected embeddings are'],
  [/\/num_heads_kv$/, 'shared heads of keys and values are'],
  [/\/head_dim$/, 'heads of a width of their own are'],
  [/\/sliding_window$/, 'attention to a window is'],
  [/\/(pre|post)_feedforward_layer_norm\/|\/post_attention_layer_norm\//, 'norms both before and after a layer are'],
  [/^encoder\/embeddings_1\//, 'source factors are'],
  [/\/weight_zero$/, '4-bit weights are'],
  [/\/scale_outputs$|\/final_logit_softcapping$/, 'scaled outputs are'],
  [/\/memory_kv\//, 'merged attention is'],
];

/**
 * Finds every weight of a `TransformerSpec` (an encoder and a decoder) and checks its shape.
 * @throws EngineError `model-corrupt` (a weight is missing or misshapen) or `unsupported-model` (with the name of what is missing here)
 */
export function readTransformer(model: CTranslate2Model, eosId: number): Network {
  if (model.specification !== 'TransformerSpec') {
    throw new EngineError(
      'unsupported-model',
      `This is a ${model.specification}, and only a TransformerSpec can be converted.`,
    );
  }
  const weights = new CTranslate2Weights(model);
  refuseUnsupported(weights);
  const [, dim = 0] = weights.shape('decoder/embeddings/weight', 2);
  const heads = weights.scalar('decoder/num_heads');
  if (!(heads > 0) || dim % heads !== 0 || dim % 2 !== 0 || weights.scalar('encoder/num_heads') !== heads)
    throw damaged(`its width ${dim} does not divide into ${heads} heads`);
  const headDim = dim / heads;
  const layersOf = (side: Side): Layers => new Layers(weights, side, dim, headDim);
  const encoder = layersOf('encoder');
  const decoder = layersOf('decoder');
  const target = weights.embedding('decoder/embeddings', dim);
  // Old converters number the source's embeddings, older ones do not.
  const sourceName = weights.has('encoder/embeddings_0/weight') ? 'encoder/embeddings_0' : 'encoder/embeddings';
  const isShared = weights.same(`${sourceName}/weight`, 'decoder/embeddings/weight');
  const isTied = weights.same('decoder/projection/weight', 'decoder/embeddings/weight');
  const output = isTied ? target : weights.embedding('decoder/projection', dim);
  const decoderLayers = weights.layers('decoder/layer', (layer) => decoder.decoderLayer(layer));
  const alignmentLayer = weights.option('decoder/alignment_layer', -1);
  return {
    dim,
    heads,
    headDim,
    alignmentLayer: 1 + (alignmentLayer < 0 ? decoderLayers.length + alignmentLayer : alignmentLayer),
    eosId,
    shortlisted: false,
    source: isShared ? target : weights.embedding(sourceName, dim),
    target,
    sourceFactor: factorOf(weights, 'encoder', sourceName, dim),
    targetFactor: factorOf(weights, 'decoder', 'decoder/embeddings', dim),
    sourcePositions: positionsOf(weights, 'encoder', dim),
    targetPositions: positionsOf(weights, 'decoder', dim),
    sourceNorms: encoder.optionalNorm('layernorm_embedding'),
    targetNorms: decoder.optionalNorm('layernorm_embedding'),
    encoder: weights.layers('encoder/layer', (layer) => encoder.encoderLayer(layer)),
    encoderTop: encoder.optionalNorm('layer_norm'),
    memory: weights.affine(
      'decoder/memory',
      dim,
      decoderLayers.map((_, i) => ({ name: `decoder/layer_${i}/attention/linear_1` })),
    ),
    decoder: decoderLayers,
    decoderTop: decoder.optionalNorm('layer_norm'),
    output: {
      embedding: output,
      activationScale: 'dynamic',
      bias: weights.has('decoder/projection/bias')
        ? weights.floats('decoder/projection/bias', output.rows)
        : new Float32Array(output.rows),
    },
  };
}

type Side = 'encoder' | 'decoder';

/** The layers of one side, which are all built alike. */
class Layers {
  readonly #weights: CTranslate2Weights;
  readonly #side: Side;
  readonly #dim: number;
  readonly #headDim: number;
  readonly #preNorm: boolean;
  readonly #activation: Activation;

  constructor(weights: CTranslate2Weights, side: Side, dim: number, headDim: number) {
    this.#weights = weights;
    this.#side = side;
    this.#dim = dim;
    this.#headDim = headDim;
    this.#preNorm = weights.option(`${side}/pre_norm`, 1) !== 0;
    const number = weights.option(`${side}/activation`, 0);
    const activation = ACTIVATIONS[number];
    if (!activation) throw unsupported(`activation ${number} is`);
    this.#activation = activation;
  }

  encoderLayer(layer: string): EncoderLayer {
    const self = `${layer}/self_attention`;
    return {
      qkv: this.#queriesKeysValues(self),
      attentionOutput: this.#affine(`${self}/linear_1`),
      attentionWrapping: this.#wrapping(self),
      ffn: this.#feedForward(`${layer}/ffn`),
    };
  }

  decoderLayer(layer: string): DecoderLayer {
    const self = `${layer}/self_attention`;
    const cross = `${layer}/attention`;
    const query = { name: `${cross}/linear_0`, factor: this.#queryFactor(cross) };
    return {
      self: {
        kind: 'attention',
        qkv: this.#queriesKeysValues(self),
        output: this.#affine(`${self}/linear_1`),
        wrapping: this.#wrapping(self),
      },
      query: this.#weights.affine(query.name, this.#dim, [query]),
      attentionOutput: this.#affine(`${cross}/linear_2`),
      attentionWrapping: this.#wrapping(cross),
      ffn: this.#feedForward(`${layer}/ffn`),
    };
  }

  optionalNorm(name: string): Wrapping['before'] {
    const norm = `${this.#side}/${name}`;
    return this.#weights.has(`${norm}/gamma`) ? [this.#weights.norm(norm, this.#dim)] : [];
  }

  #affine(name: string, inputs = this.#dim): Affine {
    return this.#weights.affine(name, inputs, [{ name }]);
  }

  /** Q | K | V, the queries divided by the square root of the head's width, or multiplied as the model says. */
  #queriesKeysValues(self: string): Affine {
    const name = `${self}/linear_0`;
    const parts = [0, 1, 2].map((index) => {
      return { name, part: { index, of: 3 }, factor: index === 0 ? this.#queryFactor(self) : 1 };
    });
    return this.#weights.affine(name, this.#dim, parts);
  }

  #queryFactor(attention: string): number {
    return this.#weights.option(`${attention}/queries_scale`, 1 / Math.sqrt(this.#headDim));
  }

  #feedForward(name: string): FeedForward {
    const [inner = 0] = this.#weights.shape(`${name}/linear_0/weight`, 2);
    return {
      layers: [this.#affine(`${name}/linear_0`), this.#affine(`${name}/linear_1`, inner)],
      activation: this.#activation,
      wrapping: this.#wrapping(name),
    };
  }

  #wrapping(sublayer: string): Wrapping {
    const norm = this.#weights.norm(`${sublayer}/layer_norm`, this.#dim);
    return this.#preNorm ? { before: [norm], after: ['add'] } : { before: [], after: ['add', norm] };
  }
}

/** What embeddings are multiplied by: a flag for the square root of their width, which is the default, or the number itself. */
function factorOf(weights: CTranslate2Weights, side: Side, embeddings: string, dim: number): number {
  const name = [`${side}/scale_embeddings`, `${embeddings}/multiply_by_sqrt_depth`].find((known) => weights.has(known));
  if (name === undefined) return Math.sqrt(dim);
  const value = weights.scalar(name);
  if (weights.find(name).type !== 'int8') return value;
  return value === 0 ? 1 : Math.sqrt(dim);
}

/** Without a table there are sinusoids, which CTranslate2 counts from 1. */
function positionsOf(weights: CTranslate2Weights, side: Side, dim: number): Positions {
  const name = `${side}/position_encodings/encodings`;
  if (!weights.has(name)) return { first: 1 };
  const [rows = 0] = weights.shape(name, 2);
  const data = weights.floats(name, rows, dim);
  return { name, rows, data };
}

function refuseUnsupported(weights: CTranslate2Weights): void {
  for (const name of weights.names()) {
    const found = UNSUPPORTED.find(([pattern]) => pattern.test(name));
    if (name.endsWith('/gamma') && !weights.has(name.replace(/gamma$/, 'beta'))) throw unsupported('RMS norms are');
    if (found) throw unsupported(found[1]);
  }
  for (const flag of ['alibi', 'scale_alibi']) {
    if (weights.option(`decoder/${flag}`, 0) !== 0) throw unsupported('ALiBi positions are');
  }
  if (weights.option('encoder/multi_query_attention', 0) !== 0)
    throw unsupported('shared heads of keys and values are');
}

function unsupported(what: string): EngineError {
  return new EngineError('unsupported-model', `This CTranslate2 model cannot be run here: ${what} not supported yet.`);
}
