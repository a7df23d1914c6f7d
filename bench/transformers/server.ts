import { createReadStream, existsSync, readFileSync, statSync } from 'node:fs';
import { createServer } from 'node:http';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { serveRecogniser } from './worker.ts';

/** The weights of ours, as transformers.js reads them: bench/reference/whisper_hub.py writes them. */
const HUB_MODEL = join(import.meta.dirname, '..', '.cache', 'whisper-tiny.en');

const LIBRARY = dirname(fileURLToPath(import.meta.resolve('@xenova/transformers')));
const RUNTIME = dirname(fileURLToPath(import.meta.resolve('onnxruntime-web/ort-wasm-simd-threaded.mjs')));

const TYPES: Record<string, string> = {
  '.js': 'text/javascript',
  '.mjs': 'text/javascript',
  '.wasm': 'application/wasm',
  '.json': 'application/json',
  '.html': 'text/html',
};

/** Isolated like our own page, and cached by the browser, so that a second visit finds every file there. */
const HEADERS = {
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Cache-Control': 'max-age=86400, immutable',
};

/**
 * Serves an empty page, transformers.js as its package has it, the runtime and the weights. One thing is changed: it asks for
 * the runtime with WebGPU, and without is smaller and no slower on the processor.
 */
export async function serveTransformers(): Promise<{ url: string; close(): void }> {
  if (!existsSync(join(HUB_MODEL, 'onnx'))) {
    throw new Error(`There are no weights for transformers.js: run python bench/reference/whisper_hub.py ${HUB_MODEL}`);
  }
  const made = new Map([
    ['/index.html', '<!doctype html><title>transformers.js</title>'],
    // What tsx compiles keeps its functions' names with a helper that a worker does not have.
    ['/worker.js', `globalThis.__name = (value) => value; (${serveRecogniser.toString()})();`],
    ['/transformers.js', withPlainRuntime(readFileSync(join(LIBRARY, 'transformers.web.js'), 'utf8'))],
  ]);
  const server = createServer((request, response) => {
    const path = request.url === '/' ? '/index.html' : (request.url ?? '');
    const type = TYPES[extname(path)] ?? 'application/octet-stream';
    const body = made.get(path);
    if (body !== undefined) return void response.writeHead(200, { ...HEADERS, 'Content-Type': type }).end(body);
    const file = path.startsWith('/runtime/')
      ? join(RUNTIME, path.slice(9))
      : join(HUB_MODEL, path.replace('/models/whisper/', ''));
    if (path.includes('..') || !existsSync(file)) return void response.writeHead(404, HEADERS).end();
    response.writeHead(200, { ...HEADERS, 'Content-Type': type, 'Content-Length': statSync(file).size });
    createReadStream(file).pipe(response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The server has no port.');
  return { url: `http://127.0.0.1:${address.port}/`, close: () => server.close() };
}

function withPlainRuntime(library: string): string {
  const imports = ['from "onnxruntime-web/webgpu"', 'from "onnxruntime-common"'];
  if (!imports.every((text) => library.includes(text)))
    throw new Error(
      `transformers.js no longer has ${imports.join(' and ')}: how it finds the runtime must be looked at.`,
    );
  return imports.reduce((text, old) => text.replace(old, 'from "/runtime/ort.wasm.min.mjs"'), library);
}
