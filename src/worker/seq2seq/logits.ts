/** What a processor may know of the hypothesis whose next token is about to be chosen. */
export interface LogitsContext {
  /** The hypothesis so far. */
  ids: Int32Array;
  /** Column of an output id in the scores; -1 where the shortlist leaves it out. */
  columnOf(id: number): number;
}

/** Changes the log-probabilities of one row in place. */
export type LogitsProcessor = (scores: Float32Array, context: LogitsContext) => void;

/** Forbids every token that would complete an n-gram of length `size` which the hypothesis already holds. */
export function noRepeatNgram(size: number): LogitsProcessor {
  return (scores, { ids, columnOf }) => {
    const tail = ids.length - size + 1;
    for (let from = 0; tail >= 0 && from < tail; from++) {
      let same = 0;
      while (same < size - 1 && ids[from + same] === ids[tail + same]) same++;
      if (same < size - 1) continue;
      const column = columnOf(ids[from + size - 1] ?? -1);
      if (column >= 0) scores[column] = -Infinity;
    }
  };
}

/**
 * Forbids a token twice in a row, and a second token of a group.
 * @param groups token -> its group; -1 for none
 */
export function onceOfGroup(groups: Int32Array): LogitsProcessor {
  const members = new Map<number, number[]>();
  groups.forEach((group, id) => {
    if (group >= 0) members.set(group, [...(members.get(group) ?? []), id]);
  });
  return (scores, { ids, columnOf }) => {
    const spent = new Set(ids.slice(-1));
    for (const id of ids) for (const other of members.get(groups[id] ?? -1) ?? []) spent.add(other);
    for (const id of spent) {
      const column = columnOf(id);
      if (column >= 0) scores[column] = -Infinity;
    }
  };
}

/** Forbids tokens. What is left is not made likelier for it. */
export function forbid(ids: readonly number[]): LogitsProcessor {
  return (scores, { columnOf }) => {
    for (const id of ids) {
      const column = columnOf(id);
      if (column >= 0) scores[column] = -Infinity;
    }
  };
}

/** The columns of the `count` best scores, best first; of equals the first. Those that `skip` names and -Infinity are left out. */
export function bestColumns(scores: Float32Array, count: number, skip?: (column: number) => boolean): number[] {
  const columns: number[] = [];
  const values: number[] = [];
  let least = -Infinity;
  for (let column = 0; column < scores.length; column++) {
    const value = scores[column] ?? -Infinity;
    if (!(value > least) || skip?.(column)) continue;
    let place = values.length;
    while (place > 0 && value > (values[place - 1] ?? Infinity)) place--;
    values.splice(place, 0, value);
    columns.splice(place, 0, column);
    if (values.length > count) {
      values.pop();
      columns.pop();
    }
    if (values.length === count) least = values[count - 1] ?? -Infinity;
  }
  return columns;
}

/** The logarithm of the sum of exponentials; -Infinity where there is nothing to add. */
export function logSumExp(values: Float32Array): number {
  const most = greatest(values);
  if (most === -Infinity) return most;
  let sum = 0;
  for (const value of values) sum += Math.exp(value - most);
  return most + Math.log(sum);
}

/** The logarithm of the softmax of each row of `width` scores, in place. */
export function logSoftmaxRows(scores: Float32Array, width: number): Float32Array {
  for (let from = 0; from < scores.length; from += width) {
    const row = scores.subarray(from, from + width);
    const total = logSumExp(row);
    for (let i = 0; i < width; i++) row[i]! -= total;
  }
  return scores;
}

/** The greatest value; -Infinity where there is none. */
export function greatest(values: Float32Array): number {
  let most = -Infinity;
  for (const value of values) if (value > most) most = value;
  return most;
}

/** Longest phrase, in tokens, that is looked for as a loop. */
const LONGEST_PHRASE = 32;

/** How often a phrase of so many tokens must stand in a row to be a loop: "no, no, no" is none, twice the same clause is. */
function loopRepeats(phrase: number): number {
  if (phrase === 1) return 5;
  if (phrase === 2) return 4;
  return phrase < 8 ? 3 : 2;
}

/** The greatest number of times that a phrase of exactly `phrase` tokens stands in a row in `ids`. */
function repeats(ids: Int32Array, phrase: number): number {
  let run = 0;
  let longest = 0;
  for (let i = phrase; i < ids.length; i++) {
    run = ids[i] === ids[i - phrase] ? run + 1 : 0;
    if (run > longest) longest = run;
  }
  return 1 + Math.floor(longest / phrase);
}

/**
 * Whether `ids` goes round in circles: a phrase stands in it so many times in a row that it is the decoder which repeats
 * and not the source. A source that repeats as much itself ("ha ha ha ha ha") allows its translation two repeats more.
 */
export function isLooping(ids: Int32Array, source: Int32Array): boolean {
  let allowed = -1;
  for (let phrase = 1; phrase <= LONGEST_PHRASE && 2 * phrase <= ids.length; phrase++) {
    const count = repeats(ids, phrase);
    if (count < loopRepeats(phrase)) continue;
    if (allowed < 0) allowed = sourceRepeats(source);
    if (count >= loopRepeats(phrase) && count > allowed + (allowed > 1 ? 2 : 0)) return true;
  }
  return false;
}

function sourceRepeats(source: Int32Array): number {
  let most = 1;
  for (let phrase = 1; phrase <= LONGEST_PHRASE && 2 * phrase <= source.length; phrase++) {
    most = Math.max(most, repeats(source, phrase));
  }
  return most;
}

/**
 * Where in `ids` a loop goes round for the second time: what comes before says everything once. The length of `ids` where
 * nothing loops.
 */
export function loopStart(ids: Int32Array): number {
  let start = ids.length;
  for (let phrase = 1; phrase <= LONGEST_PHRASE && 2 * phrase <= ids.length; phrase++) {
    let run = 0;
    for (let i = phrase; i < ids.length; i++) {
      run = ids[i] === ids[i - phrase] ? run + 1 : 0;
      if (run === phrase * (loopRepeats(phrase) - 1)) start = Math.min(start, i - run + 1);
    }
  }
  return start;
}
