/**
 * `npm run complete-lock`: adds to package-lock.json the optional packages of other platforms that npm left out because the
 * registry at hand does not have them. Without those entries `npm ci` refuses the lock file, on every platform.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { format } from 'prettier';

interface Package {
  version?: string;
  cpu?: string[];
  dev?: boolean;
  libc?: string[];
  license?: string;
  optional?: boolean;
  os?: string[];
  engines?: Record<string, string>;
  optionalDependencies?: Record<string, string>;
}

const FILE = 'package-lock.json';
const lock = JSON.parse(readFileSync(FILE, 'utf8')) as { packages: Record<string, Package> };
const { packages } = lock;

/** A package by the name of its platform: `@rollup/rollup-linux-arm64-musl`; null where the name says none. */
function forPlatform(name: string, version: string, parent: Package): Package | null {
  const platform = /(android|darwin|freebsd|linux|openbsd|openharmony|win32)-([a-z0-9]+)(?:-(gnu|musl))?/.exec(name);
  const [, os, cpu, libc] = platform ?? [];
  if (os === undefined || cpu === undefined) return null;
  return {
    version,
    cpu: [cpu],
    ...(parent.dev && { dev: true }),
    ...(libc !== undefined && os === 'linux' && { libc: [libc === 'gnu' ? 'glibc' : libc] }),
    ...(parent.license !== undefined && { license: parent.license }),
    optional: true,
    os: [os],
  };
}

/** Whether a package is found from the folder of another, as Node looks for it. */
function isLocked(name: string, from: string): boolean {
  for (let folder = from; ; folder = folder.slice(0, Math.max(0, folder.lastIndexOf('/node_modules/')))) {
    if (`${folder}/node_modules/${name}`.replace(/^\//, '') in packages) return true;
    if (folder === '') return false;
  }
}

let added = 0;
for (const [path, parent] of Object.entries(packages)) {
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    if (isLocked(name, path) || !/^\d/.test(version)) continue;
    const missing = forPlatform(name, version, parent);
    if (!missing) continue;
    packages[`node_modules/${name}`] = missing;
    added++;
  }
}
lock.packages = Object.fromEntries(Object.entries(packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
writeFileSync(FILE, await format(JSON.stringify(lock), { parser: 'json-stringify' }));
console.log(`${added} packages of other platforms added to ${FILE}.`);
