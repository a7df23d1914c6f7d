import { throwIfAborted } from '../../protocol/errors.ts';
import type { MarianArchitecture } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';
import type { GreedyOutput, StartOptions, StepModel, StepOutput } from './model.ts';
import { floats, gathered, gatherRows, integers, type Tensors } from './tensors.ts';

/** The graphs of a Marian student, as src/convert/marian.ts describes them. */
export interface MarianGraphs {
  encoder: Session;
  /** Several greedy tokens a call. */
  decoder: Session;
  /** One token with all log-probabilities; opened when it is first needed. */
  step(): Promise<Session>;
}

/** A batch being decoded. Rows are source-major. */
export interface MarianState {
  beams: number;
  /** Tokens of each source, end-of-sentence included. */
  lengths: number[];
  /** The encoder's outputs, opaque: axis 0 of `memory.*` is the source, `shared.*` stays as it is when sources are dropped. */
  memory: Tensors;
  /** The recurrent cells of each decoder layer, [rows, dim]. */
  cells: Float32Array[];
  /** Output ids allowed for each source, ascending; null: the whole vocabulary. */
  vocab: Int32Array[] | null;
  /** Last id of each row, -1 before the first. */
  previous: Int32Array;
  /** Tokens made so far. */
  position: number;
}

const NO_TOKEN = -1;
/** Fills up shortlists that are shorter than the widest. */
const NO_ID = -1;

/** A Marian SSRU student behind the decoder contract. Sources are token ids that end in end-of-sentence. */
export class MarianModel implements StepModel<Int32Array, MarianState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #graphs: MarianGraphs;
  readonly #architecture: MarianArchitecture;

  constructor(graphs: MarianGraphs, architecture: MarianArchitecture) {
    this.#graphs = graphs;
    this.#architecture = architecture;
    this.maxTokens = architecture.positions;
    this.eosId = architecture.eosId;
  }

  async start(sources: Int32Array[], { beams, prompt, allowed, extraIds, signal }: StartOptions): Promise<MarianState> {
    if (prompt.length > 0) throw new Error('A translator takes no prompt.');
    const lengths = sources.map(({ length }) => length);
    const longest = Math.max(...lengths);
    const ids = new Int32Array(sources.length * longest);
    const mask = new Float32Array(ids.length);
    sources.forEach((source, i) => {
      ids.set(source, i * longest);
      mask.fill(1, i * longest, i * longest + source.length);
    });
    const dims = [sources.length, longest];
    const memory = await this.#graphs.encoder.run(
      { ids: { type: 'int32', data: ids, dims }, mask: { type: 'float32', data: mask, dims } },
      signal,
    );
    const { dim, decoderLayers } = this.#architecture;
    const rows = sources.length * beams;
    return {
      beams,
      lengths,
      memory,
      cells: Array.from({ length: decoderLayers }, () => new Float32Array(rows * dim)),
      vocab: allowed ? sources.map((source, i) => union(allowed.allowed(source), extraIds?.[i])) : null,
      previous: new Int32Array(rows).fill(NO_TOKEN),
      position: 0,
    };
  }

  async step(ids: Int32Array, state: MarianState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    if (state.position > 0) state.previous = ids;
    const rows = [state.lengths.length, state.beams];
    const results = await (await this.#graphs.step()).run(this.#feeds(state, rows), signal);
    this.#keepCells(state, results);
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

  async greedy(state: MarianState, tokens: number, signal: AbortSignal): Promise<GreedyOutput> {
    const rows = state.lengths.length;
    const steps: Tensor = { type: 'int64', data: BigInt64Array.of(BigInt(tokens)), dims: [] };
    const results = await this.#graphs.decoder.run({ steps, ...this.#feeds(state, [rows]) }, signal);
    this.#keepCells(state, results);
    const ids = integers(results, 'ids');
    const logProbs = floats(results, 'log_probs');
    const attention = floats(results, 'attention');
    const made = ids.length / rows;
    const padded = attention.length / ids.length;
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

  select(state: MarianState, rows: Int32Array): void {
    const { beams } = state;
    const sources = rows.filter((_, i) => i % beams === 0).map((row) => Math.floor(row / beams));
    if (sources.length < state.lengths.length) {
      state.memory = Object.fromEntries(
        Object.entries(state.memory).map(([name, tensor]) => [
          name,
          name.startsWith('shared.') ? tensor : gathered(tensor, sources),
        ]),
      );
      state.lengths = Array.from(sources, (source) => state.lengths[source] ?? 0);
      const { vocab } = state;
      state.vocab = vocab && Array.from(sources, (source) => vocab[source] ?? new Int32Array());
    }
    const { dim } = this.#architecture;
    state.cells = state.cells.map((cell) => gatherRows(cell, rows, dim, new Float32Array(rows.length * dim)));
    state.previous = rows.map((row) => state.previous[row] ?? NO_TOKEN);
  }

  /** Everything is on the JavaScript side: letting go of it is enough. */
  dispose(state: MarianState): void {
    state.memory = {};
    state.cells = [];
  }

  /** @param rows - [sources] or [sources, beams] */
  #feeds(state: MarianState, rows: number[]): Tensors {
    const { dim, vocabulary } = this.#architecture;
    const feeds: Tensors = {
      position: { type: 'int64', data: BigInt64Array.of(BigInt(state.position)), dims: [] },
      previous: { type: 'int32', data: state.previous, dims: rows },
      shortlist: shortlist(state.vocab, vocabulary),
      ...state.memory,
    };
    state.cells.forEach((data, i) => {
      feeds[`state.${i + 1}`] = { type: 'float32', data, dims: [...rows, dim] };
    });
    return feeds;
  }

  #keepCells(state: MarianState, results: Tensors): void {
    state.cells = state.cells.map((_, i) => floats(results, `state.${i + 1}.out`));
  }
}

function shortlist(vocab: Int32Array[] | null, vocabulary: number): Tensor {
  if (!vocab)
    return { type: 'int32', data: Int32Array.from({ length: vocabulary }, (_, id) => id), dims: [1, vocabulary] };
  const width = Math.max(...vocab.map(({ length }) => length));
  const data = new Int32Array(vocab.length * width).fill(NO_ID);
  vocab.forEach((ids, i) => {
    data.set(ids, i * width);
  });
  return { type: 'int32', data, dims: [vocab.length, width] };
}

/** Ascending and unique, as both are. */
function union(ids: Int32Array, more: Int32Array | undefined): Int32Array {
  if (!more || more.length === 0) return ids;
  return Int32Array.from(new Set([...ids, ...more])).sort();
}
