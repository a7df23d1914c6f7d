import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { GpuAdapter } from '../protocol/gpuAdapter.ts';
import { EngineError } from '../protocol/errors.ts';
import type { ProviderTest } from '../protocol/types.ts';
import { createGlossa, type Glossa } from './engine.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';

const CARD: GpuAdapter = { name: 'a card', software: false };
const FASTER: ProviderTest = { verdict: 'faster', adapter: 'a card', wasmMs: 30, webgpuMs: 10 };
const enPt = { from: 'en', to: 'pt' };

let loopback: Loopback;
const shelf = new Map<string, string>();
let browser = '';
beforeEach(() => {
  browser = 'Browser 1';
  shelf.clear();
  loopback = createLoopback([model('en', 'pt', { sha256: 'abc' }), model('pt', 'en', { sha256: 'def' })]);
  vi.stubGlobal('navigator', {
    storage: { persist: () => Promise.resolve(true) },
    get userAgent() {
      return browser;
    },
  });
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => shelf.get(key) ?? null,
    setItem: (key: string, value: string) => shelf.set(key, value),
    removeItem: (key: string) => shelf.delete(key),
  });
});
afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

/** A visit: tests begin after a few milliseconds of rest. */
const visit = (adapter: GpuAdapter | null = CARD): Glossa =>
  createGlossa({ spawn: loopback.spawn, budgetBytes: 2 ** 30, readAdapter: () => Promise.resolve(adapter), restMs: 5 });
const providerOf = async (page: Glossa): Promise<string> => (await page.translate('x', enPt)).ran.provider;
/** What was found is kept a moment after the test that found it was asked for. */
const remembers = (what: string): boolean => [...shelf.values()].some((kept) => kept.includes(what));
const tests = (): number => loopback.asked.filter((asked) => asked.includes('testProviders')).length;
const rest = (ms = 40): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const until = async (condition: () => boolean) => {
  while (!condition()) await rest(1);
};
/** As a first visit leaves it. */
async function learn(test: ProviderTest): Promise<void> {
  loopback.tested = () => Promise.resolve(test);
  await visit().models.test('en-pt');
}

