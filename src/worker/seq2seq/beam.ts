import { throwIfAborted } from '../../protocol/errors.ts';
import { bestColumns } from './logits.ts';
import type { StepModel, StepOutput } from './model.ts';
import {
  concatenate,
  startOptions,
  type Found,
  type Hypothesis,
  type SearchOptions,
  type SearchSource,
} from './search.ts';
import type { SteerState } from './steering.ts';

export interface BeamOptions<S = unknown> extends SearchOptions<S> {
  /** Hypotheses kept per source, 1..64. */
  beams: number;
  /** How many to give back, at most `beams`. */
  hypotheses: number;
  /** Finished hypotheses are ranked by log P(y|x) / |y|^lengthPenalty, |y| with end-of-sentence, as Marian's `normalize` does. */
  lengthPenalty: number;
  /** With so many finished hypotheses a source is done, whether or not others could still rank higher. */
  enough?: number;
}

/** A partial hypothesis: a linked list from its last token back to the start. */
interface Node {
  id: number;
  parent: Node | null;
  length: number;
  logProb: number;
  /** What steering holds against it; orders hypotheses but is no part of their score. */
  cost: number;
  steer: SteerState | null;
  /** [sourceLength], attention with which `id` was chosen. */
  attention: Float32Array | null;
}

interface Candidate extends Node {
  /** Row of the batch it extends. */
  row: number;
}

interface Beam<F> {
  source: SearchSource<F>;
  index: number;
  /** One a row; null where fewer hypotheses than rows are alive. */
  rows: (Node | null)[];
  finished: Node[];
  /** Output id -> column, when a shortlist is on. */
  columns: Map<number, number> | null;
}

const ROOT: Omit<Node, 'steer'> = { id: -1, parent: null, length: 0, logProb: 0, cost: 0, attention: null };

/**
 * Beam search over a batch. From every source's 2 x beams best extensions those that end, if they are among the best
 * `beams`, are finished and the others fill the beam (as fairseq does it), so that one beam is exactly greedy search.
 * A source is done when it has `beams` finished hypotheses and nothing alive ranks higher than those it must give back
 * (Hugging Face's `early_stopping: false`; counting alone would stop at unlikely short ones), or when nothing alive ever could.
 * @throws EngineError `aborted`
 */
export async function beamSearch<F, S>(
  model: StepModel<F, S>,
  sources: SearchSource<F>[],
  options: BeamOptions<S>,
): Promise<Found[]> {
  const { beams, signal } = options;
  const found: Found[] = [];
  const state = await model.start(
    sources.map((source) => source.features),
    startOptions(sources, beams, options),
  );
  try {
    options.onStart?.(state);
    let live: Beam<F>[] = sources.map((source, index) => {
      const root: Node = { ...ROOT, steer: source.steering?.start() ?? null };
      return { source, index, rows: [root], finished: [], columns: null };
    });
    let ids = new Int32Array(live.length * beams);
    while (live.length > 0) {
      throwIfAborted(signal);
      const output = await model.step(ids, state, signal);
      const order: number[] = [];
      const next: number[] = [];
      const kept: Beam<F>[] = [];
      live.forEach((beam, position) => {
        const first = position * beams;
        const chosen = extend(beam, output, position, first, options, model.eosId);
        beam.rows = chosen;
        if (isDone(beam, options)) {
          found[beam.index] = { hypotheses: best(beam, options, model.eosId), looped: false };
          return;
        }
        kept.push(beam);
        for (let row = 0; row < beams; row++) {
          const node = chosen[row] ?? null;
          order.push(node === null ? first : node.row);
          next.push(node === null ? model.eosId : node.id);
        }
        options.onPartial?.(beam.index, () => tokens(bestAlive(beam), model.eosId));
      });
      live = kept;
      ids = Int32Array.from(next);
      if (live.length > 0 && !isIdentity(order, output.logProbs.length / output.width)) {
        await model.select(state, Int32Array.from(order));
      }
    }
    return found;
  } finally {
    model.dispose(state);
  }
}

