import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Connect, preview, type PreviewServer } from 'vite';
import { student } from './broughtModels.ts';
import { PORTS } from './ports.ts';

/** What lies at a path of the copy, and what is wrong with it. */
interface Copied {
  body: Buffer;
  status?: number;
  type?: string;
  /** The connection is cut after so much of the whole, once. */
  breaksAt?: number;
  /** How long it waits after each twentieth of the whole. */
  pauseMs?: number;
}

/** The built app with copies of sources beside it, as somebody who serves Glossa may keep them. */
export interface MirrorHost {
  address: string;
  /** What lies under `mirror/`, by path. */
  files: Map<string, Copied>;
  /** What was asked for under `mirror/`, besides the list of copies, with its range. */
  asked: string[];
  close(): Promise<void>;
}

const [MODEL, VOCABULARY] = Object.values(student()).map((bytes) => Buffer.from(bytes));

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The weights of the model in Mozilla's layout. */
export const WEIGHTS = 'mozilla/models/en-et/x/model.enet.intgemm.alphas.bin.gz';

/** A copy of Mozilla's source with one small model. What it says of addresses elsewhere is nothing to a copy. */
function copies(): Map<string, Copied> {
  const json = (value: unknown): Copied => ({ body: Buffer.from(JSON.stringify(value)), type: 'application/json' });
  if (!MODEL || !VOCABULARY) throw new Error('There is no student.');
  const vocabulary = 'models/en-et/x/vocab.enet.spm.gz';
  const files = {
    model: {
      path: WEIGHTS.replace('mozilla/', ''),
      uncompressedSize: MODEL.length,
      uncompressedHash: sha256(MODEL),
    },
    vocab: { path: vocabulary },
  };
  const languages = { sourceLanguage: 'en', targetLanguage: 'et' };
  const models = { 'en-et': [{ architecture: 'tiny', releaseStatus: 'Release', ...languages, files }] };
  return new Map<string, Copied>([
    ['index.json', json(['mozilla'])],
    ['mozilla/db/models.json', json({ baseUrl: 'https://elsewhere.test', models })],
    [WEIGHTS, { body: gzipSync(MODEL) }],
    [`mozilla/${vocabulary}`, { body: gzipSync(VOCABULARY) }],
  ]);
}

export async function startMirrorHost(): Promise<MirrorHost> {
  const host: MirrorHost = { address: '', files: copies(), asked: [], close: () => server.close() };
  const serve: Connect.NextHandleFunction = (request, response, next) => {
    const { pathname } = new URL(request.url ?? '', 'http://localhost');
    if (!pathname.startsWith('/mirror/')) {
      next();
      return;
    }
    const path = decodeURIComponent(pathname.slice('/mirror/'.length));
    const { range } = request.headers;
    if (path !== 'index.json') host.asked.push(range === undefined ? path : `${path} ${range}`);
    void send(host.files.get(path), range, response);
  };
  const server: PreviewServer = await preview({
    preview: { port: PORTS.own },
    logLevel: 'warn',
    plugins: [{ name: 'mirror', configurePreviewServer: ({ middlewares }) => void middlewares.use(serve) }],
  });
  host.address = server.resolvedUrls!.local[0]!;
  return host;
}

async function send(file: Copied | undefined, range: string | undefined, response: ServerResponse): Promise<void> {
  if (!file || file.status !== undefined) {
    response.writeHead(file?.status ?? 404).end();
    return;
  }
  const { body, type = 'application/octet-stream', breaksAt, pauseMs = 0 } = file;
  delete file.breaksAt;
  const start = Number(/bytes=(\d+)-/.exec(range ?? '')?.[1] ?? 0);
  response.writeHead(start === 0 ? 200 : 206, {
    'Content-Type': type,
    'Content-Length': body.length - start,
    'Cross-Origin-Resource-Policy': 'same-origin',
    ETag: '"1"',
    ...(start > 0 && { 'Content-Range': `bytes ${start}-${body.length - 1}/${body.length}` }),
  });
  const end = breaksAt === undefined ? body.length : Math.floor(body.length * breaksAt);
  const step = Math.ceil(body.length / 20);
  for (let at = start; at < end && !response.destroyed; at += step) {
    response.write(body.subarray(at, Math.min(end, at + step)));
    if (pauseMs > 0) await new Promise((resolve) => setTimeout(resolve, pauseMs));
  }
  if (breaksAt === undefined) response.end();
  else setTimeout(() => response.destroy(), 50);
}
