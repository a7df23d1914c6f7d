import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createGlossa, type Glossa } from './engine.ts';
import { FakeStream } from './fixtures/fakeStream.ts';
import { createLoopback, model, type Loopback } from './fixtures/loopback.ts';
import type { Capture } from './liveSession.ts';
import { memoryBudgetBytes } from './memory.ts';

const now = (): number => 0;
const MEGABYTE = 2 ** 20;
const GIGABYTE = 2 ** 30;
/** A fake model's weights are a few bytes: it takes what its runtime takes. */
const ONE_MODEL = 100 * MEGABYTE;

let loopback: Loopback;
beforeEach(() => {
  loopback = createLoopback([model('en', 'pt'), model('pt', 'en'), model('en', 'fr')]);
  vi.stubGlobal('navigator', { storage: { persist: () => Promise.resolve(true) } });
});
afterEach(() => {
  loopback.close();
  vi.unstubAllGlobals();
});

const glossa = (budgetBytes = GIGABYTE): Glossa => createGlossa({ spawn: loopback.spawn, budgetBytes });
const enPt = { from: 'en', to: 'pt' };
const ptEn = { from: 'pt', to: 'en' };
const enFr = { from: 'en', to: 'fr' };
const settled = <T>(promise: Promise<T>) => promise.then(() => 'done').catch((error: unknown) => error);
const until = async (condition: () => boolean) => {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve, 1));
};
/** The model's worker is busy until the signal. */
async function occupy(page: Glossa, pair: { from: string; to: string }): Promise<() => Promise<void>> {
  const abort = new AbortController();
  const busy = settled(page.translate('slow', { ...pair, signal: abort.signal }));
  await until(() => loopback.asked.some((said) => said.endsWith('translate slow')));
  return async () => {
    abort.abort();
    await busy;
  };
}

describe('the budget', () => {
  it('lets the model that was used longest ago go when a third one does not fit', async () => {
    const page = glossa(2.5 * ONE_MODEL);
    await page.translate('a', enPt);
    await page.translate('b', ptEn);
    await page.translate('c', enPt);
    await page.translate('d', enFr);
    expect(loopback.workers.map(({ ended }) => ended)).toEqual([false, false, true, false]);
    await page.translate('e', ptEn);
    expect(loopback.asked.at(-1)).toBe('4 translate e');
  });

  it('is looked at before the new model is loaded', async () => {
    let endedBefore: boolean | undefined;
    const page = createGlossa({
      budgetBytes: 1.5 * ONE_MODEL,
      spawn: () => {
        endedBefore = loopback.workers[1]?.ended;
        return loopback.spawn();
      },
    });
    await page.translate('a', enPt);
    await page.translate('b', ptEn);
    expect(endedBefore).toBe(true);
  });

  it('does not end a model that is working', async () => {
    const page = glossa(1.5 * ONE_MODEL);
    const stop = await occupy(page, enPt);
    await page.translate('b', ptEn);
    expect(loopback.workers[1]?.ended).toBe(false);
    await stop();
  });

  it('lets a model that is too large for it run by itself, and says so beside another one', async () => {
    const page = glossa(ONE_MODEL / 2);
    await page.translate('a', ptEn);
    const stop = await occupy(page, enPt);
    expect(loopback.workers[1]?.ended).toBe(true);
    await expect(page.translate('b', ptEn)).rejects.toMatchObject({
      code: 'out-of-memory',
      message: expect.stringMatching(/"pt-en" takes about 105 MB .* 52 MB .* Wait until/) as string,
    });
    await stop();
    expect((await page.translate('b', ptEn)).text).toBe('B');
  });

  it('lets every idle model go when memory ran out', async () => {
    const page = glossa();
    await page.translate('b', ptEn);
    await settled(page.translate('fail:out-of-memory', enPt));
    expect(loopback.workers.map(({ ended }) => ended)).toEqual([false, true, true]);
  });

  it('keeps the translator of live captions, idle as it is between two phrases', async () => {
    vi.stubGlobal('MediaStream', FakeStream);
    loopback.models.push(model('en', 'en', { id: 'ears', kind: 'speech' }));
    const { port1: here, port2: port } = new MessageChannel();
    const nothing = (): void => undefined;
    const capture: Capture = {
      port,
      reopen: () => Promise.reject(new Error('No worker is lost here.')),
      pause: nothing,
      resume: nothing,
      stop: () => here.postMessage(null),
      close: () => here.close(),
    };
    const openCapture = () => Promise.resolve(capture);
    const page = createGlossa({ spawn: loopback.spawn, budgetBytes: 2.5 * ONE_MODEL, openCapture });
    const session = page.listen(new FakeStream('live'), { to: 'pt' });
    await until(() => loopback.asked.some((said) => said.endsWith('warmUp en-pt')));
    await until(() => session.state === 'listening');
    await page.translate('b', ptEn);
    await page.translate('c', enFr);
    const loaded = async () => (await page.models.resident()).map((resident) => resident.model);
    expect(await loaded()).toEqual(expect.arrayContaining(['ears', 'en-pt', 'en-fr']));
    await session.stop();
    await page.translate('d', ptEn);
    await page.translate('e', enFr);
    expect(await loaded()).toEqual(['pt-en', 'en-fr']);
  });

  it.each([
    [{ deviceMemory: 8, userAgent: 'Chrome' }, 2 * GIGABYTE],
    [{ userAgent: 'Firefox' }, GIGABYTE],
    [{ deviceMemory: 4, userAgent: 'Chrome', userAgentData: { mobile: true } }, GIGABYTE / 2],
    [{ userAgent: 'Safari Mobile/15E148 (iPhone; Mobi)' }, GIGABYTE / 2],
    [{ deviceMemory: 4, userAgent: 'Mobi', userAgentData: { mobile: false } }, GIGABYTE],
  ])('of %j is %i bytes', (navigator, bytes) => {
    vi.stubGlobal('navigator', navigator);
    expect(memoryBudgetBytes()).toBe(bytes);
  });
});

