import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWeb, manifest, sha256 } from './fixtures/fakeWeb.ts';
import { encoder, folderFile, model, step, weights } from './fixtures/testModel.ts';
import { importModel } from './importModel.ts';
import { installModel, listModels, openModel, removeModel, verifyModel } from './models.ts';

const { signal } = new AbortController();
const wasm = { provider: 'wasm' as const, signal };
const MEGABYTE = 2 ** 20;

let web: FakeWeb;
beforeEach(() => {
  web = new FakeWeb();
  web.serve('en-pt', model);
});
afterEach(async () => {
  // What was kept in memory is this worker's, which all of these tests share.
  await removeModel('en-pt');
  vi.unstubAllGlobals();
});

const failure = <T>(promise: Promise<T>) => expect(promise).rejects;
const isWhole = async (id: string) =>
  (await sha256(await (await openModel(id, wasm)).part('weights'))) === weights.part.unpackedSha256;
const weightRequests = () => web.requests.filter((request) => request.includes('weights'));

describe('where the browser denies Cache Storage', () => {
  beforeEach(() => (web.cacheFault = () => new DOMException('denied', 'SecurityError')));

  it('a model lasts as long as the worker', async () => {
    expect(await installModel('en-pt', { signal })).toMatchObject({ state: 'installed' });
    expect(await listModels(signal)).toMatchObject([{ id: 'en-pt', state: 'installed' }]);
    web.navigator.onLine = web.reachable = false;
    expect(await isWhole('en-pt')).toBe(true);
    expect(await verifyModel('en-pt', signal)).toEqual({ ok: true, broken: [] });
  });

  it('and is given back when it is removed', async () => {
    await installModel('en-pt', { signal });
    await removeModel('en-pt');
    expect(await listModels(signal)).toMatchObject([{ id: 'en-pt', state: 'available', storedBytes: 0 }]);
  });
});

describe('when the browser takes the cache away while the page is open', () => {
  it('between two jobs, the next one fetches the model again', async () => {
    await openModel('en-pt', wasm);
    web.stored.clear();
    web.forget();
    expect(await isWhole('en-pt')).toBe(true);
    expect(weightRequests()).toHaveLength(1);
  });

  it('between two jobs and offline, says that the model has to be fetched', async () => {
    await openModel('en-pt', wasm);
    web.stored.clear();
    web.navigator.onLine = web.reachable = false;
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('Connect once') as string,
    });
  });

  it('during a job, fetches the part that is read next', async () => {
    const opened = await openModel('en-pt', wasm);
    web.stored.clear();
    expect(await sha256(await opened.part('step'))).toBe(step.part.unpackedSha256);
  });

  it('during a download, ends it all the same, and keeps the next one', async () => {
    let handlesBroken = false;
    web.cacheFault = (operation) =>
      handlesBroken && operation !== 'open' ? new DOMException('gone', 'InvalidStateError') : null;
    const opening = openModel('en-pt', {
      ...wasm,
      onProgress: ({ done }) => {
        if (done > MEGABYTE) handlesBroken = true;
      },
    });
    const opened = await opening;
    expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
    web.cacheFault = null;
    await removeModel('en-pt');
    await openModel('en-pt', wasm);
    expect(web.keys('sha256/')).toContain(`sha256/${weights.part.unpackedSha256}`);
  });
});

describe('an entry that was half written', () => {
  it('is thrown away and fetched again, though its size reads right', async () => {
    await installModel('en-pt', { signal });
    web.damage(encoder.part.unpackedSha256, (body) => body.slice(0, 400));
    expect((await listModels(signal))[0]?.state).toBe('installed');
    web.forget();
    expect(await sha256(await (await openModel('en-pt', wasm)).part('encoder'))).toBe(encoder.part.unpackedSha256);
    expect(web.requests).toContain('/models/en-pt/encoder.bin.gz');
  });

  it('does not count as here when its size is wrong', async () => {
    await installModel('en-pt', { signal });
    for (const [url, entry] of web.stored)
      if (url.endsWith(weights.part.unpackedSha256)) entry.headers.set('content-length', '5');
    expect((await listModels(signal))[0]).toMatchObject({ state: 'partial' });
    web.forget();
    expect(await isWhole('en-pt')).toBe(true);
    expect(weightRequests()).toHaveLength(1);
  });

  it('of a manifest counts as none', async () => {
    await installModel('en-pt', { signal });
    for (const [url, entry] of web.stored)
      if (url.endsWith('manifest/en-pt')) entry.body = entry.body.slice(0, entry.body.length >> 1);
    expect(await isWhole('en-pt')).toBe(true);
  });

  it('that cannot be read at all is thrown away', async () => {
    await installModel('en-pt', { signal });
    const unreadable = `sha256/${weights.part.unpackedSha256}`;
    vi.stubGlobal(
      'Response',
      class extends Response {
        override async arrayBuffer(): Promise<ArrayBuffer> {
          const bytes = await super.arrayBuffer();
          if (bytes.byteLength === weights.part.unpackedBytes && web.keys(unreadable).length > 0) {
            throw new TypeError('Failed to read.');
          }
          return bytes;
        }
      },
    );
    const opened = await openModel('en-pt', wasm);
    await opened.part('weights').catch(() => undefined);
    vi.stubGlobal('Response', Object.getPrototypeOf(Response) as typeof Response);
    expect(web.keys(unreadable)).toEqual([]);
    expect(await isWhole('en-pt')).toBe(true);
  });
});

