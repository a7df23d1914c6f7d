import type { GraphBuilder, Value } from './builder.ts';

/** The ids that the rules of a Whisper speak of. */
export interface RuleIds {
  vocabulary: number;
  eotId: number;
  /** <|0.00|>: all ids from here on are times. */
  timestampBeginId: number;
  /** Never chosen. Ids between `eotId` and `timestampBeginId` need not be listed. */
  suppressIds: readonly number[];
  /** Not chosen as the first id either. */
  suppressFirstIds: readonly number[];
}

/** What the rules know of each row, int32 [B]; `most` is int32 []. */
export interface RuleState {
  previous: Value;
  /** The id before the previous one; `timestampBeginId` while fewer than two were chosen. */
  before: Value;
  /** The last time that was chosen; `timestampBeginId - 1` before the first. */
  lastTime: Value;
  /** The latest time that may be chosen; below `timestampBeginId` there are no times, and nothing forces one. */
  most: Value;
  /** bool []: nothing was chosen yet. */
  first: Value;
}

/** Far below any logit, and finite: differences of it are numbers. */
const RULED_OUT = -1e9;
/** The first time may be at most a second into the window: in steps of 0.02 s. */
const MAX_FIRST_TIME = 50;

/**
 * Chooses the likeliest id of each row that Whisper's rules allow (openai/whisper decoding.py: SuppressTokens, SuppressBlank and
 * ApplyTimestampRules): times come in pairs, never go back, and are forced when together they are likelier than the best word.
 * @param logits [B, vocabulary]
 * @returns ids int32 [B], their log-probabilities among what was allowed [B], and the last time int32 [B] after them
 */
export function chooseIds(
  g: GraphBuilder,
  ids: RuleIds,
  logits: Value,
  state: RuleState,
): { ids: Value; logProbs: Value; lastTime: Value } {
  const { vocabulary, eotId, timestampBeginId } = ids;
  const int32 = (value: number): Value => g.constant('int32', value);
  const int64 = (values: number | number[]): Value => g.constant('int64', values);
  const ruledOut = g.constant('float32', RULED_OUT);
  const begin = int32(timestampBeginId);
  const column = (value: Value): Value => g.op('Unsqueeze', [value, int64([1])]);

  const barred = g.weight('float32', 'suppressed', [2, vocabulary], suppressed(ids));
  const filtered = g.op('Add', [logits, g.op('Gather', [barred, g.op('Cast', [state.first], { to: 7 })])]);
  const slice = (from: number, to: number): Value => g.op('Slice', [filtered, int64([from]), int64([to]), int64([1])]);

  // Of a pair of times the second may follow the first, and end the text; after a whole pair comes text.
  const after = g.op('GreaterOrEqual', [state.previous, begin]);
  const pairOrNone = g.op('GreaterOrEqual', [state.before, begin]);
  const open = g.op('And', [after, g.op('Not', [pairOrNone])]);
  const closed = g.op('And', [after, pairOrNone]);
  const timed = g.op('GreaterOrEqual', [state.most, begin]);
  const firstTime = g.op('And', [state.first, timed]);
  const least = g.op('Where', [open, state.lastTime, g.op('Add', [state.lastTime, int32(1)])]);
  const latestFirst = g.op('Min', [state.most, int32(timestampBeginId + MAX_FIRST_TIME)]);
  const latest = g.op('Where', [state.first, latestFirst, state.most]);
  const most = g.op('Where', [closed, int32(timestampBeginId - 1), latest]);

  const times = g.constant(
    'int32',
    Array.from({ length: vocabulary - timestampBeginId }, (_, i) => timestampBeginId + i),
  );
  const allowed = g.op('And', [
    g.op('GreaterOrEqual', [times, column(least)]),
    g.op('LessOrEqual', [times, column(most)]),
  ]);
  const time = best(g, g.op('Where', [allowed, slice(timestampBeginId, vocabulary), ruledOut]));
  const text = best(g, slice(0, eotId));
  const textBarred = column(g.op('Or', [open, firstTime]));
  const textScore = g.op('Where', [textBarred, ruledOut, text.score]);
  const endScore = g.op('Where', [firstTime, ruledOut, slice(eotId, eotId + 1)]);

  const timeMass = g.op('Add', [time.score, g.op('Log', [time.sum])]);
  const forced = g.op('Greater', [timeMass, g.op('Max', [textScore, endScore])]);
  const candidates = g.op(
    'Concat',
    [g.op('Where', [forced, ruledOut, textScore]), g.op('Where', [forced, ruledOut, endScore]), time.score],
    { axis: 1 },
  );
  const [score = '', kind = ''] = g.ops('TopK', [candidates, int64([1])], 2, { axis: -1 });
  const masses = g.op('Concat', [text.sum, g.op('Exp', [g.op('Sub', [endScore, endScore])]), time.sum], { axis: 1 });
  const shares = g.op('Mul', [g.op('Exp', [g.op('Sub', [candidates, score])]), masses]);
  const logProbs = g.op('Neg', [g.op('Log', [g.op('ReduceSum', [shares, int64([1])], { keepdims: 0 })])]);

  const end = g.op('Add', [g.op('Sub', [text.index, text.index]), int64(eotId)]);
  const choices = g.op('Concat', [text.index, end, g.op('Add', [time.index, int64(timestampBeginId)])], { axis: 1 });
  const chosen = g.op('Cast', [g.op('Squeeze', [g.op('GatherElements', [choices, kind], { axis: 1 }), int64([1])])], {
    to: 6,
  });
  const lastTime = g.op('Where', [g.op('GreaterOrEqual', [chosen, begin]), chosen, state.lastTime]);
  return { ids: chosen, logProbs, lastTime };
}

/** The best of each row [B, n]: its score and index [B, 1], and the sum of all shares relative to it. */
function best(g: GraphBuilder, scores: Value): { score: Value; index: Value; sum: Value } {
  const one = g.constant('int64', [1]);
  const [score = '', index = ''] = g.ops('TopK', [scores, one], 2, { axis: -1 });
  const sum = g.op('ReduceSum', [g.op('Exp', [g.op('Sub', [scores, score])]), one], { keepdims: 1 });
  return { score, index, sum };
}

/** What is added to the logits: row 0 later on, row 1 for the first id. */
function suppressed({ vocabulary, suppressIds, suppressFirstIds }: RuleIds): Float32Array {
  const rows = new Float32Array(2 * vocabulary);
  for (const id of suppressIds) rows[id] = rows[vocabulary + id] = RULED_OUT;
  for (const id of suppressFirstIds) rows[vocabulary + id] = RULED_OUT;
  return rows;
}
