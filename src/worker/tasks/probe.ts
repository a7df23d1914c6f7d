import type { StepModel } from '../seq2seq/model.ts';

/** A little work for a model, always the same. Of two sources, or more. */
export interface Probe {
  /** A call of greedy search for all sources, and one for those but the first. */
  run(signal: AbortSignal): Promise<Probed>;
}

/** What came of it: one array a row, in the order they were made. */
export interface Probed {
  ids: Int32Array[];
  logProbs: Float32Array[];
}

/** How far log-probabilities may lie apart that were added up in another order; between near equals another id may be chosen. */
const TOLERANCE = 0.02;

/**
 * @param read - makes the sources what the model begins with
 * @param tokens - made by each of the two calls
 */
export function stepProbe<F, S>(
  model: StepModel<F, S>,
  read: (signal: AbortSignal) => Promise<F[]>,
  prompt: Int32Array,
  tokens: number,
  allowed?: (source: Int32Array) => Int32Array,
): Probe {
  return {
    async run(signal) {
      const lexicon = allowed && { allowed: { allowed } };
      const sources = await read(signal);
      const state = await model.start(sources, { beams: 1, prompt, ...lexicon, signal });
      try {
        const first = await call(model, state, new Int32Array(sources.length), tokens, signal);
        const going = first.ids.flatMap((ids, row) => (row > 0 && ids.at(-1) !== model.eosId ? [row] : []));
        if (going.length === 0) return first;
        await model.select(state, Int32Array.from(going));
        const last = Int32Array.from(going, (row) => first.ids[row]?.at(-1) ?? model.eosId);
        const second = await call(model, state, last, tokens, signal);
        return { ids: [...first.ids, ...second.ids], logProbs: [...first.logProbs, ...second.logProbs] };
      } finally {
        model.dispose(state);
      }
    },
  };
}

/** Some greedy tokens of every row; one by one of a model that gives no more at a time. `last`: what the rows chose before. */
async function call<F, S>(
  model: StepModel<F, S>,
  state: S,
  last: Int32Array,
  tokens: number,
  signal: AbortSignal,
): Promise<Probed> {
  if (model.greedy) return model.greedy(state, tokens, signal);
  const made: [ids: number, logProb: number][][] = [];
  let previous = last;
  for (let t = 0; t < tokens; t++) {
    const { logProbs, width, vocab } = await model.step(previous, state, signal);
    previous = Int32Array.from({ length: logProbs.length / width }, (_, row) => {
      const scores = logProbs.subarray(row * width, (row + 1) * width);
      const column = scores.reduce((best, score, at) => (score > (scores[best] ?? -Infinity) ? at : best), 0);
      const id = vocab ? (vocab[row]?.[column] ?? model.eosId) : column;
      (made[row] ??= []).push([id, scores[column] ?? NaN]);
      return id;
    });
  }
  return {
    ids: made.map((row) => Int32Array.from(row, ([id]) => id)),
    logProbs: made.map((row) => Float32Array.from(row, ([, logProb]) => logProb)),
  };
}

/** The least time of some runs, because others share the machine. The run before them compiles, and does not count. Milliseconds. */
export async function leastTime(probe: Probe, runs: number, signal: AbortSignal): Promise<number> {
  let least = Infinity;
  for (let i = 0; i < runs; i++) {
    const started = performance.now();
    await probe.run(signal);
    least = Math.min(least, performance.now() - started);
  }
  return least;
}

/** What is wrong with `found`, as a sentence; null where it is right. */
export function compareProbes(found: Probed, right: Probed): string | null {
  if (found.ids.length !== right.ids.length) {
    return `It ended ${found.ids.length} of its sentences where ${right.ids.length} go on.`;
  }
  for (const [row, ids] of right.ids.entries()) {
    const values = right.logProbs[row] ?? new Float32Array();
    for (const [t, id] of ids.entries()) {
      const value = found.logProbs[row]?.[t] ?? NaN;
      const difference = Math.abs(value - (values[t] ?? NaN));
      // NaN is not within anything.
      if (!(difference <= TOLERANCE)) return `A log-probability is ${value} where it should be ${values[t]}.`;
      // As likely, and another one: from here on the two say different things.
      if (found.ids[row]?.[t] !== id) break;
    }
  }
  return null;
}