describe('what is loaded', () => {
  it('is told, and given back one by one', async () => {
    const page = glossa();
    await page.translate('a', enPt);
    await page.translate('b', ptEn);
    expect(await page.models.resident()).toMatchObject([
      { model: 'en-pt', provider: 'wasm', workers: 1, busy: false, bytes: ONE_MODEL + 60 },
      { model: 'pt-en' },
    ]);
    expect((await page.models.list()).find(({ id }) => id === 'en-pt')).toMatchObject({
      resident: { workers: 1 },
      lastUsedAt: expect.any(Number) as number,
    });
    await page.models.unload('en-pt');
    expect(loopback.workers[1]?.ended).toBe(true);
    expect((await page.models.resident()).map((resident) => resident.model)).toEqual(['pt-en']);
    expect((await page.models.list())[0]).not.toHaveProperty('resident');
  });

  it('does not count a worker that is gone', async () => {
    const page = glossa();
    await page.translate('a', enPt);
    loopback.workers[1]?.crash();
    expect(await page.models.resident()).toEqual([]);
    expect((await page.device()).memoryBytes).toBe(0);
  });

  it('stops what it was doing when it is unloaded', async () => {
    const page = glossa();
    const busy = settled(page.translate('slow', enPt));
    await until(() => loopback.asked.includes('1 translate slow'));
    expect((await page.models.resident())[0]?.busy).toBe(true);
    await page.models.unload('en-pt');
    expect(await busy).toMatchObject({ code: 'aborted' });
  });
});

describe('memory', () => {
  it('is what the browser measures, and remembered by device()', async () => {
    const page = glossa();
    vi.stubGlobal('performance', { now, measureUserAgentSpecificMemory: () => Promise.resolve({ bytes: 7 }) });
    expect(await page.memory()).toEqual({ budgetBytes: GIGABYTE, residentBytes: 0, measuredBytes: 7 });
    expect((await page.device()).memoryBytes).toBe(7);
  });

  it.each([
    ['cannot', { now }],
    ['refuses to', { now, measureUserAgentSpecificMemory: () => Promise.reject(new Error('not isolated')) }],
  ])('is reckoned where the browser %s measure', async (_, performance) => {
    const page = glossa();
    await page.translate('a', enPt);
    vi.stubGlobal('performance', performance);
    expect(await page.memory()).toEqual({ budgetBytes: GIGABYTE, residentBytes: ONE_MODEL + 60 });
    expect((await page.device()).memoryBytes).toBe(ONE_MODEL + 60);
  });
});
