import { throwIfAborted } from '../../protocol/errors.ts';
import type { StepModel } from './model.ts';
import {
  concatenate,
  startOptions,
  type Found,
  type Hypothesis,
  type SearchOptions,
  type SearchSource,
} from './search.ts';

export interface GreedyOptions<S = unknown> extends SearchOptions<S> {
  /** Longest call, in tokens. Calls are shorter where a source is about to end, which would go on in vain. */
  tokensPerCall: number;
  /** Calls are shortened to take about this long, so that an abort and the partial text are never far away. */
  callMs: number;
  /** Whether the output of a source goes round in circles and is not worth going on with. */
  isLooping(source: number, ids: Int32Array): boolean;
}

/** A model that can make several tokens in one call. */
export type GreedyModel<F, S> = StepModel<F, S> & Required<Pick<StepModel<F, S>, 'greedy'>>;

export function hasGreedy<F, S>(model: StepModel<F, S>): model is GreedyModel<F, S> {
  return model.greedy !== undefined;
}

/**
 * Greedy search with the model's own loop: several tokens a call, finished sources dropped between calls. A source whose
 * output goes round in circles is given up with `looped` set.
 * @throws EngineError `aborted`
 */
export async function greedySearch<F, S>(
  model: GreedyModel<F, S>,
  sources: SearchSource<F>[],
  options: GreedyOptions<S>,
): Promise<Found[]> {
  const { signal } = options;
  const found: Found[] = [];
  const state = await model.start(
    sources.map((source) => source.features),
    startOptions(sources, 1, options),
  );
  try {
    options.onStart?.(state);
    let live = sources.map((source, index) => ({
      source,
      index,
      output: new GreedyRow(source.maxTokens, model.eosId),
    }));
    let budget = options.tokensPerCall;
    while (live.length > 0) {
      throwIfAborted(signal);
      const room = Math.max(...live.map(({ output }) => output.room));
      const soonest = Math.min(...live.map(({ source, output }) => expectedRest(source, output.length)));
      const count = Math.min(budget, room, Math.max(SHORTEST_CALL, soonest));
      const started = performance.now();
      const result = await model.greedy(state, count, signal);
      const msPerToken = (performance.now() - started) / count;
      budget = Math.max(1, Math.min(options.tokensPerCall, Math.floor(options.callMs / Math.max(msPerToken, 1e-3))));

      const rows: number[] = [];
      live = live.filter(({ index, output }, row) => {
        output.append(result.ids[row], result.logProbs[row], result.attention?.[row]);
        const looped = options.isLooping(index, output.ids());
        if (looped || output.ended || output.room === 0) {
          found[index] = { hypotheses: [output.hypothesis()], looped };
          return false;
        }
        options.onPartial?.(index, () => output.ids());
        rows.push(row);
        return true;
      });
      if (live.length > 0 && rows.length < result.ids.length) await model.select(state, Int32Array.from(rows));
    }
    return found;
  } finally {
    model.dispose(state);
  }
}

/** Below this a call costs more than the tokens it saves. */
const SHORTEST_CALL = 4;

/** Outputs are seldom much shorter than nine tenths of their source. */
function expectedRest<F>({ length }: SearchSource<F>, made: number): number {
  return length === undefined ? Infinity : Math.round(0.9 * length) - made;
}

/** What greedy search has of one source. */
class GreedyRow {
  ended = false;
  readonly #maxTokens: number;
  readonly #eosId: number;
  readonly #tokens: number[] = [];
  readonly #attention: Float32Array[] = [];
  #sourceLength = 0;
  readonly #logProbs: number[] = [];
  #logProb = 0;

  constructor(maxTokens: number, eosId: number) {
    this.#maxTokens = maxTokens;
    this.#eosId = eosId;
  }

  get length(): number {
    return this.#tokens.length;
  }

  get room(): number {
    return this.#maxTokens - this.#tokens.length;
  }

  append(ids: Int32Array | undefined, logProbs: Float32Array | undefined, attention: Float32Array | undefined): void {
    if (ids === undefined || logProbs === undefined || ids.length === 0) {
      throw new Error('The decoder returned no tokens for a row that had not ended.');
    }
    const sourceLength = attention === undefined ? 0 : attention.length / ids.length;
    this.#sourceLength = sourceLength;
    for (let i = 0; i < ids.length && !this.ended; i++) {
      const id = ids[i] ?? this.#eosId;
      if (id !== this.#eosId && this.room === 0) return;
      this.#logProb += logProbs[i] ?? 0;
      if (id === this.#eosId) this.ended = true;
      else {
        this.#tokens.push(id);
        this.#logProbs.push(logProbs[i] ?? 0);
        if (attention) this.#attention.push(attention.subarray(i * sourceLength, (i + 1) * sourceLength));
      }
    }
  }

  ids(): Int32Array {
    return Int32Array.from(this.#tokens);
  }

  hypothesis(): Hypothesis {
    const count = this.#tokens.length + (this.ended ? 1 : 0);
    return {
      ids: this.ids(),
      score: this.#logProb / Math.max(1, count),
      logProbs: Float32Array.from(this.#logProbs),
      ...(this.#sourceLength > 0 ? { attention: concatenate(this.#attention, this.#sourceLength) } : {}),
      sourceLength: this.#sourceLength,
      ended: this.ended,
      placements: [],
    };
  }
}
