import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TINY, vocabulary } from '../../convert/marian.fixture.ts';
import { writeMarianLexicon } from '../../formats/lexicon.fixture.ts';
import { seededRandom, studentTensors, writeMarian } from '../../formats/marian.fixture.ts';
import { keepRules } from '../../library/network.ts';
import type { CatalogueEntry } from '../../protocol/catalogue.ts';
import type { SourceId } from '../../protocol/hosts.ts';
import type { NetworkRules } from '../../protocol/network.ts';
import { FakeWeb, gzip, sha256 } from '../store/fixtures/fakeWeb.ts';
import { forgetBegun, installFrom, listBegun, listCatalogue, listSources } from './catalogue.ts';

// What a model of no training says is no text: the browser tests try one that was chosen.
vi.mock('./tryModel.ts', () => ({ startTrial: () => Promise.resolve(), tryModel: () => Promise.resolve() }));

const BERGAMOT = 'https://bergamot.s3.amazonaws.com/models/';
const context = { signal: new AbortController().signal, progress: () => undefined, emit: () => undefined };
const allow = (sources: SourceId[], lock: NetworkRules['lock'] = 'open') => keepRules({ lock, sources });

type Bytes = Uint8Array<ArrayBuffer>;
const own = (bytes: Uint8Array): Bytes => Uint8Array.from(bytes);
const STUDENT: Record<string, Bytes> = {
  'model.enpt.intgemm.alphas.bin': own(writeMarian(studentTensors(TINY, seededRandom(7)))),
  'lex.50.50.enpt.s2t.bin': own(writeMarianLexicon(2, [[3], [], [4, 5]])),
  'vocab.enpt.spm': own(vocabulary(TINY.vocabulary)),
};

let web: FakeWeb;
beforeEach(() => {
  web = new FakeWeb();
  web.file('mirror/index.json', []);
  web.file('models/index.json', []);
});
afterEach(() => vi.unstubAllGlobals());

/** The student as Bergamot's index has it, at its host, gzipped as it lies there. */
async function serveBergamot(put: (path: string, body: Bytes) => void): Promise<void> {
  const parts: Record<string, unknown> = {};
  for (const [name, body] of Object.entries(STUDENT)) {
    parts[name.split('.')[0] ?? ''] = {
      name: `${BERGAMOT}enpt/${name}`,
      size: body.length,
      expectedSha256Hash: await sha256(body),
    };
    put(`enpt/${name}`, await gzip(body));
  }
  put('index.json', new TextEncoder().encode(JSON.stringify({ enpt: parts })));
}

const atItsHost = () => serveBergamot((path, body) => web.outside.set(BERGAMOT + path, { body }));
const listed = () => listCatalogue({ source: 'bergamot', repository: '' }, context);

async function entry(): Promise<CatalogueEntry> {
  const [first] = await listed();
  if (!first) throw new Error('Nothing is listed.');
  return first;
}

