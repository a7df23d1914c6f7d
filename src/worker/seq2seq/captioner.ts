import { throwIfAborted } from '../../protocol/errors.ts';
import type { CaptionerArchitecture } from '../../protocol/manifest.ts';
import type { Session } from '../runtime/session.ts';
import { logSoftmaxRows } from './logits.ts';
import type { StartOptions, StepModel, StepOutput } from './model.ts';
import { floats, gathered, mapTensors, type Tensors } from './tensors.ts';

/**
 * encoder    in  pixels float32 [1, 3, size, size]
 *            out labels float32 [1, classes];  presence float32 [1, things];  both are probabilities
 *                memory.* [1, ...];  state.* [1, ...], before the first token
 * decoder    in  ids int64 [rows], the tokens chosen last;  memory.*;  state.* [rows, ...]
 *            out logits float32 [rows, vocabulary];  attention float32 [rows, cells];  next.* for every state.*
 *
 * What the memory and the states are is the network's affair: a cache of keys and values that grows, or the cells of an LSTM.
 */
export interface CaptionerGraphs {
  encoder: Session;
  decoder: Session;
}

/** A picture as the encoder saw it. Any number of searches may start from it. */
export interface Seen {
  /** [classes], the probability of each; sums to 1. */
  labels: Float32Array;
  /** [things], the probability that it shows each. */
  presence: Float32Array;
  memory: Tensors;
  states: Tensors;
}

/** A caption being written. */
export interface CaptionState {
  memory: Tensors;
  /** Axis 0 of each is the row. */
  states: Tensors;
  started: boolean;
}

/** A picture captioner behind the decoder contract. It looks at one picture at a time; its memory is shared by all rows. */
export class CaptionerModel implements StepModel<Seen, CaptionState> {
  readonly maxTokens: number;
  readonly eosId: number;
  readonly #graphs: CaptionerGraphs;
  readonly #architecture: CaptionerArchitecture;

  constructor(graphs: CaptionerGraphs, architecture: CaptionerArchitecture) {
    this.#graphs = graphs;
    this.#architecture = architecture;
    this.maxTokens = architecture.positions;
    this.eosId = architecture.eosId;
  }

  /**
   * Runs the encoder.
   * @param pixels [3, size, size], normalised
   * @throws EngineError what `Session.run` throws
   */
  async see(pixels: Float32Array, signal: AbortSignal): Promise<Seen> {
    const { size } = this.#architecture;
    const results = await this.#graphs.encoder.run(
      { pixels: { type: 'float32', data: pixels, dims: [1, 3, size, size] } },
      signal,
    );
    return {
      labels: floats(results, 'labels'),
      presence: floats(results, 'presence'),
      memory: named(results, 'memory.'),
      states: named(results, 'state.'),
    };
  }

  async start([seen, ...others]: Seen[], { beams, prompt }: StartOptions): Promise<CaptionState> {
    if (!seen || others.length > 0) throw new Error('A captioner looks at one picture at a time.');
    if (prompt.length > 0) throw new Error('A captioner takes no prompt.');
    const rows = new Int32Array(beams);
    return {
      memory: seen.memory,
      states: mapTensors(seen.states, (tensor) => gathered(tensor, rows)),
      started: false,
    };
  }

  async step(ids: Int32Array, state: CaptionState, signal: AbortSignal): Promise<StepOutput> {
    throwIfAborted(signal);
    const { bosId, vocabulary, suppressIds } = this.#architecture;
    const rows = ids.length;
    const fed = BigInt64Array.from(ids, (id) => BigInt(state.started ? id : bosId));
    const results = await this.#graphs.decoder.run(
      { ids: { type: 'int64', data: fed, dims: [rows] }, ...state.memory, ...state.states },
      signal,
    );
    state.started = true;
    state.states = Object.fromEntries(
      Object.keys(state.states).map((name) => {
        const next = results[name.replace('state.', 'next.')];
        if (!next) throw new Error(`The graph gave no next ${name}.`);
        return [name, next];
      }),
    );
    const logits = floats(results, 'logits');
    for (let row = 0; row < rows; row++) {
      for (const id of suppressIds) logits[row * vocabulary + id] = -Infinity;
    }
    const attention = floats(results, 'attention');
    return {
      logProbs: logSoftmaxRows(logits, vocabulary),
      width: vocabulary,
      attention,
      sourceLength: attention.length / rows,
    };
  }

  select(state: CaptionState, rows: Int32Array): void {
    state.states = mapTensors(state.states, (tensor) => gathered(tensor, rows));
  }

  /** Everything is on the JavaScript side: letting go of it is enough. */
  dispose(state: CaptionState): void {
    state.memory = {};
    state.states = {};
  }
}

function named(results: Tensors, prefix: string): Tensors {
  return Object.fromEntries(Object.entries(results).filter(([name]) => name.startsWith(prefix)));
}
