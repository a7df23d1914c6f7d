import type { Contestant } from './contestant.ts';
import { say } from './report.ts';
import { percentile, round, summarise, type Summary } from './statistics.ts';

/** What was measured of one engine. */
export interface Measurement {
  threads: number;
  wordsPerSecond: Summary;
  /** One sentence a call; over all rounds. */
  sentence: { medianMs: number; p95Ms: number };
  readyMs: Summary;
  /** Highest resident size of the page's process, in units of 2^20 bytes; null where the system does not say. */
  peakMegabytes: number | null;
  browser: string;
  /** The last round's translations. */
  targets: string[];
}

export interface Course {
  lines: string[];
  /** The lines that are also timed one by one. */
  singles: string[];
  words: number;
  runs: number;
}

/**
 * Measures two engines turn by turn, so that what else the machine does falls on both; who begins alternates.
 * First the starts, each in a new browser; then the rounds, in a browser each that stays, after one round to warm up.
 */
export async function measure<Name extends string>(
  starters: Record<Name, () => Promise<Contestant>>,
  course: Course,
): Promise<Record<Name, Measurement>> {
  const names = Object.keys(starters) as Name[];
  const sides = new Map(names.map((name) => [name, { speeds: [], times: [], starts: [], targets: [] }]));
  const inTurn = async (round: number, act: (name: Name, side: Timings) => Promise<void>) => {
    for (const name of round % 2 === 0 ? names : names.toReversed()) await act(name, sides.get(name)!);
  };

  for (let run = 0; run < course.runs; run++) {
    await inTurn(run, async (name, side) => {
      const contestant = await starters[name]();
      side.starts.push(contestant.readyMs);
      await contestant.close();
    });
    say(`start ${run + 1} of ${course.runs}`);
  }

  const contestants = new Map<Name, Contestant>();
  for (const name of names) {
    const contestant = await starters[name]();
    contestants.set(name, contestant);
    await contestant.translateAll(course.lines);
  }
  for (let run = 0; run < course.runs; run++) {
    await inTurn(run, async (name, side) => {
      const { ms, targets } = await contestants.get(name)!.translateAll(course.lines);
      side.speeds.push((course.words / ms) * 1000);
      side.targets = targets;
    });
    await inTurn(run, async (name, side) => {
      side.times.push(...(await contestants.get(name)!.translateEach(course.singles)));
    });
    say(`round ${run + 1} of ${course.runs}`);
  }

  const results = {} as Record<Name, Measurement>;
  for (const name of names) {
    const contestant = contestants.get(name)!;
    results[name] = measurementOf(contestant, sides.get(name)!);
    await contestant.close();
  }
  return results;
}

interface Timings {
  speeds: number[];
  times: number[];
  starts: number[];
  targets: string[];
}

function measurementOf(contestant: Contestant, { speeds, times, starts, targets }: Timings): Measurement {
  const bytes = contestant.peakResidentBytes();
  return {
    threads: contestant.threads,
    wordsPerSecond: summarise(speeds),
    sentence: { medianMs: round(percentile(times, 0.5), 2), p95Ms: round(percentile(times, 0.95), 2) },
    readyMs: summarise(starts),
    peakMegabytes: bytes === null ? null : round(bytes / 2 ** 20, 1),
    browser: contestant.browser,
    targets,
  };
}
