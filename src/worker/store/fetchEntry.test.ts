import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { CatalogueEntry, CatalogueFile } from '../../protocol/catalogue.ts';
import type { Progress } from '../../protocol/types.ts';
import { begunEntries, type FetchedFile, fetchEntry, forgetEntry } from './fetchEntry.ts';
import { FakeWeb, gzip, noise, part, sha256, type ServedFile } from './fixtures/fakeWeb.ts';
import { installModel, removeModel } from './models.ts';

const { signal } = new AbortController();
const MEGABYTE = 2 ** 20;
const HUB = 'https://huggingface.co/owner/name/resolve/main/';
const weights = noise(5 * MEGABYTE);
const config = new TextEncoder().encode('{"model_type":"marian"}');
const outside = { source: 'hub', mirrored: false } as const;

let web: FakeWeb;
beforeEach(() => (web = new FakeWeb()));
afterEach(async () => {
  await forgetEntry('hub-owner-name');
  vi.unstubAllGlobals();
});

const failure = <T>(promise: Promise<T>) => expect(promise).rejects;

/** An entry of the Hub whose files lie there. */
async function entryOf(over: Partial<CatalogueFile> = {}, served: Partial<ServedFile> = {}): Promise<CatalogueEntry> {
  web.outside.set(`${HUB}config.json`, { body: config });
  web.outside.set(`${HUB}onnx/encoder_model.onnx`, { body: weights, headers: { etag: '"1"' }, ...served });
  return {
    source: 'hub',
    id: 'hub-owner-name',
    name: 'owner/name',
    from: [],
    to: [],
    page: 'https://huggingface.co/owner/name',
    files: [
      { path: 'config.json', url: `${HUB}config.json`, bytes: config.length },
      {
        path: 'onnx/encoder_model.onnx',
        url: `${HUB}onnx/encoder_model.onnx`,
        bytes: weights.length,
        sha256: await sha256(weights),
        ...over,
      },
    ],
  };
}

/** Five megabytes are quickly compared by their checksum alone. */
const sumOf = async (files: FetchedFile[]) =>
  sha256(new Uint8Array(await (files[1]?.file ?? new Blob()).arrayBuffer()));
const whole = await sha256(weights);

