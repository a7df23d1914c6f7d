import { throwIfAborted } from '../../protocol/errors.ts';
import type { HubNetwork } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { logSoftmaxRows } from './logits.ts';
import type { StartOptions, StepModel, StepOutput } from './model.ts';
import { floats, gathered, gatherRows, mapTensors, type Tensors } from './tensors.ts';

/** The graphs of an encoder-decoder of the Hub, as optimum exports them. */
export interface HubGraphs {
  encoder: Session;
  /** The first step, and later ones where `step` is absent (decoder_model_merged). */
  decoder: Session;
  /** Later steps (decoder_with_past_model). */
  step: Session | null;
}

/** Runs the encoder: what it makes of each source, [sources, length, dim], and which of that counts, int64 [sources, length]. */
export type HubEncoder<F> = (
  encoder: Session,
  sources: F[],
  signal: AbortSignal,
) => Promise<{ hidden: Tensor; mask: Tensor | null }>;

/** A batch being decoded. Rows are source-major. */
export interface HubState {
  beams: number;
  sources: number;
  /** Tokens of the longest source. */
  sourceLength: number;
  /** What the encoder made of each row's source (of each source, before the first step), and which of its tokens count. */
  hidden: Tensor;
  mask: Tensor | null;
  /** Keys and values of the source and of the output so far; axis 0 is the row. */
  cross: Tensors;
  past: Tensors;
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
  readonly #graphs: HubGraphs;
  readonly #network: HubNetwork;
  readonly #encode: HubEncoder<F>;

  constructor(graphs: HubGraphs, network: HubNetwork, encode: HubEncoder<F>) {
    this.#graphs = graphs;
    this.#encode = encode;
    this.#network = network;
    this.maxTokens = network.positions;
    this.eosId = network.eosId;
  }

  async start(sources: F[], { beams, prompt, signal }: StartOptions): Promise<HubState> {
    const { hidden, mask } = await this.#encode(this.#graphs.encoder, sources, signal);
    return {
      beams,
      sources: sources.length,
      sourceLength: hidden.dims[1] ?? 0,
      hidden,
      mask,
      cross: {},
      past: {},
      prompt: [this.#network.startId, ...prompt],
      made: 0,
    };
  }

  async step(ids: Int32Array, state: HubState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    const results = state.made === 0 ? await this.#first(state, signal) : await this.#next(ids, state, signal);
    const { vocabulary } = this.#network;
    const rows = state.sources * state.beams;
    const logProbs = logSoftmaxRows(lastOf(results, vocabulary), vocabulary);
    for (let row = 0; row < rows; row++)
      this.#keepRules(logProbs.subarray(row * vocabulary, (row + 1) * vocabulary), state);
    state.made++;
    const attention = this.#network.attention ? this.#attention(results, state) : undefined;
    return { logProbs, width: vocabulary, ...(attention && { attention, sourceLength: state.sourceLength }) };
  }

  select(state: HubState, rows: Int32Array): void {
    const { beams } = state;
    // Beams of a source share what belongs to it: only when a source is dropped does that change.
    if (rows.length < state.sources * beams) {
      state.sources = rows.length / beams;
      state.hidden = gathered(state.hidden, rows);
      state.mask &&= gathered(state.mask, rows);
      state.cross = mapTensors(state.cross, (tensor) => gathered(tensor, rows));
    }
    state.past = mapTensors(state.past, (tensor) => gathered(tensor, rows));
  }

  /** Everything is on the JavaScript side: letting go of it is enough. */
  dispose(state: HubState): void {
    state.cross = {};
    state.past = {};
  }

  /** The prompt, once for each source; what comes of it is then copied for each beam. */
  async #first(state: HubState, signal: AbortSignal): Promise<Tensors> {
    const { crossCache, heads, headSize } = this.#network;
    const { prompt, sources, beams } = state;
    const tokens = Array.from({ length: sources }, () => prompt).flat();
    const nothing: Tensor = { type: 'float32', data: new Float32Array(), dims: [sources, heads, 0, headSize] };
    const merged = this.#graphs.step === null;
    const feeds = this.#feeds(this.#network.decoderInputs, tokens, state, false);
    const past = merged ? Object.fromEntries(this.#pastNames().map((name) => [name, nothing])) : {};
    const wanted = ['logits', ...this.#pastNames().map(presentOf), ...this.#attentionNames()];
    const results = await this.#graphs.decoder.run({ ...feeds, ...past }, signal, wanted);
    const rows = Int32Array.from({ length: sources * beams }, (_, row) => Math.floor(row / beams));
    const expanded = beams === 1 ? results : mapTensors(results, (tensor) => gathered(tensor, rows));
    state.past = this.#kept(expanded, 'decoder');
    if (crossCache) state.cross = this.#kept(expanded, 'encoder');
    if (beams > 1) {
      state.hidden = gathered(state.hidden, rows);
      state.mask &&= gathered(state.mask, rows);
    }
    // A graph that keeps keys and values of the source wants the source itself by name alone from now on.
    if (crossCache) state.hidden = stub(state.hidden);
    return expanded;
  }

  async #next(ids: Int32Array, state: HubState, signal: AbortSignal): Promise<Tensors> {
    const { decoderInputs, stepInputs = decoderInputs } = this.#network;
    const feeds = this.#feeds(stepInputs, Array.from(ids), state, true);
    const wanted = ['logits', ...Object.keys(state.past).map(presentOf), ...this.#attentionNames()];
    const session = this.#graphs.step ?? this.#graphs.decoder;
    const results = await session.run({ ...feeds, ...state.past, ...state.cross }, signal, wanted);
    state.past = this.#kept(results, 'decoder');
    return results;
  }

  /** @param tokens [rows, any number], the rows one after the other */
  #feeds(inputs: readonly string[], tokens: number[], { hidden, mask }: HubState, cached: boolean): Tensors {
    const rows = hidden.dims[0] ?? 0;
    const data = BigInt64Array.from(tokens, (id) => BigInt(id));
    const feeds: Tensors = { input_ids: { type: 'int64', data, dims: [rows, tokens.length / rows] } };
    if (inputs.includes('encoder_hidden_states')) feeds['encoder_hidden_states'] = hidden;
    if (inputs.includes('encoder_attention_mask') && mask) feeds['encoder_attention_mask'] = mask;
    if (inputs.includes('use_cache_branch'))
      feeds['use_cache_branch'] = { type: 'bool', data: Uint8Array.of(cached ? 1 : 0), dims: [1] };
    return feeds;
  }

  #kept(results: Tensors, side: 'decoder' | 'encoder'): Tensors {
    const names = this.#pastNames().filter((name) => name.includes('.encoder.') === (side === 'encoder'));
    return Object.fromEntries(
      names.map((name) => {
        const tensor = results[presentOf(name)];
        if (!tensor) throw new Error(`The graph gave no ${presentOf(name)}.`);
        return [name, tensor];
      }),
    );
  }

