import { createReadStream, statSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { fileURLToPath } from 'node:url';
import { type Connect, preview, type PreviewServer } from 'vite';
import { PORTS } from './ports.ts';

const BYTES_AT_ONCE = 128 * 1024;

export interface SlowServer {
  address: string;
  /** What was asked for of weights: the file and the range. */
  asked: string[];
  /** How long it waits after every 128 kB of weights. */
  pauseMs: number;
  close: () => Promise<void>;
}

/** The built app from a server that takes its time with weights, so that a test can do something meanwhile. */
export async function startSlowServer(): Promise<SlowServer> {
  const slow: SlowServer = { address: '', asked: [], pauseMs: 25, close: () => server.close() };
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const path = new URL(request.url ?? '', 'http://localhost').pathname;
    if (!path.endsWith('/weights.bin.gz')) {
      next();
      return;
    }
    const { range } = request.headers;
    slow.asked.push(`${path.split('/').at(-2)} ${range ?? 'whole'}`);
    void send(path, range, response, () => slow.pauseMs);
  };
  const server: PreviewServer = await preview({
    preview: { port: PORTS.own },
    logLevel: 'warn',
    plugins: [{ name: 'slow', configurePreviewServer: ({ middlewares }) => void middlewares.use(serve) }],
  });
  slow.address = server.resolvedUrls!.local[0]!;
  return slow;
}

async function send(
  path: string,
  range: string | undefined,
  response: ServerResponse,
  pauseMs: () => number,
): Promise<void> {
  const file = fileURLToPath(new URL(`../dist${path}`, import.meta.url));
  const { size } = statSync(file);
  const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  response.writeHead(range === undefined ? 200 : 206, {
    'content-length': size - start,
    'cross-origin-resource-policy': 'same-origin',
    etag: '"weights"',
    ...(range !== undefined && { 'content-range': `bytes ${start}-${size - 1}/${size}` }),
  });
  for await (const piece of createReadStream(file, { start, highWaterMark: BYTES_AT_ONCE })) {
    if (response.destroyed) return;
    response.write(piece);
    await new Promise((resolve) => setTimeout(resolve, pauseMs()));
  }
  response.end();
}