describe('fetchEntry', () => {
  it('fetches what is listed, without a word about the reader, and tells one progress over all', async () => {
    const heard: Progress[] = [];
    const fetched = await fetchEntry(await entryOf(), outside, { signal, onProgress: (value) => heard.push(value) });
    expect(fetched.map(({ path }) => path)).toEqual(['config.json', 'onnx/encoder_model.onnx']);
    expect(await sumOf(fetched)).toBe(whole);
    const total = config.length + weights.length;
    expect(new Set(heard.map((value) => value.total))).toEqual(new Set([total]));
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort((a, b) => a - b));
    expect(heard.at(-1)?.done).toBe(total);
    for (const init of web.outsideRequests)
      expect(init).toMatchObject({
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
        mode: 'cors',
        cache: 'no-store',
      });
  });

  it.each([
    ['says which range it sends', {}],
    ['does not let a page see it', { hidden: true }],
  ])('goes on after a connection that dropped, where the host %s', async (_what, served) => {
    const entry = await entryOf({}, { ...served, breaksAfter: 3 * MEGABYTE });
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({
      code: 'download-failed',
      message: expect.stringContaining('What is here was kept') as string,
    });
    expect(await begunEntries()).toEqual([{ ...entry, fetchedBytes: 3 * MEGABYTE }]);
    web.forget();
    const heard: Progress[] = [];
    const fetched = await fetchEntry(entry, outside, { signal, onProgress: (value) => heard.push(value) });
    expect(await sumOf(fetched)).toBe(whole);
    expect(web.requests).toContain(`${HUB}onnx/encoder_model.onnx bytes=${3 * MEGABYTE}-`);
    expect(heard[0]?.done).toBeGreaterThanOrEqual(3 * MEGABYTE);
    // The rest is asked for by its range alone: anything more, and the host has to be asked first whether it may be.
    expect(web.outsideRequests.every(({ headers }) => !new Headers(headers).has('if-range'))).toBe(true);
  });

  it('begins anew where the file was changed meanwhile', async () => {
    const entry = await entryOf({}, { breaksAfter: 3 * MEGABYTE });
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({ code: 'download-failed' });
    const newer = noise(weights.length, 7);
    const changed = await entryOf({ sha256: await sha256(newer) }, { body: newer, headers: { etag: '"2"' } });
    const fetched = await fetchEntry(changed, outside, { signal });
    expect(await sumOf(fetched)).toBe(await sha256(newer));
  });

  it('keeps what came when it is stopped, whatever else is installed meanwhile', async () => {
    const abort = new AbortController();
    const entry = await entryOf();
    const stopping = fetchEntry(entry, outside, {
      signal: abort.signal,
      onProgress: ({ done }) => done > 3 * MEGABYTE && abort.abort(),
    });
    await failure(stopping).toMatchObject({ code: 'aborted' });
    web.serve('en-pt', [await part('weights', noise(100))]);
    await installModel('en-pt', { signal });
    await removeModel('en-pt');
    const [begun] = await begunEntries();
    expect(begun?.fetchedBytes).toBeGreaterThanOrEqual(3 * MEGABYTE);
    await forgetEntry(entry.id);
    expect(await begunEntries()).toEqual([]);
    expect(web.stored.size).toBe(0);
  });

  it('learns the lengths from the answers where the index says none', async () => {
    const unknown = await entryOf({}, { headers: { 'content-length': String(weights.length) } });
    unknown.files.forEach((file) => delete file.bytes);
    web.outside.set(`${HUB}config.json`, { body: config, headers: { 'content-length': String(config.length) } });
    const heard: Progress[] = [];
    await fetchEntry(unknown, outside, { signal, onProgress: (value) => heard.push(value) });
    expect(new Set(heard.map(({ total }) => total))).toEqual(new Set([config.length + weights.length]));
    expect(web.requests).toEqual([`${HUB}config.json`, `${HUB}onnx/encoder_model.onnx`]);
  });

  it.each([
    ['as they lie there', true],
    ['unpacked by the host on the way', false],
  ])('takes gzipped files %s', async (_how, packed) => {
    const gzipped = await gzip(weights);
    const entry = await entryOf(
      { gzip: true, unpackedBytes: weights.length },
      { body: packed ? gzipped : weights, headers: { 'content-length': String(gzipped.length) } },
    );
    delete entry.files[1]?.bytes;
    const heard: Progress[] = [];
    const fetched = await fetchEntry(entry, outside, { signal, onProgress: (value) => heard.push(value) });
    expect(await sumOf(fetched)).toBe(whole);
    expect(heard.at(-1)).toMatchObject({ done: config.length + gzipped.length, total: config.length + gzipped.length });
  });

  it('takes a gzip of which nothing is known', async () => {
    const entry = await entryOf({ gzip: true }, { body: await gzip(new Uint8Array(MEGABYTE)) });
    delete entry.files[1]?.bytes;
    delete entry.files[1]?.sha256;
    const fetched = await fetchEntry(entry, outside, { signal });
    expect(await sumOf(fetched)).toBe(await sha256(new Uint8Array(MEGABYTE)));
  });
});

const page = new TextEncoder().encode('<!DOCTYPE html><title>Sign in</title>');

