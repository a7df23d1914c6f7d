import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { MarianFiles } from './weights.ts';

const PACKAGE = dirname(fileURLToPath(import.meta.resolve('@browsermt/bergamot-translator/translator.js')));

const TYPES: Record<string, string> = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.html': 'text/html' };

/** Isolated like our own page, and cached by the browser, so that a second visit finds every file there. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'max-age=86400, immutable',
};

/**
 * Serves an empty page, Bergamot's worker as its package has it, and the weights, from memory.
 * One thing is changed: the worker overrules any setting with batches of 1,024 words, and 256 is faster.
 */
export async function serveBergamot(weights: MarianFiles): Promise<{ url: string; close(): void }> {
  const worker = (name: string) => readFileSync(join(PACKAGE, 'worker', name));
  const files = new Map<string, Buffer>([
    ['/index.html', Buffer.from('<!doctype html><title>Bergamot</title>')],
    ['/translator-worker.js', withBatchesOf256(worker('translator-worker.js'))],
    ['/bergamot-translator-worker.js', worker('bergamot-translator-worker.js')],
    ['/bergamot-translator-worker.wasm', worker('bergamot-translator-worker.wasm')],
    ['/model', readFileSync(weights.model)],
    ['/shortlist', readFileSync(weights.shortlist)],
    ['/vocabulary', readFileSync(weights.vocabulary)],
  ]);
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    const body = files.get(path);
    if (body === undefined) return void response.writeHead(404, HEADERS).end();
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': body.length }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

function withBatchesOf256(source: Buffer): Buffer {
  const setting = 'mini-batch-words: 1024';
  const text = source.toString();
  if (!text.includes(setting))
    throw new Error(`Bergamot's worker no longer says "${setting}": its tuning must be looked at.`);
  return Buffer.from(text.replace(setting, 'mini-batch-words: 256'));
}