describe('the rules', () => {
  it('a source that is off is not asked, and says what it would ask', async () => {
    await allow([]);
    const sources = await listSources({}, context);
    expect(sources.map(({ id, on, mirrored }) => [id, on, mirrored])).toEqual([
      ['mozilla', false, false],
      ['bergamot', false, false],
      ['argos', false, false],
      ['hub', false, false],
    ]);
    expect(sources[3]?.hosts).toEqual(['huggingface.co', '*.hf.co', '*.huggingface.co']);
    await expect(listed()).rejects.toMatchObject({
      code: 'source-off',
      message: expect.stringContaining('Switch it on') as string,
    });
    expect(web.outsideRequests).toEqual([]);
  });

  it.each(['site', 'none'] as const)('the lock (%s) keeps every source from being asked', async (lock) => {
    await atItsHost();
    await allow(['bergamot'], lock);
    await expect(listed()).rejects.toMatchObject({
      code: 'source-off',
      message: expect.stringContaining('lock') as string,
    });
    expect(web.outsideRequests).toEqual([]);
  });

  it('a copy on this site is asked where nothing outside may be, and nobody else ever', async () => {
    web.file('mirror/index.json', ['bergamot']);
    await serveBergamot((path, body) => web.files.set(`/mirror/bergamot/${path}`, { body }));
    await allow(['bergamot'], 'site');
    expect((await listSources({}, context))[1]).toMatchObject({ mirrored: true, hosts: [], on: true });
    expect(await installFrom({ entry: await entry() }, context)).toMatchObject({
      id: 'bergamot-en-pt',
      state: 'installed',
    });
    expect(web.outsideRequests).toEqual([]);
    await allow(['bergamot'], 'none');
    await expect(listed()).rejects.toMatchObject({ code: 'source-off' });
  });

  it('a site that does not say what it has copies of sends nobody elsewhere', async () => {
    await atItsHost();
    await allow(['bergamot']);
    web.files.delete('/mirror/index.json');
    await expect(listed()).rejects.toMatchObject({ code: 'not-found' });
    web.file('mirror/index.json', { bergamot: true });
    await expect(listed()).rejects.toMatchObject({ code: 'not-a-model' });
    expect(web.outsideRequests).toEqual([]);
  });
});

describe('a model of a source', () => {
  beforeEach(() => allow(['bergamot']));

  it('is fetched, converted and kept with where it is from, and its pieces go', async () => {
    await atItsHost();
    const heard: string[] = [];
    const model = await installFrom(
      { entry: await entry() },
      { ...context, progress: ({ stage }) => heard.push(stage) },
    );
    expect(model).toMatchObject({
      id: 'bergamot-en-pt',
      kind: 'translation',
      from: ['en'],
      to: ['pt'],
      source: 'Bergamot',
      sourceUrl: 'https://github.com/browsermt/bergamot-translator',
      state: 'installed',
    });
    expect(heard[0]).toBe('download');
    expect(heard).toContain('convert');
    expect(await listBegun({}, context)).toEqual([]);
    expect(web.keys('outside')).toEqual([]);
  });

  it('whose connection drops is begun, and can be forgotten', async () => {
    await atItsHost();
    const given = await entry();
    const address = `${BERGAMOT}enpt/model.enpt.intgemm.alphas.bin`;
    web.outside.set(address, { ...(web.outside.get(address) ?? { body: new Uint8Array() }), breaksAfter: 900 });
    await expect(installFrom({ entry: given }, context)).rejects.toMatchObject({ code: 'download-failed' });
    expect(await listBegun({}, context)).toEqual([{ ...given, fetchedBytes: 900 }]);
    await forgetBegun({ id: given.id }, context);
    expect(await listBegun({}, context)).toEqual([]);
    expect(web.keys('outside')).toEqual([]);
  });

  it('that cannot be run leaves nothing behind', async () => {
    await atItsHost();
    const given = await entry();
    const files = given.files.filter(({ path }) => !path.startsWith('vocab'));
    await expect(installFrom({ entry: { ...given, files } }, context)).rejects.toMatchObject({
      code: 'unsupported-model',
    });
    expect(web.keys('outside')).toEqual([]);
    expect(await listBegun({}, context)).toEqual([]);
  });

  it.each<[string, Partial<CatalogueEntry>]>([
    ['an id that is none', { id: '../x' }],
    ['no files', { files: [] }],
    ['a name that leads elsewhere', { files: [{ path: '../x', url: `${BERGAMOT}x` }] }],
    ['an address that is none of its source’s', { files: [{ path: 'x', url: 'https://elsewhere.test/x' }] }],
  ])('is not taken from a script with %s', async (_what, over) => {
    await atItsHost();
    const given = await entry();
    web.forget();
    await expect(installFrom({ entry: { ...given, ...over } }, context)).rejects.toMatchObject({ code: 'bad-input' });
    expect(web.requests.filter((asked) => !asked.startsWith('/'))).toEqual([]);
    await forgetBegun({ id: given.id }, context);
  });
});