describe('what can go wrong at a host', () => {
  it.each<[string, Partial<ServedFile>, string, RegExp]>([
    ['the file is gone', { status: 404 }, 'not-found', /^.* does not have this file any more \(404\)\. Choose another/],
    ['it wants an account', { status: 403 }, 'access-denied', /does not give this file to everybody \(403\)\./],
    ['it is broken', { status: 503 }, 'download-failed', /answered 503\. Try again later\./],
    [
      'it sends a page',
      { headers: { 'content-type': 'text/html' } },
      'not-a-model',
      /sent a web page instead of a file\./,
    ],
    [
      'it sends a page and calls it a file',
      { body: page },
      'not-a-model',
      /Instead of the file ".*" came a web page\./,
    ],
    ['it sends something else', { body: noise(weights.length, 9) }, 'model-corrupt', /its checksum is wrong\./],
    ['it sends too little', { body: weights.slice(0, 99) }, 'download-failed', /The connection failed/],
    ['it sends too much', { body: noise(weights.length + 1) }, 'model-corrupt', /it is longer than/],
    [
      'it sends on to nobody knows whom',
      { sentOnTo: 'https://elsewhere.test/x' },
      'host-unreachable',
      /^huggingface\.co could not be/,
    ],
  ])('%s', async (_what, served, code, message) => {
    const entry = await entryOf({}, served);
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({
      code,
      message: expect.stringMatching(message) as string,
    });
    expect(web.keys('outside/hub-owner-name/onnx')).toEqual(
      code === 'download-failed' && served.body ? expect.any(Array) : [],
    );
  });

  it('sends on to one of its own, which is fine', async () => {
    const fetched = await fetchEntry(await entryOf({}, { sentOnTo: 'https://us.aws.cdn.hf.co/x?y' }), outside, {
      signal,
    });
    expect(await sumOf(fetched)).toBe(whole);
  });

  it('it lets no page read its files, or is gone: a browser tells not which', async () => {
    const entry = await entryOf();
    web.outside.clear();
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({
      code: 'host-unreachable',
      message: expect.stringMatching(/no page read its files.*download the files there/) as string,
    });
  });

  it('there is too little room, which is said before anything is asked', async () => {
    web.quota = MEGABYTE;
    await failure(fetchEntry(await entryOf(), outside, { signal })).toMatchObject({
      code: 'quota-exceeded',
      shortage: {},
    });
    expect(web.requests).toEqual([]);
  });

  it('the disk is full on the way: what came stays', async () => {
    const entry = await entryOf();
    let pieces = 0;
    web.cacheFault = (operation) =>
      operation === 'put' && ++pieces > 2 ? new DOMException('Full.', 'QuotaExceededError') : null;
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({ code: 'quota-exceeded' });
    web.cacheFault = null;
    expect((await begunEntries())[0]?.fetchedBytes).toBeGreaterThan(MEGABYTE);
    expect(await sumOf(await fetchEntry(entry, outside, { signal }))).toBe(whole);
  });

  it('what went on from an earlier try is damaged: it is begun anew, once', async () => {
    const entry = await entryOf({}, { breaksAfter: 3 * MEGABYTE });
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({ code: 'download-failed' });
    for (const [url, kept] of web.stored)
      if (url.endsWith('encoder_model.onnx/0')) kept.body[5] = (kept.body[5] ?? 0) ^ 1;
    expect(await sumOf(await fetchEntry(entry, outside, { signal }))).toBe(whole);
  });

  it('an address that is none of the source’s is not asked', async () => {
    const entry = await entryOf({ url: 'https://elsewhere.test/x' });
    await failure(fetchEntry(entry, outside, { signal })).toMatchObject({ code: 'bad-input' });
    expect(web.requests.filter((asked) => asked.includes('elsewhere'))).toEqual([]);
  });
});

it('asks nobody but this site where that has a copy', async () => {
  const entry = await entryOf();
  web.outside.clear();
  web.files.set('/mirror/hub/owner/name/resolve/main/config.json', { body: config });
  web.files.set('/mirror/hub/owner/name/resolve/main/onnx/encoder_model.onnx', { body: weights });
  const fetched = await fetchEntry(entry, { source: 'hub', mirrored: true }, { signal });
  expect(await sumOf(fetched)).toBe(whole);
  expect(web.outsideRequests).toEqual([]);
});