/** Moves the hypotheses of `beam` that end to its finished ones and returns those that go on, at most `beams`. */
function extend<F>(
  beam: Beam<F>,
  output: StepOutput,
  position: number,
  first: number,
  { beams }: BeamOptions,
  eosId: number,
): Candidate[] {
  const { source } = beam;
  const { width, sourceLength = 0 } = output;
  const vocab = output.vocab?.[position];
  if (vocab && !beam.columns && (source.processors || source.steering)) {
    beam.columns = new Map(Array.from(vocab, (id, column) => [id, column]));
  }
  const columnOf = (id: number): number => (vocab ? (beam.columns?.get(id) ?? -1) : id);
  const candidates: Candidate[] = [];
  beam.rows.forEach((node, hypothesis) => {
    if (node === null) return;
    const row = first + hypothesis;
    const scores = output.logProbs.subarray(row * width, (row + 1) * width);
    const attention = output.attention?.subarray(row * sourceLength, (row + 1) * sourceLength) ?? null;
    // A translation of something is never nothing.
    if (node.length === 0) scores[eosColumn(vocab, eosId)] = -Infinity;
    const push = (column: number, score: number, steer: SteerState | null, cost: number): void => {
      if (score === -Infinity) return;
      candidates.push({
        id: vocab ? (vocab[column] ?? eosId) : column,
        parent: node,
        length: node.length + 1,
        logProb: node.logProb + score,
        cost: node.cost + cost,
        steer,
        attention,
        row,
      });
    };
    const scoreOf = (id: number): number => scores[columnOf(id)] ?? -Infinity;
    const plan =
      source.steering && node.steer ? source.steering.plan(node.steer, node.id, node.length, attention, scoreOf) : null;
    // Before the processors: a term that repeats itself is what was asked for.
    for (const { id, state, cost } of plan?.forced ?? []) push(columnOf(id), scoreOf(id), state, cost);
    if (plan?.free === null) return;
    for (const process of source.processors ?? []) process(scores, { ids: tokens(node, eosId), columnOf });
    const free = plan?.free;
    const skip = free && ((column: number) => free.forbids(vocab ? (vocab[column] ?? eosId) : column));
    for (const column of bestColumns(scores, 2 * beams, skip)) {
      push(column, scores[column] ?? -Infinity, free?.state ?? null, free?.cost ?? 0);
    }
  });

  const chosen: Candidate[] = [];
  for (const { bank, quota } of banks(candidates, beams)) {
    let alive = 0;
    bank.forEach((candidate, rank) => {
      if (candidate.id === eosId) {
        if (rank < quota) beam.finished.push(candidate);
      } else if (alive < quota) {
        chosen.push(candidate);
        alive++;
      }
    });
  }
  return chosen;
}

/**
 * Shares the beam out among hypotheses that hold the same terms, those with most terms first (after dynamic beam
 * allocation, Post & Vilar 2018, which goes by their number): those that hold an unlikely term would otherwise lose to those that
 * said something likelier in its place. Places that a bank cannot fill go to the others.
 */
function banks(candidates: Candidate[], beams: number): { bank: Candidate[]; quota: number }[] {
  const bySet = new Map<string, Candidate[]>();
  for (const candidate of candidates) {
    const key = candidate.steer?.begun.map(Number).join('') ?? '';
    const bank = bySet.get(key);
    if (bank) bank.push(candidate);
    else bySet.set(key, [candidate]);
  }
  const value = ({ logProb, cost }: Candidate): number => logProb + cost;
  const sorted = [...bySet.values()].map((bank) => {
    bank.sort((a, b) => value(b) - value(a));
    const [first] = bank;
    return { bank, quota: 0, count: first?.steer?.count ?? 0, best: first ? value(first) : -Infinity };
  });
  sorted.sort((a, b) => b.count - a.count || b.best - a.best);
  for (let free = beams; free > 0;) {
    const open = sorted.filter(({ bank, quota }) => quota < bank.length);
    if (open.length === 0) break;
    for (const entry of open) {
      if (free === 0) break;
      entry.quota++;
      free--;
    }
  }
  return sorted;
}

function rank(node: Node, lengthPenalty: number): number {
  return (node.logProb + node.cost) / node.length ** lengthPenalty;
}

