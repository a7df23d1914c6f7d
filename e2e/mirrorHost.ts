import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { type Connect, preview, type PreviewServer } from 'vite';
import { TINY, vocabulary } from '../src/convert/marian.fixture.ts';
import { writeMarianLexicon } from '../src/formats/lexicon.fixture.ts';
import { seededRandom, studentTensors, writeMarian } from '../src/formats/marian.fixture.ts';
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
  /** What lies under `mirror/`. */
  files: Map<string, Copied>;
  /** What was asked for under `mirror/`, besides the list of copies, with its range. */
  asked: string[];
  close(): Promise<void>;
}

/** A small translator with random weights: large enough to be fetched in several pieces. */
const SHAPE = { ...TINY, dim: 64, ffn: 256, vocabulary: 2000 };
const STUDENT = {
  model: Buffer.from(writeMarian(studentTensors(SHAPE, seededRandom(3)))),
  lex: Buffer.from(writeMarianLexicon(2, [[3], [], [4, 5]])),
  vocab: Buffer.from(vocabulary(SHAPE.vocabulary)),
};

const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

/** The weights of the model in Mozilla's layout. */
export const MOZILLA_MODEL = 'mozilla/models/en-ru/x/model.enru.intgemm.alphas.bin.gz';

/** Copies of Mozilla's and Bergamot's sources with one model each, and of the Hub with a repository that has none. */
function copies(): Map<string, Copied> {
  const json = (value: unknown): Copied => ({ body: Buffer.from(JSON.stringify(value)), type: 'application/json' });
  const mozilla = 'models/en-ru/x';
  return new Map<string, Copied>([
    ['index.json', json(['mozilla', 'bergamot'])],
    [
      'mozilla/db/models.json',
      json({
        baseUrl: 'https://elsewhere.test',
        models: {
          'en-ru': [
            {
              architecture: 'tiny',
              releaseStatus: 'Release',
              sourceLanguage: 'en',
              targetLanguage: 'ru',
              files: {
                model: {
                  path: `${mozilla}/model.enru.intgemm.alphas.bin.gz`,
                  uncompressedSize: STUDENT.model.length,
                  uncompressedHash: sha256(STUDENT.model),
                },
                lexicalShortlist: { path: `${mozilla}/lex.50.50.enru.s2t.bin.gz` },
                vocab: { path: `${mozilla}/vocab.enru.spm.gz` },
              },
            },
          ],
        },
      }),
    ],
    [MOZILLA_MODEL, { body: gzipSync(STUDENT.model) }],
    [`mozilla/${mozilla}/lex.50.50.enru.s2t.bin.gz`, { body: gzipSync(STUDENT.lex) }],
    [`mozilla/${mozilla}/vocab.enru.spm.gz`, { body: gzipSync(STUDENT.vocab) }],
    [
      'bergamot/index.json',
      json({
        deen: Object.fromEntries(
          Object.entries(STUDENT).map(([part, body]) => [
            part,
            {
              name: `deen/${part}.deen.${part === 'vocab' ? 'spm' : 'bin'}`,
              size: body.length,
              expectedSha256Hash: sha256(body),
            },
          ]),
        ),
      }),
    ],
    ...Object.entries(STUDENT).map(([part, body]): [string, Copied] => [
      `bergamot/deen/${part}.deen.${part === 'vocab' ? 'spm' : 'bin'}`,
      { body: gzipSync(body) },
    ]),
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
