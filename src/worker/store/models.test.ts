import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../protocol/types.ts';
import { FakeWeb, noise, part, sha256, type PackedPart } from './fixtures/fakeWeb.ts';
import { encoder, gpuEncoder, model, step, weights, weightsBytes } from './fixtures/testModel.ts';
import { installModel, listModels, openModel, removeModel, verifyModel } from './models.ts';

const { signal } = new AbortController();
const wasm = { provider: 'wasm' as const, signal };
const MEGABYTE = 2 ** 20;

let web: FakeWeb;
beforeEach(() => {
  web = new FakeWeb();
  web.serve('en-pt', model);
});
afterEach(() => void vi.unstubAllGlobals());

const failure = <T>(promise: Promise<T>) => expect(promise).rejects;

describe('openModel', () => {
  it('fetches, checks and unpacks a model, and reads it from the device from then on', async () => {
    const first = await openModel('en-pt', wasm);
    expect(await sha256(await first.part('weights'))).toBe(weights.part.unpackedSha256);
    expect(first.manifest.id).toBe('en-pt');
    web.forget();
    const second = await openModel('en-pt', wasm);
    expect(await second.part('encoder')).toEqual(noise(1000, 2));
    expect(await second.part('encoder')).toEqual(noise(1000, 2));
    expect(await second.part('step')).toEqual(noise(500, 4));
    expect(web.requests).toEqual(['/models/en-pt/manifest.json']);
  });

  it('fetches what another provider needs when that is chosen', async () => {
    await openModel('en-pt', wasm);
    web.forget();
    const opened = await openModel('en-pt', { ...wasm, provider: 'webgpu' });
    expect(await opened.part('encoder')).toEqual(noise(1200, 3));
    expect(web.requests).toEqual(['/models/en-pt/manifest.json', '/models/en-pt/gpu.bin.gz']);
  });

  it('tells one progress over all parts, which never falls and whose total stays', async () => {
    const heard: Progress[] = [];
    await openModel('en-pt', { ...wasm, onProgress: (progress) => heard.push(progress) });
    const total = weights.part.packedBytes + encoder.part.packedBytes + step.part.packedBytes;
    expect(heard.length).toBeGreaterThan(20);
    expect(new Set(heard.map((progress) => progress.total))).toEqual(new Set([total]));
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort((a, b) => a - b));
    expect(heard.at(-1)).toEqual({ stage: 'download', done: total, total, unit: 'bytes' });
  });

  it('says nothing of progress when all is here', async () => {
    await openModel('en-pt', wasm);
    const onProgress = vi.fn();
    await openModel('en-pt', { ...wasm, onProgress });
    expect(onProgress).not.toHaveBeenCalled();
  });

  it('works offline once the model is here, beam search included', async () => {
    await openModel('en-pt', wasm);
    web.navigator.onLine = web.reachable = false;
    const opened = await openModel('en-pt', wasm);
    expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
    expect(await opened.part('step')).toEqual(noise(500, 4));
  });

  it('stores what two models share once', async () => {
    await openModel('en-pt', wasm);
    web.serve('copy', [weights, await part('encoder', noise(900, 9))]);
    web.forget();
    await openModel('copy', wasm);
    expect(web.requests).not.toContain('/models/copy/weights.bin.gz');
    await removeModel('en-pt');
    expect(await sha256(await (await openModel('copy', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
    await removeModel('copy');
    expect(web.stored.size).toBe(0);
  });

  it('drops the parts of an earlier release once the new ones are here', async () => {
    await openModel('en-pt', wasm);
    const newEncoder = await part('encoder', noise(1100, 7), { provider: 'wasm' });
    web.serve('en-pt', [weights, newEncoder, gpuEncoder, step]);
    web.forget();
    expect(await (await openModel('en-pt', wasm)).part('encoder')).toEqual(noise(1100, 7));
    expect(web.requests).toEqual(['/models/en-pt/manifest.json', '/models/en-pt/encoder.bin.gz']);
    expect(web.keys('sha256/').sort()).toEqual(
      [weights, newEncoder, step].map((entry) => `sha256/${entry.part.unpackedSha256}`).sort(),
    );
  });

  it('takes a file that the host has decoded on the way', async () => {
    Object.assign(web.served('en-pt', 'weights'), { body: weightsBytes, headers: { 'content-encoding': 'gzip' } });
    const heard: number[] = [];
    const opened = await openModel('en-pt', { ...wasm, onProgress: ({ done, total }) => heard.push(done / total) });
    expect(await sha256(await opened.part('weights'))).toBe(weights.part.unpackedSha256);
    expect(Math.max(...heard)).toBe(1);
  });

  it('says which part a provider has not', async () => {
    const opened = await openModel('en-pt', wasm);
    await failure(opened.part('lexicon')).toMatchObject({ code: 'unsupported-model' });
  });
});

describe('listModels and installModel', () => {
  it('tell what there is to fetch and what is here', async () => {
    web.serve('pt-en', [weights, await part('encoder', noise(700, 5))]);
    const downloadBytes = weights.part.packedBytes + encoder.part.packedBytes + step.part.packedBytes;
    expect(await listModels(signal)).toMatchObject([
      { id: 'en-pt', state: 'available', storedBytes: 0, downloadBytes, unpackedBytes: 3 * MEGABYTE + 1500 },
      { id: 'pt-en', state: 'available' },
    ]);
    expect(web.stored.size).toBe(0);
    expect(await installModel('en-pt', { signal })).toMatchObject({ state: 'installed', storedBytes: downloadBytes });
    expect(await listModels(signal)).toMatchObject([
      { id: 'en-pt', state: 'installed' },
      // They have the same weights; nobody began to fetch this one.
      { id: 'pt-en', state: 'available', storedBytes: weights.part.packedBytes },
    ]);
    web.navigator.onLine = web.reachable = false;
    expect((await listModels(signal)).map(({ id }) => id)).toEqual(['en-pt']);
  });

  it('do not let one broken model hide the others', async () => {
    web.file('models/index.json', ['broken', 'en-pt']);
    expect((await listModels(signal)).map(({ id }) => id)).toEqual(['en-pt']);
  });

  it('keep a model that the server has no longer', async () => {
    await installModel('en-pt', { signal });
    web.files.clear();
    web.file('models/index.json', []);
    expect(await listModels(signal)).toMatchObject([{ id: 'en-pt', state: 'installed' }]);
    expect(await sha256(await (await openModel('en-pt', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
  });
});

const voice = await part('voice', noise(20_000, 9));

describe('a model that needs another', () => {
  const packed = (parts: PackedPart[]): number => parts.reduce((sum, each) => sum + each.part.packedBytes, 0);
  const own = [encoder, weights];
  beforeEach(() => {
    web.serve('speech', own, { needs: ['voice'] });
    web.serve('voice', [voice]);
  });

  it('is installed with it, under one progress', async () => {
    const heard: Progress[] = [];
    const info = await installModel('speech', { signal, onProgress: (progress) => heard.push(progress) });
    const total = packed([...own, voice]);
    expect(info).toMatchObject({ state: 'installed', downloadBytes: total, storedBytes: total });
    expect(new Set(heard.map((progress) => progress.total))).toEqual(new Set([total]));
    expect(heard.map(({ done }) => done)).toEqual(heard.map(({ done }) => done).sort((a, b) => a - b));
    expect(heard.at(-1)?.done).toBe(total);
    web.reachable = false;
    const opened = await openModel('voice', wasm);
    expect(await opened.part('voice')).toEqual(noise(20_000, 9));
  });

  it('is not installed before both are here, and fetches only what is missing', async () => {
    await openModel('speech', wasm);
    const [before] = (await listModels(signal)).filter(({ id }) => id === 'speech');
    expect(before).toMatchObject({
      state: 'partial',
      downloadBytes: packed([...own, voice]),
      storedBytes: packed(own),
    });
    const heard: Progress[] = [];
    await installModel('speech', { signal, onProgress: (progress) => heard.push(progress) });
    expect(heard.at(-1)).toMatchObject({ done: packed([voice]), total: packed([voice]) });
  });

  it('takes it along when it is removed, unless another one needs it', async () => {
    web.serve('other', [step], { needs: ['voice'] });
    await installModel('speech', { signal });
    await installModel('other', { signal });
    await removeModel('speech');
    expect(web.keys('manifest').sort()).toEqual(['manifest/other', 'manifest/voice']);
    await removeModel('other');
    expect(web.keys('manifest')).toEqual([]);
    expect(web.keys('sha256')).toEqual([]);
  });

  it('is verified with it', async () => {
    await installModel('speech', { signal });
    web.damage(voice.part.unpackedSha256, (body) => body.fill(0, 0, 10));
    expect(await verifyModel('speech', signal)).toEqual({ ok: false, broken: ['voice.bin.gz'] });
  });

  it('may need one that needs it', async () => {
    web.serve('voice', [voice], { needs: ['speech'] });
    expect(await installModel('speech', { signal })).toMatchObject({ state: 'installed' });
  });
});