function lengthPenaltyOf<F>({ source }: Beam<F>, { lengthPenalty }: BeamOptions): number {
  return source.steering?.lengthPenalty ?? lengthPenalty;
}

/** Most terms first, then the best length-normalised score. */
function compare(a: Node, b: Node, lengthPenalty: number): number {
  return (b.steer?.count ?? 0) - (a.steer?.count ?? 0) || rank(b, lengthPenalty) - rank(a, lengthPenalty);
}

function aliveIn<F>(beam: Beam<F>): Node[] {
  return beam.rows.filter((node) => node !== null);
}

function isCutOff<F>(beam: Beam<F>): boolean {
  return aliveIn(beam).some((node) => node.length >= beam.source.maxTokens);
}

function isDone<F>(beam: Beam<F>, options: BeamOptions): boolean {
  const { beams, hypotheses, enough = Infinity } = options;
  const { source, finished } = beam;
  const lengthPenalty = lengthPenaltyOf(beam, options);
  const alive = aliveIn(beam);
  if (alive.length === 0 || isCutOff(beam)) return true;
  const terms = source.steering?.terms.length ?? 0;
  const complete = finished.filter((node) => (node.steer?.count ?? 0) === terms);
  const last = complete.sort((a, b) => compare(a, b, lengthPenalty))[hypotheses - 1];
  if (complete.length >= enough) return true;
  // Where attention is to lead to the terms it has led to them by the time so many hypotheses have ended, or never will.
  if (source.steering?.anywhere === false && finished.length >= 3 * beams) return true;
  if (last === undefined) return false;
  const worst = rank(last, lengthPenalty);
  if (complete.length >= beams && alive.every((node) => rank(node, lengthPenalty) <= worst)) return true;
  // A log-probability only falls and the length is bounded: no continuation ranks higher than this.
  const longest = source.maxTokens ** lengthPenalty;
  return alive.every((node) => (node.logProb + node.cost) / longest <= worst);
}

function best<F>(beam: Beam<F>, options: BeamOptions, eosId: number): Hypothesis[] {
  const { hypotheses } = options;
  const lengthPenalty = lengthPenaltyOf(beam, options);
  const nodes = isCutOff(beam) ? [...beam.finished, ...aliveIn(beam)] : beam.finished;
  nodes.sort((a, b) => compare(a, b, lengthPenalty));
  return nodes.slice(0, hypotheses).map((node) => {
    const ended = node.id === eosId;
    const rows: Float32Array[] = [];
    for (let n: Node | null = ended ? node.parent : node; n?.attention; n = n.parent) rows.unshift(n.attention);
    const sourceLength = rows[0]?.length ?? 0;
    return {
      ids: tokens(node, eosId),
      score: node.logProb / node.length,
      logProbs: logProbs(ended ? node.parent : node),
      ...(sourceLength > 0 ? { attention: concatenate(rows, sourceLength) } : {}),
      sourceLength,
      ended,
      placements: [...(node.steer?.placements ?? [])],
    };
  });
}

function bestAlive<F>(beam: Beam<F>): Node | null {
  return beam.rows.reduce(
    (a, b) => (a === null || (b !== null && b.logProb + b.cost > a.logProb + a.cost) ? b : a),
    null,
  );
}

/** The ids of a hypothesis, without end-of-sentence. */
function tokens(node: Node | null, eosId: number): Int32Array {
  const last = node?.id === eosId ? node.parent : node;
  const ids = new Int32Array(last?.length ?? 0);
  for (let n = last ?? null; n !== null && n.length > 0; n = n.parent) ids[n.length - 1] = n.id;
  return ids;
}

/** What each id of a hypothesis added to its log-probability. */
function logProbs(last: Node | null): Float32Array {
  const all = new Float32Array(last?.length ?? 0);
  for (let n = last; n?.parent; n = n.parent) all[n.length - 1] = n.logProb - n.parent.logProb;
  return all;
}

function eosColumn(vocab: Int32Array | undefined, id: number): number {
  return vocab ? vocab.indexOf(id) : id;
}

function isIdentity(order: number[], rows: number): boolean {
  return order.length === rows && order.every((row, i) => row === i);
}
