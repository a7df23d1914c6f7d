import { throwIfAborted } from '../../protocol/errors.ts';
import { logSumExp, type LogitsProcessor } from './logits.ts';
import type { StepModel } from './model.ts';
import { concatenate, startOptions, type Hypothesis, type SearchOptions, type SearchSource } from './search.ts';

export interface SampleOptions<S = unknown> extends SearchOptions<S> {
  /** Above 0: how much is left to chance. */
  temperature: number;
  /** How many samples are drawn for each source; the likeliest is given. */
  samples: number;
  /** In [0, 1). */
  random: () => number;
}

interface Row<F> {
  source: SearchSource<F>;
  index: number;
  ids: number[];
  logProbs: number[];
  attention: Float32Array[];
  logProb: number;
  ended: boolean;
}

/**
 * Draws outputs at random, the likelier ones more often, as openai/whisper does where greedy search failed.
 * @returns for each source the sample with the highest mean log-probability
 * @throws EngineError `aborted`
 */
export async function sampleSearch<F, S>(
  model: StepModel<F, S>,
  sources: SearchSource<F>[],
  options: SampleOptions<S>,
): Promise<Hypothesis[]> {
  const { samples, signal } = options;
  const state = await model.start(
    sources.map((source) => source.features),
    startOptions(sources, samples, options),
  );
  options.onStart?.(state);
  const all = sources.map((source, index) =>
    Array.from({ length: samples }, (): Row<F> => ({
      source,
      index,
      ids: [],
      logProbs: [],
      attention: [],
      logProb: 0,
      ended: false,
    })),
  );
  try {
    let live = all;
    while (live.length > 0) {
      throwIfAborted(signal);
      const rows = live.flat();
      const output = await model.step(
        Int32Array.from(rows, ({ ids }) => ids.at(-1) ?? model.eosId),
        state,
        signal,
      );
      const { width, sourceLength = 0 } = output;
      rows.forEach((row, i) => {
        if (isDone(row)) return;
        const scores = output.logProbs.subarray(i * width, (i + 1) * width);
        for (const process of row.source.processors ?? []) apply(process, scores, row.ids);
        const id = draw(scores, options.temperature, options.random);
        row.logProb += scores[id] ?? 0;
        if (id === model.eosId) {
          row.ended = true;
          return;
        }
        row.ids.push(id);
        row.logProbs.push(scores[id] ?? 0);
        if (output.attention) row.attention.push(output.attention.slice(i * sourceLength, (i + 1) * sourceLength));
      });
      const kept = live.flatMap((group, position) => (group.every(isDone) ? [] : [position]));
      if (kept.length > 0 && kept.length < live.length) {
        const order = kept.flatMap((position) => Array.from({ length: samples }, (_, i) => position * samples + i));
        await model.select(state, Int32Array.from(order));
      }
      live = live.filter((_, position) => kept.includes(position));
    }
  } finally {
    model.dispose(state);
  }
  return all.map((group) => {
    const hypotheses = group.map(toHypothesis);
    return hypotheses.reduce((best, other) => (other.score > best.score ? other : best));
  });
}

function isDone<F>({ ended, ids, source }: Row<F>): boolean {
  return ended || ids.length >= source.maxTokens;
}

function apply(process: LogitsProcessor, scores: Float32Array, ids: number[]): void {
  process(scores, { ids: Int32Array.from(ids), columnOf: (id) => id });
}

/** An id with the probability that softmax(scores / temperature) gives it. */
function draw(scores: Float32Array, temperature: number, random: () => number): number {
  const tempered = scores.map((score) => score / temperature);
  const total = logSumExp(tempered);
  let left = random();
  let last = 0;
  for (let id = 0; id < tempered.length; id++) {
    const probability = Math.exp((tempered[id] ?? -Infinity) - total);
    if (probability === 0) continue;
    last = id;
    left -= probability;
    if (left < 0) break;
  }
  return last;
}

function toHypothesis<F>({ ids, logProbs, attention, logProb, ended }: Row<F>): Hypothesis {
  const sourceLength = attention[0]?.length ?? 0;
  return {
    ids: Int32Array.from(ids),
    score: logProb / (ids.length + (ended ? 1 : 0)),
    logProbs: Float32Array.from(logProbs),
    ...(sourceLength > 0 ? { attention: concatenate(attention, sourceLength) } : {}),
    sourceLength,
    ended,
    placements: [],
  };
}

/** Numbers in [0, 1) that are the same for every seed (mulberry32): the same audio gives the same text. */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}