describe('where a model runs when nobody chose', () => {
  it('begins on WASM, tests in a worker of its own while the reader rests, and then goes where it is faster', async () => {
    loopback.tested = () => Promise.resolve(FASTER);
    const page = visit();
    expect(await providerOf(page)).toBe('wasm');
    await until(() => tests() === 1);
    await rest();
    expect(loopback.asked.filter((asked) => /translate|testProviders/.test(asked))).toEqual([
      '1 translate x',
      '2 testProviders en-pt',
    ]);
    expect(loopback.workers[2]?.ended).toBe(true);
    expect(await providerOf(page)).toBe('webgpu');
    expect((await page.models.list())[0]).toMatchObject({ tested: FASTER });
    expect(await page.warmUp(enPt)).toMatchObject({ why: expect.stringContaining('clearly faster') as string });
  });

  it.each(['slower', 'wrong', 'failed'] as const)('stays on WASM where WebGPU was %s', async (verdict) => {
    await learn({ ...FASTER, verdict, reason: 'So it was.' });
    expect(await providerOf(visit())).toBe('wasm');
    expect((await visit().warmUp(enPt)).why).toMatch(/^WASM is used: /);
  });

  it('is remembered, and tested anew for other weights, another browser version or another adapter', async () => {
    await learn(FASTER);
    expect(await providerOf(visit())).toBe('webgpu');
    await rest();
    expect(tests()).toBe(1);

    loopback.tested = () => Promise.resolve({ ...FASTER, adapter: 'another card' });
    expect(await providerOf(visit({ name: 'another card', software: false }))).toBe('wasm');
    await until(() => tests() === 2 && remembers('another card'));

    browser = 'Browser 2';
    loopback.tested = () => Promise.resolve({ ...FASTER, verdict: 'slower' });
    const page = visit();
    expect(await providerOf(page)).toBe('wasm');
    await until(() => tests() === 3 && remembers('slower'));
    expect(await providerOf(visit())).toBe('wasm');

    await learn(FASTER);
    loopback.models[0] = model('en', 'pt', { sha256: 'new' });
    shelf.delete('glossa-models');
    expect(await providerOf(visit())).toBe('wasm');
  });

  it.each([
    ['there is no adapter', null],
    ['the adapter is the processor', { name: 'SwiftShader', software: true }],
  ])('is WASM, without a test, where %s', async (_, adapter) => {
    const page = visit(adapter);
    expect(await providerOf(page)).toBe('wasm');
    await rest();
    expect(tests()).toBe(0);
  });

  it('gives way to the reader: a test is stopped when work comes, and made later', async () => {
    let finish: (test: ProviderTest) => void = () => undefined;
    loopback.tested = () => new Promise((resolve) => (finish = resolve));
    const page = visit();
    await providerOf(page);
    await until(() => tests() === 1);
    expect(await providerOf(page)).toBe('wasm');
    finish(FASTER);
    await until(() => tests() === 2);
    finish(FASTER);
    await rest();
    expect(await providerOf(page)).toBe('webgpu');
  });

  it('does not count a test that could not be made', async () => {
    loopback.tested = () => Promise.reject(new EngineError('download-failed', 'No network.'));
    await providerOf(visit());
    await until(() => tests() === 1);
    await rest();
    loopback.tested = () => Promise.resolve(FASTER);
    const next = visit();
    await providerOf(next);
    await until(() => tests() === 2);
    await rest();
    expect(await providerOf(next)).toBe('webgpu');
  });

  it('is what the reader chose, tested or not', async () => {
    await learn({ ...FASTER, verdict: 'wrong' });
    expect((await visit().translate('x', { ...enPt, provider: 'webgpu' })).ran.provider).toBe('webgpu');
    await learn(FASTER);
    expect((await visit().translate('x', { ...enPt, provider: 'wasm' })).ran.provider).toBe('wasm');
  });
});

describe('a model that WebGPU fails at work', () => {
  it.each(['device-lost', 'out-of-memory', 'internal'])('goes on on WASM after %s, and says so', async (code) => {
    await learn(FASTER);
    const page = visit();
    const heard: string[] = [];
    const texts = ['one', `gpu:${code}`, 'three'];
    const made = await page.translate(texts, { ...enPt, onSentence: ({ sentence }) => heard.push(sentence.target) });
    expect(made.map(({ text }) => text)).toEqual(texts.map((text) => text.toUpperCase()));
    expect(made[2]).toMatchObject({ ran: { provider: 'wasm', fellBack: code }, sentences: [{ target: 'THREE' }] });
    expect(heard.at(-1)).toBe('THREE');
    // And stays there for this visit.
    expect(await providerOf(page)).toBe('wasm');
    expect((await page.warmUp(enPt)).why).toContain('WebGPU failed');
    expect(await providerOf(visit())).toBe('webgpu');
  });

  it('does not hide what has nothing to do with it, nor go elsewhere when the reader chose', async () => {
    await learn(FASTER);
    await expect(visit().translate('gpu:bad-input', enPt)).rejects.toMatchObject({ code: 'bad-input' });
    const chosen = visit().translate('gpu:device-lost', { ...enPt, provider: 'webgpu' });
    await expect(chosen).rejects.toMatchObject({ code: 'device-lost' });
  });

  it('goes on through a third language without saying a sentence twice', async () => {
    loopback.models.push(model('pt', 'fr', { sha256: 'ghi' }));
    await learn(FASTER);
    const made = await visit().translate(['one', 'gpu:device-lost'], { from: 'en', to: 'fr' });
    expect(made.map(({ text }) => text)).toEqual(['ONE', 'GPU:DEVICE-LOST']);
  });
});
