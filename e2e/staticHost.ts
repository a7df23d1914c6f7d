import type { Page } from '@playwright/test';
import { createReadStream, existsSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect } from './fixtures.ts';
import { PORTS } from './ports.ts';

const DIST = fileURLToPath(new URL('../dist/', import.meta.url));

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.css': 'text/css',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.webp': 'image/webp',
  '.webm': 'video/webm',
  '.webmanifest': 'application/manifest+json',
};

/** A plain static host, as simple as they come: it sets no headers but the type and the length. */
export interface StaticHost {
  /** Where the app is, with a slash at its end. */
  address: string;
  /** The paths that were asked for, within the app. */
  asked: string[];
  /** What lies at these paths in place of what was built: another release. */
  replaced: Map<string, string | Buffer>;
  /** The requests for this path wait until the promise is settled. */
  held: Map<string, Promise<unknown>>;
  close(): Promise<void>;
}

/** Serves the built app under a path. */
export async function startStaticHost(path = '/'): Promise<StaticHost> {
  const asked: string[] = [];
  const replaced = new Map<string, string | Buffer>();
  const held = new Map<string, Promise<unknown>>();
  const server = createServer((request, response) => {
    const answer = async (): Promise<void> => {
      const { pathname } = new URL(request.url ?? '/', 'http://localhost');
      const name = pathname.startsWith(path) ? pathname.slice(path.length) || 'index.html' : null;
      if (name !== null) asked.push(name);
      await held.get(name ?? '');
      const type = TYPES[extname(name ?? '')] ?? 'application/octet-stream';
      const other = replaced.get(name ?? '');
      const file = join(DIST, name ?? '');
      if (other !== undefined) {
        response.writeHead(200, { 'Content-Type': type, 'Content-Length': Buffer.byteLength(other) }).end(other);
      } else if (name !== null && existsSync(file) && statSync(file).isFile()) {
        response.writeHead(200, { 'Content-Type': type, 'Content-Length': statSync(file).size });
        createReadStream(file).pipe(response);
      } else {
        response.writeHead(404).end();
      }
    };
    void answer();
  });
  await new Promise<void>((resolve) => server.listen(PORTS.own, resolve));
  return {
    address: `http://localhost:${PORTS.own}${path}`,
    asked,
    replaced,
    held,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/**
 * A first visit, until the app has isolated itself by its one reload. Until then nothing may be evaluated in the page: to the
 * browser that is the touch of a reader.
 */
export async function visitFirst(page: Page, host: StaticHost): Promise<void> {
  let loads = 0;
  page.on('domcontentloaded', () => loads++);
  await page.goto(host.address);
  await expect.poll(() => loads).toBe(2);
  await page.waitForFunction(() => 'glossa' in globalThis && crossOriginIsolated);
}
