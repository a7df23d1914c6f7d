import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Connect, preview, type PreviewServer } from 'vite';
import { hubCase } from '../scripts/compat/hub.ts';
import { writeMarianLexicon } from '../src/formats/lexicon.fixture.ts';
import { argos, student, zip } from './broughtModels.ts';
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

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** The weights of the model in Mozilla's layout. */
export const WEIGHTS = 'mozilla/models/en-et/x/model.enet.intgemm.alphas.bin.gz';

const json = (value: unknown): Copied => ({ body: Buffer.from(JSON.stringify(value)), type: 'application/json' });

/** A copy of Mozilla's source with one small model. What it says of addresses elsewhere is nothing to a copy. */
function copies(): Map<string, Copied> {
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

/** The ids of the small student's vocabulary: its lexicon rules none of them out. */
const EVERY_WORD = Array.from({ length: 30 }, (_, id) => id);

/** The repository that the copy of the Hub has. */
export const REPOSITORY = 'owner/nllb-small';

/** Lays copies of the other sources beside Mozilla's, with a small model each. */
export function addOtherCopies(files: MirrorHost['files']): void {
  if (!MODEL || !VOCABULARY) throw new Error('There is no student.');
  const part = (name: string, bytes: Buffer) => ({
    name: `https://bergamot.s3.amazonaws.com/models/enet/${name}`,
    size: bytes.length,
    expectedSha256Hash: sha256(bytes),
  });
  const lexicon = Buffer.from(
    writeMarianLexicon(
      EVERY_WORD.length,
      EVERY_WORD.map(() => EVERY_WORD),
    ),
  );
  const [model, lex, vocab] = [
    part('model.enet.intgemm.alphas.bin', MODEL),
    part('lex.50.50.enet.s2t.bin', lexicon),
    part('vocab.enet.spm', VOCABULARY),
  ];
  files.set('bergamot/index.json', json({ enet: { model, lex, vocab } }));
  files.set('bergamot/enet/model.enet.intgemm.alphas.bin', { body: MODEL });
  files.set('bergamot/enet/lex.50.50.enet.s2t.bin', { body: lexicon });
  files.set('bergamot/enet/vocab.enet.spm', { body: VOCABULARY });

  const archive = 'translate-en_pt-1_0.argosmodel';
  const links = [`https://argos-net.com/v1/${archive}`];
  files.set('argos/index.json', json([{ package_version: '1.0', from_code: 'en', to_code: 'pt', links }]));
  files.set(`argos/${archive}`, { body: Buffer.from(zip(argos().files)) });

  const repository = [...hubCase('nllb').files];
  const siblings = repository.map(([rfilename, bytes]) => ({
    rfilename,
    size: bytes.length,
    lfs: { sha256: sha256(bytes) },
  }));
  files.set(`hub/api/models/${REPOSITORY}`, json({ pipeline_tag: 'translation', siblings }));
  for (const [path, bytes] of repository)
    files.set(`hub/${REPOSITORY}/resolve/main/${path}`, {
      body: Buffer.from(bytes),
      ...(path.endsWith('.json') && { type: 'application/json' }),
    });
  files.set('index.json', json(['mozilla', 'bergamot', 'argos', 'hub']));
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
