import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';

const RESULTS = join(import.meta.dirname, '..', 'results');

/** What says of every result where and of what it was measured. */
interface Origin {
  /** The commit that was checked out; ends in `+` where the working tree differed from it. */
  commit: string;
  date: string;
  machine: { processor: string; cores: number };
}

/** Prints the result as one JSON line; with `saveAs`, keeps it in bench/results/ under that name too. */
export function report(result: object, saveAs?: string): void {
  const line = { ...result, ...origin() };
  console.log(JSON.stringify(line));
  if (saveAs === undefined) return;
  mkdirSync(RESULTS, { recursive: true });
  writeFileSync(join(RESULTS, `${saveAs}.json`), `${JSON.stringify(line, null, 2)}\n`);
}

function origin(): Origin {
  const git = (...args: string[]) => execFileSync('git', args, { cwd: import.meta.dirname, encoding: 'utf8' }).trim();
  const processors = cpus();
  return {
    commit: git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '-uno') === '' ? '' : '+'),
    date: new Date().toISOString().slice(0, 10),
    machine: { processor: processors[0]?.model ?? 'unknown', cores: processors.length },
  };
}

/** Progress, on stderr: stdout is for the result alone. */
export function say(message: string): void {
  process.stderr.write(`${message}\n`);
}
