import { isDeepStrictEqual } from 'node:util';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { EngineError } from '../src/protocol/errors.ts';
import { mutate } from './mutate.ts';
import { Random } from './random.ts';
import type { Target } from './target.ts';

/** What a reader did wrong with one input. */
export interface Finding {
  /** Of the input, among those of the run's seed. */
  index: number;
  what: string;
}

export interface Outcome {
  inputs: number;
  /** How many were read; the others were refused. */
  read: number;
  slowestMs: number;
  /** The most memory that one input took, and what is left of the whole run, in bytes. */
  most: number;
  grown: number;
  findings: Finding[];
}

export interface Range {
  seed: number;
  from: number;
  count: number;
}

/** An input may take so long: a file of a few kilobytes is read in well under a millisecond. */
const SLOW_MS = 1000;
/** What reading may take for each byte of the input, besides what any reading takes. */
const MEMORY_PER_BYTE = 64;
const MEMORY_BYTES = 24 * 2 ** 20;
/** What may be left after a whole run: caches of the runtime itself. */
const LEFT_BYTES = 16 * 2 ** 20;
/** One input in so many is read twice: the same must come out, and the input be as it was. */
const TWICE = 16;
/** A message is for a person: a file must not be able to fill the screen through it. */
const LONGEST_MESSAGE = 600;
/** Enough to see what is wrong. */
const MOST_FINDINGS = 20;

const collectGarbage = exposeGc();

/** The input of that number: it depends on nothing but the target, the seed and the number. */
export async function inputOf(target: Target, seed: number, index: number): Promise<Uint8Array<ArrayBuffer>> {
  return make(target, await prepare(target), seed, index);
}

/**
 * Feeds mutated files to a target.
 * @param onInput is told each input's number before it is read, so that whoever watches can name the one that does not end
 */
export async function run(target: Target, range: Range, onInput: (index: number) => void): Promise<Outcome> {
  const others = await prepare(target);
  for (const [i, seed] of others.seeds.entries()) {
    const result = await attempt(target, seed.slice());
    if ('finding' in result) throw new Error(`seed file ${i} of ${target.name} is not read: ${result.finding}`);
  }
  const outcome: Outcome = { inputs: 0, read: 0, slowestMs: 0, most: 0, grown: 0, findings: [] };
  // What the first inputs leave is code that was compiled, not what they hold.
  const warm = range.from + Math.min(200, Math.floor(range.count / 4));
  let before = memory(true);
  for (let index = range.from; index < range.from + range.count; index++) {
    if (index === warm) before = memory(true);
    onInput(index);
    const input = make(target, others, range.seed, index);
    const found = (what: string): unknown => outcome.findings.push({ index, what });
    const start = memory(false);
    let result = await timed(target, input.slice());
    const taken = memory(false) - start;
    outcome.inputs++;
    outcome.most = Math.max(outcome.most, taken);
    if (taken > MEMORY_BYTES + MEMORY_PER_BYTE * input.length)
      found(`took ${taken} bytes for an input of ${input.length}`);
    // A machine that does something else is not the reader's fault: what is slow is slow again.
    for (let again = 0; again < 2 && result.ms > SLOW_MS; again++) {
      const repeated = await timed(target, input.slice());
      if (repeated.ms < result.ms) result = repeated;
    }
    outcome.slowestMs = Math.max(outcome.slowestMs, result.ms);
    if (result.ms > SLOW_MS) found(`took ${Math.round(result.ms)} ms for an input of ${input.length} bytes`);
    if ('finding' in result) found(result.finding);
    else if (result.refused === undefined) outcome.read++;
    if (index % TWICE === 0 && !('finding' in result)) {
      const copy = input.slice();
      const second = await attempt(target, copy);
      if (!isDeepStrictEqual({ ...second, ms: result.ms }, result)) found('gave two results for one input');
      if (!isDeepStrictEqual(copy, input)) found('changed its input');
    }
    if (outcome.findings.length >= MOST_FINDINGS) return outcome;
  }
  outcome.grown = memory(true) - before;
  if (outcome.grown > LEFT_BYTES)
    outcome.findings.push({ index: range.from, what: `the run left ${outcome.grown} bytes in use` });
  return outcome;
}

interface Prepared {
  seeds: readonly Uint8Array[];
  words: readonly Uint8Array[];
}

async function prepare({ seeds, words = [] }: Target): Promise<Prepared> {
  const encoder = new TextEncoder();
  return {
    seeds: typeof seeds === 'function' ? await seeds() : seeds,
    words: words.map((word) => (typeof word === 'string' ? encoder.encode(word) : word)),
  };
}

function make(target: Target, others: Prepared, seed: number, index: number): Uint8Array<ArrayBuffer> {
  const random = new Random(target.name, seed, index);
  const file = random.pick(others.seeds);
  if (!target.reshape || random.chance(0.5)) return mutate(random, file, others);
  const reshaped = target.reshape(random, file);
  return random.chance(0.8) ? reshaped.slice() : mutate(random, reshaped, others);
}

type Result = { value: unknown; refused?: string } | { finding: string };

async function timed(target: Target, input: Uint8Array<ArrayBuffer>): Promise<Result & { ms: number }> {
  const start = performance.now();
  const result = await attempt(target, input);
  return { ...result, ms: performance.now() - start };
}

async function attempt(target: Target, input: Uint8Array<ArrayBuffer>): Promise<Result> {
  try {
    return { value: await target.read(input) };
  } catch (error) {
    if (!(error instanceof EngineError))
      return { finding: error instanceof Error ? (error.stack ?? '') : String(error) };
    if (!target.refusals.includes(error.code)) return { finding: `${error.code}: ${error.stack ?? ''}` };
    if (error.message.length > LONGEST_MESSAGE)
      return { finding: `a message of ${error.message.length} characters: ${error.message.slice(0, 200)}` };
    return { value: error.message, refused: error.code };
  }
}

/** Bytes in use by this thread. @param collected after garbage was collected */
function memory(collected: boolean): number {
  if (collected) collectGarbage();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** V8's garbage collector, without a flag on the command line. */
function exposeGc(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect !== 'function') throw new Error('this engine has no garbage collector to call');
  return () => void Reflect.apply(collect, undefined, []);
}
