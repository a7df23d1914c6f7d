import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';

/** A file of the build, plain and gzipped as a web host sends it. */
export interface Fetched {
  path: string;
  bytes: number;
  gzipBytes: number;
}

/** Weighs what an address of the built app is answered with. */
export function weigh(path: string): Fetched {
  const body = readFileSync(join('dist', path === '/' ? 'index.html' : decodeURIComponent(path)));
  return { path, bytes: body.length, gzipBytes: gzipSync(body).length };
}

export function sum(parts: readonly Fetched[]): { requests: number; bytes: number; gzipBytes: number } {
  return {
    requests: parts.length,
    bytes: parts.reduce((total, { bytes }) => total + bytes, 0),
    gzipBytes: parts.reduce((total, { gzipBytes }) => total + gzipBytes, 0),
  };
}
