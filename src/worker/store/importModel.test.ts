import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../../protocol/types.ts';
import { FakeWeb, gzip, manifest, noise, sha256, type PackedPart } from './fixtures/fakeWeb.ts';
import { encoder, folderFile, model, step, weights, weightsBytes } from './fixtures/testModel.ts';
import { freeId, importModel, keepModel } from './importModel.ts';
import { listModels, openModel, removeModel } from './models.ts';

const { signal } = new AbortController();
const wasm = { provider: 'wasm' as const, signal };
const MEGABYTE = 2 ** 20;

const other = await gzip(noise(1000, 8));

let web: FakeWeb;
beforeEach(() => {
  web = new FakeWeb();
  web.serve('en-pt', model);
});
afterEach(() => void vi.unstubAllGlobals());

const failure = <T>(promise: Promise<T>) => expect(promise).rejects;

describe('importModel', () => {
  const file = (path: string, body: BlobPart) => folderFile(path, body);
  const folder = (over: { parts?: PackedPart[]; id?: string } = {}) => {
    const parts = over.parts ?? model;
    const written = manifest(
      over.id ?? 'mine',
      parts.map((entry) => entry.part),
    );
    return [
      file('manifest.json', JSON.stringify(written)),
      ...parts.map((entry) => file(entry.part.file, entry.packed)),
      file('README.md', '#'),
    ];
  };

  it('installs an exported folder, and asks no server for it', async () => {
    const heard: Progress[] = [];
    const info = await importModel(folder(), { signal, onProgress: (progress) => heard.push(progress) });
    expect(info).toMatchObject({ id: 'mine', state: 'installed' });
    expect(heard.at(-1)).toMatchObject({ stage: 'load', done: heard[0]?.total });
    expect(await sha256(await (await openModel('mine', wasm)).part('weights'))).toBe(weights.part.unpackedSha256);
    expect((await listModels(signal)).map(({ id }) => id)).toEqual(['en-pt', 'mine']);
    expect(web.requests.filter((request) => request.includes('mine'))).toEqual([]);
    await removeModel('mine');
    expect(web.stored.size).toBe(0);
  });

  it('needs neither the graphs for WebGPU nor those that are read later', async () => {
    const files = folder().filter(({ path }) => path !== 'step.bin.gz' && path !== 'gpu.bin.gz');
    expect(await importModel(files, { signal })).toMatchObject({ state: 'installed' });
  });

  it.each([
    ['other files', [file('cat.jpg', 'meow')], 'unsupported-model'],
    ['a missing part', folder().filter(({ path }) => path !== 'weights.bin.gz'), 'model-corrupt'],
    ['a damaged part', folder({ parts: [{ part: encoder.part, packed: other }] }), 'model-corrupt'],
    ['a part that is too long', folder({ parts: [{ part: encoder.part, packed: noise(2000) }] }), 'model-corrupt'],
    ['a manifest that is none', [file('manifest.json', '{"format":1}')], 'model-corrupt'],
  ])('refuses %s and keeps nothing', async (_, files, code) => {
    await failure(importModel(files, { signal })).toMatchObject({ code });
    expect(web.stored.size).toBe(0);
  });

  it('keeps nothing when there is no room', async () => {
    web.quota = MEGABYTE;
    await failure(importModel(folder(), { signal })).toMatchObject({ code: 'quota-exceeded' });
    expect(web.stored.size).toBe(0);
  });
});

describe('keepModel', () => {
  const parts = model.map((entry) => entry.part);
  const kept = (id: string) =>
    keepModel(
      manifest(id, [weights.part, encoder.part]),
      new Map([
        [weights.part, weightsBytes],
        [encoder.part, noise(1000, 2)],
      ]),
    );

  it('keeps a model that was made here, which is said to be brought', async () => {
    expect(await kept('mine')).toMatchObject({ id: 'mine', state: 'installed', brought: true });
    expect(await (await openModel('mine', wasm)).part('encoder')).toEqual(noise(1000, 2));
    expect((await listModels(signal)).find(({ id }) => id === 'en-pt')).not.toHaveProperty('brought');
  });

  it('keeps nothing when there is no room', async () => {
    web.quota = MEGABYTE;
    await failure(kept('mine')).toMatchObject({ code: 'quota-exceeded' });
    expect(web.stored.size).toBe(0);
  });

  it('finds an id for another model of the same name, and that of the same model', async () => {
    await kept('mine');
    expect(await freeId('mine', parts)).toBe('mine');
    expect(await freeId('mine', [step.part])).toBe('mine-2');
    expect(await freeId('yours', [step.part])).toBe('yours');
  });
});
