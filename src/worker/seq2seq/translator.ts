import { throwIfAborted } from '../../protocol/errors.ts';
import type { MarianArchitecture, TransformerArchitecture } from '../../protocol/manifest.ts';
import type { HeldTensors, Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { GreedyOutput, StartOptions, StepModel, StepOutput } from './model.ts';
import { floats, gatherHeld, gatherRows, integers, letGo, reshaped } from './tensors.ts';

/** The graphs of a translator, as src/convert/marian.ts describes them. */
export interface TranslatorGraphs {
  encoder: Session;
  /** Several greedy tokens a call. */
  decoder: Session;
  /** One token with all log-probabilities; opened when it is first needed. */
  step(): Promise<Session>;
}

type TranslatorArchitecture = MarianArchitecture | TransformerArchitecture;

/** A batch being decoded. Rows are source-major. */
export interface TranslatorState {
  beams: number;
  /** Tokens of each source, all that is put around it included. */
  lengths: number[];
  /** The encoder's outputs, opaque, and on WebGPU in its memory: axis 0 of `memory.*` is the source, `shared.*` stays as it is when sources are dropped. */
  memory: HeldTensors;
  /** What the decoder remembers, opaque: axis 0 is the row. Recurrent cells (`state.*`), or keys and values that grow (`cache.*`). */
  states: HeldTensors;
  /** Output ids allowed for each source, ascending; null: all. */
  vocab: Int32Array[] | null;
  /** Last id of each row, the prompt's or what the decoder begins with before the first one chosen. */
  previous: Int32Array;
  /** Tokens fed so far. */
  position: number;
  /** Whether a token has been chosen since the prompt. */
  started: boolean;
}

/** How the names of outputs begin that only other runs want: they stay where the graphs run. */
export const HELD = ['memory.', 'shared.', 'state.', 'cache.'] as const;

/** What a decoder is given that begins with no token. */
const NO_TOKEN = -1;
/** Fills up shortlists that are shorter than the widest. */
const NO_ID = -1;
const NOTHING = new Float32Array();

/** An encoder-decoder translator behind the decoder contract. Sources are token ids with all that the model wants around them. */
export class TranslatorModel implements StepModel<Int32Array, TranslatorState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #graphs: TranslatorGraphs;
  readonly #architecture: TranslatorArchitecture;
  #everyId: Tensor | null = null;

  constructor(graphs: TranslatorGraphs, architecture: TranslatorArchitecture) {
    this.#graphs = graphs;
    this.#architecture = architecture;
    this.maxTokens = architecture.positions;
    this.eosId = architecture.eosId;
  }

  /** @param options with a `prompt`, outputs may only be `maxTokens` less its length long */
  async start(
    sources: Int32Array[],
    { beams, prompt, allowed, extraIds, signal }: StartOptions,
  ): Promise<TranslatorState> {
    const lengths = sources.map(({ length }) => length);
    const longest = Math.max(...lengths);
    const ids = new Int32Array(sources.length * longest);
    const mask = new Float32Array(ids.length);
    sources.forEach((source, i) => {
      ids.set(source, i * longest);
      mask.fill(1, i * longest, i * longest + source.length);
    });
    const dims = [sources.length, longest];
    const memory = await this.#graphs.encoder.runHeld(
      { ids: { type: 'int32', data: ids, dims }, mask: { type: 'float32', data: mask, dims } },
      signal,
    );
    const architecture = this.#architecture;
    const startId = architecture.type === 'transformer' ? architecture.startId : NO_TOKEN;
    const state: TranslatorState = {
      beams,
      lengths,
      memory,
      states: this.#noStates(sources.length),
      vocab: allowed ? sources.map((source, i) => union(allowed.allowed(source), extraIds?.[i])) : null,
      previous: new Int32Array(sources.length).fill(startId),
      position: 0,
      started: false,
    };
    try {
      for (const id of prompt) await this.#force(id, state, signal);
      if (beams > 1) {
        await selectRows(
          state,
          Int32Array.from({ length: sources.length * beams }, (_, row) => Math.floor(row / beams)),
        );
      }
    } catch (error) {
      this.dispose(state);
      throw error;
    }
    return state;
  }

  async step(ids: Int32Array, state: TranslatorState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    if (state.started) state.previous = ids;
    const rows = [state.lengths.length, state.beams];
    const results = await (await this.#graphs.step()).runHeld(this.#feeds(state, rows, this.#shortlist(state)), signal);
    this.#keepStates(state, results);
    state.started = true;
    state.position++;
    const logProbs = floats(results, 'log_probs');
    const attention = floats(results, 'attention');
    const count = ids.length;
    return {
      logProbs,
      width: logProbs.length / count,
      ...(state.vocab ? { vocab: state.vocab } : {}),
      attention,
      sourceLength: attention.length / count,
    };
  }

  async greedy(state: TranslatorState, tokens: number, signal: AbortSignal): Promise<GreedyOutput> {
    const rows = state.lengths.length;
    const steps: Tensor = { type: 'int64', data: BigInt64Array.of(BigInt(tokens)), dims: [] };
    const feeds = { steps, ...this.#feeds(state, [rows], this.#shortlist(state)) };
    const results = await this.#graphs.decoder.runHeld(feeds, signal);
    this.#keepStates(state, results);
    const ids = integers(results, 'ids');
    const logProbs = floats(results, 'log_probs');
    const attention = floats(results, 'attention');
    const made = ids.length / rows;
    const padded = attention.length / ids.length;
    state.started = true;
    state.position += made;
    state.previous = ids.slice((made - 1) * rows);
    const output: Required<GreedyOutput> = { ids: [], logProbs: [], attention: [] };
    for (let row = 0; row < rows; row++) {
      let count = 0;
      while (count < made && ids[count++ * rows + row] !== this.eosId);
      const length = state.lengths[row] ?? 0;
      const rowIds = new Int32Array(count);
      const rowLogProbs = new Float32Array(count);
      const rowAttention = new Float32Array(count * length);
      for (let t = 0; t < count; t++) {
        const at = t * rows + row;
        rowIds[t] = ids[at] ?? this.eosId;
        rowLogProbs[t] = logProbs[at] ?? 0;
        rowAttention.set(attention.subarray(at * padded, at * padded + length), t * length);
      }
      output.ids.push(rowIds);
      output.logProbs.push(rowLogProbs);
      output.attention.push(rowAttention);
    }
    return output;
  }

  async select(state: TranslatorState, rows: Int32Array): Promise<void> {
    const { beams } = state;
    const sources = rows.filter((_, i) => i % beams === 0).map((row) => Math.floor(row / beams));
    if (sources.length < state.lengths.length) {
      const ofSources = Object.entries(state.memory).filter(([name]) => !name.startsWith('shared.'));
      const memory: HeldTensors = Object.fromEntries(ofSources);
      await gatherHeld(memory, sources);
      Object.assign(state.memory, memory);
      state.lengths = Array.from(sources, (source) => state.lengths[source] ?? 0);
      const { vocab } = state;
      state.vocab = vocab && Array.from(sources, (source) => vocab[source] ?? new Int32Array());
    }
    await selectRows(state, rows);
  }

  dispose(state: TranslatorState): void {
    letGo(state.memory);
    letGo(state.states);
  }

  /** Feeds what each row has last and has `id` follow it. */
  async #force(id: number, state: TranslatorState, signal: AbortSignal): Promise<void> {
    const rows = state.previous.length;
    const steps: Tensor = { type: 'int64', data: BigInt64Array.of(1n), dims: [] };
    // Nothing is chosen: of the output layer, one column does.
    const shortlist: Tensor = { type: 'int32', data: Int32Array.of(id), dims: [1, 1] };
    const wanted = Object.keys(state.states).map((name) => `${name}.out`);
    const feeds = { steps, ...this.#feeds(state, [rows], shortlist) };
    this.#keepStates(state, await this.#graphs.decoder.runHeld(feeds, signal, wanted));
    state.previous = new Int32Array(rows).fill(id);
    state.position++;
  }

  /** @param rows - [sources] or [sources, beams] */
  #feeds(state: TranslatorState, rows: number[], shortlist: Tensor): HeldTensors {
    const feeds: HeldTensors = {
      position: { type: 'int64', data: BigInt64Array.of(BigInt(state.position)), dims: [] },
      previous: { type: 'int32', data: state.previous, dims: rows },
      ...(this.#architecture.wholeVocabulary ? {} : { shortlist }),
      ...state.memory,
    };
    for (const [name, tensor] of Object.entries(state.states)) {
      feeds[name] = isCache(name) ? tensor : reshaped(tensor, [...rows, this.#architecture.dim]);
    }
    return feeds;
  }

  /** What the decoder remembers before its first token. */
  #noStates(rows: number): HeldTensors {
    const { type, dim, heads, decoderLayers } = this.#architecture;
    const layers = Array.from({ length: decoderLayers }, (_, i) => i + 1);
    const tensors = layers.flatMap((layer): [string, Tensor][] => {
      if (type === 'marian-ssru')
        return [[`state.${layer}`, { type: 'float32', data: new Float32Array(rows * dim), dims: [rows, dim] }]];
      return [
        [`cache.keys.${layer}`, { type: 'float32', data: NOTHING, dims: [rows, heads, dim / heads, 0] }],
        [`cache.values.${layer}`, { type: 'float32', data: NOTHING, dims: [rows, heads, 0, dim / heads] }],
      ];
    });
    return Object.fromEntries(tensors);
  }

  /** Those of the run before have been read. */
  #keepStates(state: TranslatorState, results: HeldTensors): void {
    const { dim } = this.#architecture;
    for (const [name, before] of Object.entries(state.states)) {
      const grown = results[`${name}.out`];
      if (!grown) throw new Error(`The graph gave no ${name}.`);
      if (before.type === 'device') before.dispose();
      // Of a step, rows are told apart by source and beam.
      const rows = grown.dims.slice(0, -1).reduce((product, size) => product * size, 1);
      state.states[name] = isCache(name) ? grown : reshaped(grown, [rows, dim]);
    }
  }

  #shortlist({ vocab }: TranslatorState): Tensor {
    if (!vocab) return (this.#everyId ??= everyId(this.#architecture.vocabulary));
    const width = Math.max(...vocab.map(({ length }) => length));
    const data = new Int32Array(vocab.length * width).fill(NO_ID);
    vocab.forEach((ids, i) => {
      data.set(ids, i * width);
    });
    return { type: 'int32', data, dims: [vocab.length, width] };
  }
}

const isCache = (name: string): boolean => name.startsWith('cache.');

async function selectRows(state: TranslatorState, rows: Int32Array): Promise<void> {
  await gatherHeld(state.states, rows);
  state.previous = gatherRows(state.previous, rows, 1, new Int32Array(rows.length));
}

function everyId(vocabulary: number): Tensor {
  return { type: 'int32', data: Int32Array.from({ length: vocabulary }, (_, id) => id), dims: [1, vocabulary] };
}

/** Ascending and unique, as both are. */
function union(ids: Int32Array, more: Int32Array | undefined): Int32Array {
  if (!more || more.length === 0) return ids;
  return Int32Array.from(new Set([...ids, ...more])).sort();
}