describe('room', () => {
  it('that runs out while a part is written fails with what to do, and what was fetched is gone on with', async () => {
    let full = true;
    web.navigator.storage.estimate = () => Promise.resolve({ quota: 2 ** 40, usage: 0 });
    web.cacheFault = (operation) =>
      full && operation === 'put' && web.usedBytes() > 2 * MEGABYTE
        ? new DOMException('Quota exceeded.', 'QuotaExceededError')
        : null;
    await failure(installModel('en-pt', { signal })).toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringContaining('Remove another model') as string,
      shortage: { freeBytes: 0, neededBytes: expect.any(Number) as number },
    });
    full = false;
    web.forget();
    expect(await isWhole('en-pt')).toBe(true);
    expect(weightRequests()[0]).toMatch(/ bytes=\d{7}-$/);
  });

  it('that is short is told in bytes before anything is fetched', async () => {
    web.quota = 4 * MEGABYTE;
    await failure(installModel('en-pt', { signal })).toMatchObject({
      code: 'quota-exceeded',
      shortage: { neededBytes: expect.any(Number) as number, freeBytes: expect.any(Number) as number },
    });
    expect(weightRequests()).toEqual([]);
    web.quota = 2 ** 30;
    await installModel('en-pt', { signal });
  });

  it('counts what was begun as here', async () => {
    web.served('en-pt', 'weights').breaksAfter = 2.5 * MEGABYTE;
    await failure(openModel('en-pt', wasm)).toMatchObject({ code: 'download-failed' });
    const left = 2 * weights.part.packedBytes - 2.5 * MEGABYTE;
    web.quota = web.usedBytes() + left + 10_000;
    expect((await listModels(signal))[0]?.diskBytes).toBeGreaterThanOrEqual(2.5 * MEGABYTE);
    expect(await installModel('en-pt', { signal })).toMatchObject({ state: 'installed' });
  });

  it('that the browser does not tell of is tried', async () => {
    web.navigator.storage.estimate = () => Promise.reject(new TypeError('no estimate'));
    expect(await installModel('en-pt', { signal })).toMatchObject({ state: 'installed' });
    await removeModel('en-pt');
    web.navigator.storage.estimate = () => Promise.resolve({}) as never;
    expect(await installModel('en-pt', { signal })).toMatchObject({ state: 'installed' });
  });

  it('is asked for before files are imported', async () => {
    web.quota = MEGABYTE;
    const written = manifest(
      'mine',
      model.map(({ part }) => part),
    );
    const files = [
      folderFile('manifest.json', JSON.stringify(written)),
      ...model.map(({ part, packed }) => folderFile(part.file, packed)),
    ];
    await failure(importModel(files, { signal })).toMatchObject({ code: 'quota-exceeded', shortage: {} });
    expect(web.stored.size).toBe(0);
  });
});

describe('what is remembered of a model', () => {
  it('is when its files were last found sound, and nothing after damage', async () => {
    const before = Date.now();
    const installed = await installModel('en-pt', { signal });
    expect(installed.verifiedAt).toBeGreaterThanOrEqual(before);
    web.damage(weights.part.unpackedSha256, (body) => body.fill(0, 0, 10));
    expect(await verifyModel('en-pt', signal)).toMatchObject({ ok: false });
    expect((await listModels(signal))[0]?.verifiedAt).toBeUndefined();
    await installModel('en-pt', { signal });
    expect((await listModels(signal))[0]?.verifiedAt).toBeGreaterThanOrEqual(before);
  });

  it('is what it takes on the device, graphs of another provider included', async () => {
    await installModel('en-pt', { signal });
    const [info] = await listModels(signal);
    expect(info?.diskBytes).toBe(3 * MEGABYTE + 1500);
    await openModel('en-pt', { ...wasm, provider: 'webgpu' });
    expect((await listModels(signal))[0]?.diskBytes).toBe(3 * MEGABYTE + 1500 + 1200);
  });

  it('goes with it', async () => {
    const { noteUse } = await import('./marks.ts');
    await installModel('en-pt', { signal });
    await noteUse('en-pt');
    expect((await listModels(signal))[0]?.lastUsedAt).toBeGreaterThan(Date.now() - 5000);
    await removeModel('en-pt');
    expect(web.stored.size).toBe(0);
  });
});

describe('two workers that want the same model', () => {
  it('fetch it once, and the one that waits tells how far the other is', async () => {
    const held = new Map<string, Promise<unknown>>();
    Object.assign(web.navigator, {
      locks: {
        request: (name: string, _: object, work: () => Promise<unknown>) => {
          const mine = (held.get(name) ?? Promise.resolve()).then(work);
          held.set(
            name,
            mine.catch(() => undefined),
          );
          return mine;
        },
      },
    });
    const heard: number[] = [];
    const first = installModel('en-pt', { signal });
    const second = installModel('en-pt', { signal, onProgress: ({ done, total }) => heard.push(done / total) });
    await Promise.all([first, second]);
    expect(weightRequests()).toHaveLength(1);
    expect(heard.at(-1)).toBe(1);
    expect(heard).toEqual([...heard].sort((a, b) => a - b));
  });
});
