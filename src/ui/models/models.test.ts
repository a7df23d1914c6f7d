import 'fake-indexeddb/auto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Glossa } from '../../client/engine.ts';
import { readOfflinePlan } from '../../library/offlinePlan.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { captioner, fakeGlossa } from '../fakeGlossa.fixture.ts';
import { formatAgo } from './formatAgo.ts';
import { gettingReadyOf, type Readying } from './gettingReady.ts';
import { installsOf } from './installs.ts';
import { whatToDelete } from './whatToDelete.ts';

const MEGABYTE = 1e6;
const model = (id: string, over: Partial<ModelInfo> = {}): ModelInfo => ({
  ...captioner,
  id,
  downloadBytes: 10,
  storedBytes: 0,
  diskBytes: 20 * MEGABYTE,
  state: 'available',
  ...over,
});

describe('what to delete', () => {
  const old = model('old', { lastUsedAt: 1 });
  const recent = model('recent', { lastUsedAt: 9 });
  const never = model('never');
  const absent = model('absent', { diskBytes: 0 });

  it('is what was used longest ago, and no more than it takes', () => {
    const all = [recent, old, absent, never];
    expect(whatToDelete(all, 5 * MEGABYTE, [])).toEqual([never]);
    expect(whatToDelete(all, 25 * MEGABYTE, [])).toEqual([never, old]);
    expect(whatToDelete(all, 25 * MEGABYTE, ['old'])).toEqual([never, recent]);
    expect(whatToDelete(all, 900 * MEGABYTE, [])).toEqual([never, old, recent]);
  });
});

/** An engine whose downloads a test ends: `here` are the ids whose install has come to its end. */
function engine(list: ModelInfo[]) {
  const installing = new Map<string, { finish: () => void; fail: (error: Error) => void }>();
  const sound = new Map(list.map(({ id }) => [id, true]));
  const asked: string[] = [];
  const glossa: Glossa = fakeGlossa();
  glossa.models = {
    ...glossa.models,
    list: () => Promise.resolve(list),
    install: (id, { signal, onProgress } = {}) => {
      asked.push(id);
      onProgress?.({ stage: 'download', done: 4, total: 10, unit: 'bytes' });
      return new Promise((resolve, reject) => {
        signal?.addEventListener('abort', () => reject(new EngineError('aborted', 'Stopped.')));
        installing.set(id, { finish: () => resolve(model(id)), fail: reject });
      });
    },
    verify: (id) => {
      const ok = sound.get(id) === true;
      sound.set(id, true);
      return Promise.resolve({ ok, broken: ok ? [] : ['weights.bin.gz'] });
    },
  };
  const until = (id: string): Promise<void> => vi.waitFor(() => expect(installing.has(id)).toBe(true));
  const finish = async (id: string): Promise<void> => {
    await until(id);
    installing.get(id)?.finish();
    installing.delete(id);
  };
  return { glossa, asked, installing, sound, finish, until };
}

describe('installs', () => {
  it('show how far they are, and are joined by whoever asks again', async () => {
    const { glossa, asked, finish } = engine([]);
    const installs = installsOf(glossa);
    const heard = vi.fn();
    installs.subscribe(heard);
    const both = [installs.start('a'), installs.start('a')];
    expect(installs.shown().get('a')).toMatchObject({ state: 'running', progress: { done: 4 } });
    await finish('a');
    expect(await Promise.all(both)).toEqual(['done', 'done']);
    expect(asked).toEqual(['a']);
    expect(installs.shown().size).toBe(0);
    expect(heard).toHaveBeenCalled();
    expect(installsOf(glossa)).toBe(installs);
  });

  it('are paused without an error, and go on', async () => {
    const { glossa, asked, finish } = engine([]);
    const installs = installsOf(glossa);
    const first = installs.start('a');
    await installs.pause('a');
    expect(await first).toBe('paused');
    expect(installs.shown().size).toBe(0);
    const second = installs.start('a');
    await finish('a');
    expect(await second).toBe('done');
    expect(asked).toEqual(['a', 'a']);
  });

  it('keep why they failed, with the room that is missing', async () => {
    const { glossa, installing } = engine([]);
    const installs = installsOf(glossa);
    const ended = installs.start('a');
    const shortage = { neededBytes: 9, freeBytes: 5 };
    installing.get('a')?.fail(new EngineError('quota-exceeded', 'Full.', { shortage }));
    expect(await ended).toBe('failed');
    expect(installs.shown().get('a')).toMatchObject({ state: 'failed', failure: { code: 'quota-exceeded', shortage } });
  });
});

