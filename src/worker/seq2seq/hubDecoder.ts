import type { HubSignature } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import { floats, gathered, gatherRows, mapTensors, type Tensors } from './tensors.ts';

/** The graphs of an encoder-decoder of the Hub, as optimum exports them. */
export interface HubGraphs {
  encoder: Session;
  /** The first step, and later ones where `step` is absent (decoder_model_merged). */
  decoder: Session;
  /** Later steps (decoder_with_past_model). */
  step: Session | null;
}

/** What the decoder knows of a batch. Rows are source-major. */
export interface HubRows {
  beams: number;
  sources: number;
  /** What the encoder made of each row's source (of each source, before the prompt), and which of its tokens count. */
  hidden: Tensor;
  mask: Tensor | null;
  /** Keys and values of the source and of the output so far; axis 0 is the row. */
  cross: Tensors;
  past: Tensors;
}

/** The decoder of a model in the layout of transformers.js: feeds its graphs, and keeps what they want back. */
export class HubDecoder {
  readonly #graphs: Omit<HubGraphs, 'encoder'>;
  readonly #signature: HubSignature;
  /** Of the layers whose attention to the source is wanted. */
  readonly #attentionNames: string[];

  /** @param layers whose attention to the source is among the results, as `cross_attentions.<layer>` */
  constructor(graphs: Omit<HubGraphs, 'encoder'>, signature: HubSignature, layers: readonly number[]) {
    this.#graphs = graphs;
    this.#signature = signature;
    this.#attentionNames = layers.map(attentionOf);
  }

  /** A batch before its prompt. */
  begin(hidden: Tensor, mask: Tensor | null, beams: number): HubRows {
    return { beams, sources: hidden.dims[0] ?? 0, hidden, mask, cross: {}, past: {} };
  }

  /**
   * Reads the prompt of each source, once; what comes of it is then copied for each beam.
   * @param prompts one a source, all of the same length
   * @returns logits [rows, length, vocabulary] and attention
   */
  async read(prompts: readonly (readonly number[])[], rows: HubRows, signal: AbortSignal): Promise<Tensors> {
    const { crossCache, heads, headSize, decoderInputs } = this.#signature;
    const { sources, beams } = rows;
    const nothing: Tensor = { type: 'float32', data: new Float32Array(), dims: [sources, heads, 0, headSize] };
    const merged = this.#graphs.step === null;
    const feeds = feedsOf(decoderInputs, prompts.flat(), rows, false);
    const past = merged ? Object.fromEntries(this.#pastNames().map((name) => [name, nothing])) : {};
    const wanted = ['logits', ...this.#pastNames().map(presentOf), ...this.#attentionNames];
    const results = await this.#graphs.decoder.run({ ...feeds, ...past }, signal, wanted);
    const copies = Int32Array.from({ length: sources * beams }, (_, row) => Math.floor(row / beams));
    const expanded = beams === 1 ? results : mapTensors(results, (tensor) => gathered(tensor, copies));
    rows.past = this.#kept(expanded, 'decoder');
    if (crossCache) rows.cross = this.#kept(expanded, 'encoder');
    if (beams > 1) {
      rows.hidden = gathered(rows.hidden, copies);
      rows.mask &&= gathered(rows.mask, copies);
    }
    // A graph that keeps keys and values of the source wants the source itself by name alone from now on.
    if (crossCache) rows.hidden = stub(rows.hidden);
    return expanded;
  }

  /**
   * Goes on with an id of each row.
   * @returns logits [rows, 1, vocabulary] and attention
   */
  async next(ids: Int32Array, rows: HubRows, signal: AbortSignal): Promise<Tensors> {
    const { decoderInputs, stepInputs = decoderInputs } = this.#signature;
    const feeds = feedsOf(stepInputs, Array.from(ids), rows, true);
    const wanted = ['logits', ...Object.keys(rows.past).map(presentOf), ...this.#attentionNames];
    const session = this.#graphs.step ?? this.#graphs.decoder;
    const results = await session.run({ ...feeds, ...rows.past, ...rows.cross }, signal, wanted);
    rows.past = this.#kept(results, 'decoder');
    return results;
  }

  /** As `StepModel.select`. */
  select(rows: HubRows, order: Int32Array): void {
    const { beams } = rows;
    // Beams of a source share what belongs to it: only when a source is dropped does that change.
    if (order.length < rows.sources * beams) {
      rows.sources = order.length / beams;
      rows.hidden = gathered(rows.hidden, order);
      rows.mask &&= gathered(rows.mask, order);
      rows.cross = mapTensors(rows.cross, (tensor) => gathered(tensor, order));
    }
    rows.past = mapTensors(rows.past, (tensor) => gathered(tensor, order));
  }

  /** Everything is on the JavaScript side: letting go of it is enough. */
  dispose(rows: HubRows): void {
    rows.cross = {};
    rows.past = {};
  }

  /** What a head of a layer attends to in the last token of a row: [sourceLength]. */
  attention(results: Tensors, row: number, layer: number, head: number): Float32Array {
    const name = attentionOf(layer);
    const [, heads = 1, tokens = 1, sourceLength = 0] = results[name]?.dims ?? [];
    const from = ((row * heads + head) * tokens + tokens - 1) * sourceLength;
    return floats(results, name).subarray(from, from + sourceLength);
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
    const { decoderLayers, crossCache } = this.#signature;
    const sides = crossCache ? ['decoder.', 'encoder.'] : [''];
    return Array.from({ length: decoderLayers }, (_, layer) =>
      sides.flatMap((side) => ['key', 'value'].map((kind) => `past_key_values.${layer}.${side}${kind}`)),
    ).flat();
  }
}

/** Of [rows, tokens, vocabulary] logits those of one token of each row; the last one's where none is named. */
export function logitsOf(results: Tensors, vocabulary: number, token = -1): Float32Array {
  const logits = results['logits'];
  if (logits?.type !== 'float32') throw new Error('The graph gave no logits.');
  const [rows = 0, tokens = 1] = logits.dims;
  if (tokens === 1) return logits.data;
  const place = token < 0 ? tokens + token : token;
  const wanted = Int32Array.from({ length: rows }, (_, row) => row * tokens + place);
  return gatherRows(logits.data, wanted, vocabulary, new Float32Array(rows * vocabulary));
}

/** @param tokens [rows, any number], the rows one after the other */
function feedsOf(inputs: readonly string[], tokens: number[], { hidden, mask }: HubRows, cached: boolean): Tensors {
  const rows = hidden.dims[0] ?? 0;
  const data = BigInt64Array.from(tokens, (id) => BigInt(id));
  const feeds: Tensors = { input_ids: { type: 'int64', data, dims: [rows, tokens.length / rows] } };
  if (inputs.includes('encoder_hidden_states')) feeds['encoder_hidden_states'] = hidden;
  if (inputs.includes('encoder_attention_mask') && mask) feeds['encoder_attention_mask'] = mask;
  if (inputs.includes('use_cache_branch'))
    feeds['use_cache_branch'] = { type: 'bool', data: Uint8Array.of(cached ? 1 : 0), dims: [1] };
  return feeds;
}

const presentOf = (past: string): string => past.replace('past_key_values', 'present');

const attentionOf = (layer: number): string => `cross_attentions.${layer}`;

/** In place of a tensor that a graph wants by name and does not look at. */
function stub({ dims }: Tensor): Tensor {
  const [rows = 0, , dim = 0] = dims;
  return { type: 'float32', data: new Float32Array(rows * dim), dims: [rows, 1, dim] };
}
