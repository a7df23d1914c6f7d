/** `npm start`: builds if dist/ is missing or older than its sources, then serves it with isolation headers. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build, preview } from 'vite';

const SOURCES = ['src', 'public', 'models', 'index.html', 'vite.config.ts', 'webManifest.ts', 'package-lock.json'];

/** Milliseconds of the newest change in a file or in anything under a folder; 0 where there is nothing. */
function newestChangeMs(path: string): number {
  const stats = statSync(path, { throwIfNoEntry: false });
  if (stats === undefined) return 0;
  if (!stats.isDirectory()) return stats.mtimeMs;
  return readdirSync(path).reduce((newest, name) => Math.max(newest, newestChangeMs(join(path, name))), stats.mtimeMs);
}

const builtMs = statSync('dist/index.html', { throwIfNoEntry: false })?.mtimeMs ?? 0;
if (SOURCES.some((path) => newestChangeMs(path) > builtMs)) await build();

const port = Number(process.env['PORT'] ?? 4173);
const server = await preview({ preview: { port, host: process.env['HOST'] ?? 'localhost' } });
console.log(`Glossa is at ${server.resolvedUrls?.local[0] ?? `http://localhost:${port}/`}`);
