import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeWeb, gzip, manifest, noise, sha256 } from './fixtures/fakeWeb.ts';
import { encoder, model, weights } from './fixtures/testModel.ts';
import { installModel, listModels, openModel, removeModel, verifyModel } from './models.ts';

const { signal } = new AbortController();
const wasm = { provider: 'wasm' as const, signal };
const MEGABYTE = 2 ** 20;

const bomb = await gzip(new Uint8Array(50 * MEGABYTE));
const short = await gzip(noise(900));
const other = await gzip(noise(1000, 8));
const cut = encoder.packed.slice(0, -9);

let web: FakeWeb;
beforeEach(() => {
  web = new FakeWeb();
  web.serve('en-pt', model);
});
afterEach(() => void vi.unstubAllGlobals());

const failure = <T>(promise: Promise<T>) => expect(promise).rejects;

describe('an interrupted download', () => {
  const interrupt = async (bytes: number) => {
    web.served('en-pt', 'weights').breaksAfter = bytes;
    await failure(openModel('en-pt', wasm)).toMatchObject({ code: 'download-failed' });
    web.forget();
  };
  const weightRequests = () => web.requests.filter((request) => request.includes('weights'));

  it('goes on where it was', async () => {
    await interrupt(2.5 * MEGABYTE);
    const heard: number[] = [];
    const opened = await openModel('en-pt', { ...wasm, onProgress: ({ done }) => heard.push(done) });
    expect(weightRequests()).toEqual([`/models/en-pt/weights.bin.gz bytes=${2.5 * MEGABYTE}-`]);
    expect(heard[0]).toBeGreaterThan(2.5 * MEGABYTE);
    expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
    expect(web.keys('partial/')).toEqual([]);
  });

  it('counts as stored, and goes when the model is removed', async () => {
    await interrupt(2.5 * MEGABYTE);
    const [info] = await listModels(signal);
    expect(info).toMatchObject({ state: 'partial' });
    expect(info?.storedBytes).toBeGreaterThanOrEqual(2.5 * MEGABYTE);
    await removeModel('en-pt');
    expect(web.stored.size).toBe(0);
  });

  it.each([
    ['the server knows no ranges', () => (web.served('en-pt', 'weights').ranges = false)],
    ['the file has changed', () => (web.served('en-pt', 'weights').headers = { etag: '"other"' })],
    ['the server has no tags', () => (web.served('en-pt', 'weights').headers = {})],
  ])('is whole in the end when %s', async (_, change) => {
    await interrupt(2.5 * MEGABYTE);
    change();
    expect(await sha256(await (await openModel('en-pt', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
  });

  it('is begun anew when its pieces are damaged', async () => {
    await interrupt(2.5 * MEGABYTE);
    for (const entry of web.stored.values()) if (entry.body.length > MEGABYTE) entry.body[100] = ~entry.body[100]!;
    expect(await sha256(await (await openModel('en-pt', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
    expect(weightRequests()).toHaveLength(2);
  });

  it('is kept after a stop', async () => {
    const abort = new AbortController();
    const options = { ...wasm, signal: abort.signal };
    const opening = openModel('en-pt', {
      ...options,
      onProgress: ({ done }) => {
        if (done > 2.5 * MEGABYTE) abort.abort();
      },
    });
    await failure(opening).toMatchObject({ name: 'AbortError', code: 'aborted' });
    web.forget();
    await openModel('en-pt', wasm);
    expect(weightRequests()[0]).toMatch(/bytes=2\d{6}-$/);
  });

  it('is told from a file that ends early without an error', async () => {
    web.served('en-pt', 'weights').endsAfter = MEGABYTE;
    await failure(openModel('en-pt', wasm)).toMatchObject({ code: 'download-failed' });
    expect(await sha256(await (await openModel('en-pt', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
  });

  it('can break anywhere, any number of times', { timeout: 60_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.nat(4 * MEGABYTE), { maxLength: 4 }), async (breaks) => {
        web = new FakeWeb();
        web.serve('en-pt', model);
        for (const bytes of breaks) {
          web.served('en-pt', 'weights').breaksAfter = bytes;
          await openModel('en-pt', wasm).catch(() => undefined);
        }
        delete web.served('en-pt', 'weights').breaksAfter;
        const opened = await openModel('en-pt', wasm);
        expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
      }),
      { numRuns: 8, examples: [[[2 * MEGABYTE, weights.part.packedBytes - 2 * MEGABYTE]]] },
    );
  });
});

describe('a model that cannot be had', () => {
  it('is missing when the device is offline, and says what to do', async () => {
    web.navigator.onLine = web.reachable = false;
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code: 'model-missing',
      message: expect.stringContaining('Connect once') as string,
    });
  });

  it('fails to download when the server cannot be reached', async () => {
    web.reachable = false;
    await failure(openModel('en-pt', wasm)).toMatchObject({ code: 'download-failed' });
  });

  it.each(['fr-de', '../secret', ''])('is missing when there is no such id: %j', async (id) => {
    await failure(openModel(id, wasm)).toMatchObject({ code: 'model-missing' });
  });

  it('is missing on a host that answers every address with its start page', async () => {
    web.files.set('/models/xx/manifest.json', {
      body: new TextEncoder().encode('<!doctype html>'),
      headers: { 'content-type': 'text/html' },
    });
    await failure(openModel('xx', wasm)).toMatchObject({ code: 'model-missing' });
  });

  it.each([
    [500, 'download-failed'],
    [404, 'download-failed'],
  ])('fails to download when a part answers %i', async (status, code) => {
    web.served('en-pt', 'encoder').status = status;
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code,
      message: expect.stringContaining(String(status)) as string,
    });
  });

  it('does not fit when the browser has no room, and says how much it needs', async () => {
    web.quota = 4 * MEGABYTE;
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code: 'quota-exceeded',
      message: expect.stringMatching(/needs 6\.3 MB .* 4\.2 MB left/) as string,
    });
    expect(web.requests).toEqual(['/models/en-pt/manifest.json']);
  });

  it('does not fit when the estimate was wrong', async () => {
    web.navigator.storage.estimate = () => Promise.resolve({ quota: 2 ** 40, usage: 0 });
    web.quota = 2 * MEGABYTE;
    await failure(openModel('en-pt', wasm)).toMatchObject({ code: 'quota-exceeded' });
  });

  it.each([
    ['no JSON', new TextEncoder().encode('{'), 'model-corrupt'],
    ['not a manifest', new TextEncoder().encode('[]'), 'model-corrupt'],
    ['of another model', new TextEncoder().encode(JSON.stringify(manifest('pt-en', []))), 'model-corrupt'],
    [
      'of a later format',
      new TextEncoder().encode(JSON.stringify({ ...manifest('en-pt', []), format: 2 })),
      'unsupported-model',
    ],
    [
      'reaching outside',
      new TextEncoder().encode(JSON.stringify(manifest('en-pt', [{ ...weights.part, file: '../weights.gz' }]))),
      'model-corrupt',
    ],
  ])('is refused when its manifest is %s', async (_, body, code) => {
    web.files.set('/models/en-pt/manifest.json', { body });
    await failure(openModel('en-pt', wasm)).toMatchObject({ code });
  });
});

describe('a damaged model', () => {
  const flip = (body: Uint8Array<ArrayBuffer>) => body.with(body.length >> 1, ~body[body.length >> 1]! & 255);

  it('is fetched twice and then called corrupt when the server has it so', async () => {
    const served = web.served('en-pt', 'weights');
    served.body = flip(served.body);
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code: 'model-corrupt',
      message: expect.stringContaining('weights.bin.gz') as string,
    });
    expect(web.requests.filter((request) => request.includes('weights'))).toHaveLength(2);
    expect(web.keys('partial/')).toEqual([]);
  });

  it.each([
    ['a byte of it changed', flip],
    ['its end is missing', (body: Uint8Array<ArrayBuffer>) => body.slice(0, -1)],
  ])('is fetched again when, on the device, %s', async (_, change) => {
    await openModel('en-pt', wasm);
    web.damage(weights.part.unpackedSha256, change);
    web.forget();
    const opened = await openModel('en-pt', wasm);
    expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
    expect(web.requests.filter((request) => request.includes('weights'))).toHaveLength(1);
  });

  it.each([
    ['a gzip bomb', bomb, { unpackedBytes: 1000 }, 'more than 1000 bytes'],
    ['shorter than it says', short, { unpackedBytes: 1000 }, '900 bytes instead of 1000'],
    ['other bytes', other, { unpackedBytes: 1000 }, 'checksum'],
    ['cut gzip', cut, { unpackedBytes: 1000 }, 'cannot be unpacked'],
  ])('is corrupt when a part holds %s', async (_, packed, said, reason) => {
    const honest = {
      packedBytes: packed.length,
      packedSha256: await sha256(packed),
      unpackedSha256: encoder.part.unpackedSha256,
    };
    web.serve('bad', [weights, { part: { ...encoder.part, ...honest, ...said }, packed }]);
    await failure(openModel('bad', wasm)).toMatchObject({
      code: 'model-corrupt',
      message: expect.stringContaining(reason) as string,
    });
  });

  it('is corrupt when a part is longer than its manifest says', async () => {
    const served = web.served('en-pt', 'encoder');
    served.body = Uint8Array.from([...served.body, 0]);
    await failure(openModel('en-pt', wasm)).toMatchObject({
      code: 'model-corrupt',
      message: expect.stringContaining('longer') as string,
    });
  });

  it('is found, dropped and named by verifyModel', async () => {
    await installModel('en-pt', { signal });
    expect(await verifyModel('en-pt', signal)).toEqual({ ok: true, broken: [] });
    web.damage(weights.part.unpackedSha256, flip);
    expect(await verifyModel('en-pt', signal)).toEqual({ ok: false, broken: ['weights.bin.gz'] });
    expect((await listModels(signal))[0]?.state).toBe('partial');
  });
});
