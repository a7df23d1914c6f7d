import { throwIfAborted } from '../../protocol/errors.ts';
import type { HubNetwork } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { HubDecoder, logitsOf, type HubGraphs, type HubRows } from './hubDecoder.ts';
import { logSoftmaxRows } from './logits.ts';
import type { StartOptions, StepModel, StepOutput } from './model.ts';
import type { Tensors } from './tensors.ts';

/** Runs the encoder: what it makes of each source, [sources, length, dim], and which of that counts, int64 [sources, length]. */
export type HubEncoder<F> = (
  encoder: Session,
  sources: F[],
  signal: AbortSignal,
) => Promise<{ hidden: Tensor; mask: Tensor | null }>;

/** A batch being decoded. Rows are source-major. */
export interface HubState {
  rows: HubRows;
  /** Tokens of the longest source. */
  sourceLength: number;
  /** What the first step is fed: the start and the forced prefix. */
  prompt: number[];
  /** Tokens made so far. */
  made: number;
}

/**
 * An encoder-decoder in the layout of transformers.js behind the decoder contract. Its own rules of generation that depend on the
 * place alone (what is forced, never said, or not yet) are kept here, as log-probabilities of -Infinity. Attention is the mean of
 * the heads of the layer before the last, which follows words best (Garg et al. 2019), where the graphs give it.
 */
export class HubModel<F> implements StepModel<F, HubState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #encoder: Session;
  readonly #decoder: HubDecoder;
  readonly #network: HubNetwork;
  readonly #encode: HubEncoder<F>;
  readonly #attentionLayer: number;

  constructor({ encoder, ...graphs }: HubGraphs, network: HubNetwork, encode: HubEncoder<F>) {
    this.#attentionLayer = Math.max(0, network.decoderLayers - 2);
    this.#encoder = encoder;
    this.#decoder = new HubDecoder(graphs, network, network.attention ? [this.#attentionLayer] : []);
    this.#encode = encode;
    this.#network = network;
    this.maxTokens = network.positions;
    this.eosId = network.eosId;
  }

  async start(sources: F[], { beams, prompt, signal }: StartOptions): Promise<HubState> {
    const { hidden, mask } = await this.#encode(this.#encoder, sources, signal);
    return {
      rows: this.#decoder.begin(hidden, mask, beams),
      sourceLength: hidden.dims[1] ?? 0,
      prompt: [this.#network.startId, ...prompt],
      made: 0,
    };
  }

  async step(ids: Int32Array, state: HubState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    const { rows, prompt } = state;
    const results =
      state.made === 0
        ? await this.#decoder.read(Array<number[]>(rows.sources).fill(prompt), rows, signal)
        : await this.#decoder.next(ids, rows, signal);
    const { vocabulary, attention } = this.#network;
    const count = rows.sources * rows.beams;
    const logProbs = logSoftmaxRows(logitsOf(results, vocabulary), vocabulary);
    for (let row = 0; row < count; row++)
      this.#keepRules(logProbs.subarray(row * vocabulary, (row + 1) * vocabulary), state);
    state.made++;
    if (!attention) return { logProbs, width: vocabulary };
    const { sourceLength } = state;
    return { logProbs, width: vocabulary, attention: this.#attention(results, count, sourceLength), sourceLength };
  }

  select({ rows }: HubState, order: Int32Array): void {
    this.#decoder.select(rows, order);
  }

  dispose({ rows }: HubState): void {
    this.#decoder.dispose(rows);
  }

  /** [rows, sourceLength] */
  #attention(results: Tensors, rows: number, sourceLength: number): Float32Array {
    const { heads } = this.#network;
    const mean = new Float32Array(rows * sourceLength);
    for (let row = 0; row < rows; row++) {
      for (let head = 0; head < heads; head++) {
        const own = this.#decoder.attention(results, row, this.#attentionLayer, head);
        for (let i = 0; i < sourceLength; i++) mean[row * sourceLength + i]! += (own[i] ?? 0) / heads;
      }
    }
    return mean;
  }

  #keepRules(scores: Float32Array, { made, prompt }: HubState): void {
    const { suppressIds, suppressFirstIds, forcedFirstId, endsForced, leastTokens, positions, eosId } = this.#network;
    for (const id of suppressIds) scores[id] = -Infinity;
    if (made === 0) for (const id of suppressFirstIds) scores[id] = -Infinity;
    const all = made + prompt.length - 1;
    if (all < leastTokens) scores[eosId] = -Infinity;
    if (made === 0 && forcedFirstId !== null) force(scores, forcedFirstId);
    if (endsForced && all === positions - 1) force(scores, eosId);
  }
}

function force(scores: Float32Array, id: number): void {
  scores.fill(-Infinity);
  scores[id] = 0;
}