  #pastNames(): string[] {
    const { decoderLayers, crossCache } = this.#network;
    const sides = crossCache ? ['decoder.', 'encoder.'] : [''];
    return Array.from({ length: decoderLayers }, (_, layer) =>
      sides.flatMap((side) => ['key', 'value'].map((kind) => `past_key_values.${layer}.${side}${kind}`)),
    ).flat();
  }

  #attentionNames(): string[] {
    const { attention, decoderLayers } = this.#network;
    return attention ? [`cross_attentions.${Math.max(0, decoderLayers - 2)}`] : [];
  }

  /** [rows, sourceLength] */
  #attention(results: Tensors, { sources, beams, sourceLength }: HubState): Float32Array {
    const rows = sources * beams;
    const [name = ''] = this.#attentionNames();
    const all = floats(results, name);
    const { heads } = this.#network;
    const tokens = all.length / (rows * heads * sourceLength);
    const mean = new Float32Array(rows * sourceLength);
    for (let row = 0; row < rows; row++) {
      for (let head = 0; head < heads; head++) {
        const from = ((row * heads + head) * tokens + tokens - 1) * sourceLength;
        for (let i = 0; i < sourceLength; i++) mean[row * sourceLength + i]! += (all[from + i] ?? 0) / heads;
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

const presentOf = (past: string): string => past.replace('past_key_values', 'present');

/** Of [rows, tokens, vocabulary] logits those of the last token. */
function lastOf(results: Tensors, vocabulary: number): Float32Array {
  const logits = results['logits'];
  if (logits?.type !== 'float32') throw new Error('The graph gave no logits.');
  const [rows = 0, tokens = 1] = logits.dims;
  if (tokens === 1) return logits.data;
  const last = Int32Array.from({ length: rows }, (_, row) => row * tokens + tokens - 1);
  return gatherRows(logits.data, last, vocabulary, new Float32Array(rows * vocabulary));
}

/** In place of a tensor that a graph wants by name and does not look at. */
function stub({ dims }: Tensor): Tensor {
  const [rows = 0, , dim = 0] = dims;
  return { type: 'float32', data: new Float32Array(rows * dim), dims: [rows, 1, dim] };
}

function force(scores: Float32Array, id: number): void {
  scores.fill(-Infinity);
  scores[id] = 0;
}