describe('getting ready for offline', () => {
  beforeEach(() => {
    const worker = { state: 'activated', addEventListener: () => undefined };
    const scope = 'https://glossa.test/';
    const registration = { active: worker, scope };
    vi.stubGlobal('document', { baseURI: scope });
    vi.stubGlobal('navigator', {
      serviceWorker: {
        register: () => Promise.resolve(registration),
        getRegistration: () => Promise.resolve(registration),
      },
    });
    const files = ['index.html', 'assets/runtime.wasm'].map((path) => ({ url: scope + path }));
    vi.stubGlobal('caches', {
      keys: () => Promise.resolve([`workbox-precache-v2-${scope}`]),
      open: () => Promise.resolve({ keys: () => Promise.resolve(files) }),
    });
  });
  afterEach(() => void vi.unstubAllGlobals());

  it('fetches one after the other under one progress, checks all, and is done', async () => {
    const { glossa, finish, asked } = engine([model('a'), model('b'), model('c')]);
    const getting = gettingReadyOf(glossa);
    const seen: Readying[] = [];
    getting.subscribe(() => seen.push(getting.shown()));
    const end = getting.run(['a', 'b']);
    await finish('a');
    expect(await readOfflinePlan()).toEqual({ models: ['a', 'b'], wanted: true });
    await finish('b');
    expect(await end).toEqual({ state: 'ready' });
    expect(asked).toEqual(['a', 'b']);
    const bytes = seen.flatMap((each) => (each.state === 'fetching' ? [each.progress] : []));
    expect(bytes.map(({ done }) => done)).toEqual([0, 4, 10, 14]);
    expect(new Set(bytes.map(({ total }) => total))).toEqual(new Set([20]));
    expect(seen.map(({ state }) => state)).toContain('checking');
    expect(await readOfflinePlan()).toEqual({ models: ['a', 'b'], wanted: false });
  });

  it('is paused at the reader’s word, and is then not gone on with by itself', async () => {
    const { glossa, until } = engine([model('a')]);
    const getting = gettingReadyOf(glossa);
    const end = getting.run(['a']);
    await until('a');
    await getting.pause();
    expect(await end).toEqual({ state: 'paused' });
    expect(await readOfflinePlan()).toEqual({ models: ['a'], wanted: false });
  });

  it('says why it failed, and is gone on with at the next visit', async () => {
    const { glossa, installing, until } = engine([model('a')]);
    const end = gettingReadyOf(glossa).run(['a']);
    await until('a');
    installing.get('a')?.fail(new EngineError('download-failed', 'No network.'));
    expect(await end).toMatchObject({ state: 'failed', model: 'a', failure: { code: 'download-failed' } });
    expect(await readOfflinePlan()).toEqual({ models: ['a'], wanted: true });
  });

  it('fetches what is damaged again, once', async () => {
    const { glossa, sound, finish, asked } = engine([model('a')]);
    sound.set('a', false);
    const end = gettingReadyOf(glossa).run(['a']);
    await finish('a');
    await vi.waitFor(() => expect(asked).toEqual(['a', 'a']));
    await finish('a');
    expect(await end).toEqual({ state: 'ready' });
  });

  it('says when the browser does not keep the page itself', async () => {
    vi.stubGlobal('caches', { keys: () => Promise.reject(new DOMException('denied', 'SecurityError')) });
    vi.stubGlobal('navigator', {});
    const { glossa, finish } = engine([model('a')]);
    const end = gettingReadyOf(glossa).run(['a']);
    await finish('a');
    expect(await end).toEqual({ state: 'no-page' });
  });
});

it.each([
  [0, 'now'],
  [90, '1 minute ago'],
  [7200, '2 hours ago'],
  [86_400 * 3, '3 days ago'],
])('says of %i seconds ago %j', (seconds, said) => {
  expect(formatAgo(Date.now() - seconds * 1000, 'en')).toBe(said);
});
