import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { EngineError } from '../../protocol/errors.ts';
import { openTranslator } from '../seq2seq/openTranslator.ts';
import { openModel } from '../store/models.ts';

vi.mock('../store/models.ts', () => ({ openModel: vi.fn() }));
vi.mock('../seq2seq/openTranslator.ts', () => ({
  openTranslator: vi.fn(({ lane }: { lane: number }) => Promise.resolve({ lane })),
}));
vi.mock('../runtime/device.ts', () => ({
  startDevice: () => Promise.resolve({ provider: 'wasm', threads: 3, isolated: true, why: 'a test' }),
}));

const folder = new URL('../../../models/en-pt/', import.meta.url);
const stored = {
  manifest: { id: 'en-pt', kind: 'translation', architecture: {}, parts: [{ role: 'tokeniser' }, { role: 'lexicon' }] },
  part: (role: string) => {
    const file = role === 'tokeniser' ? 'vocab.spm.gz' : 'lexicon.bin.gz';
    return Promise.resolve(new Uint8Array(gunzipSync(readFileSync(new URL(file, folder)))));
  },
};

const { signal } = new AbortController();

describe('residentTranslator', () => {
  beforeEach(() => {
    vi.resetModules();
    vi.mocked(openTranslator).mockClear();
    vi.mocked(openModel).mockReset();
    vi.mocked(openModel).mockResolvedValue(stored as Awaited<ReturnType<typeof openModel>>);
  });

  it('loads once for calls that come together or later', async () => {
    const { residentTranslator } = await import('./resident.ts');
    const [a, b] = await Promise.all([1, 2].map(() => residentTranslator('en-pt', 'auto', { signal })));
    expect(a).toBe(b);
    expect(await residentTranslator('en-pt', 'auto', { signal })).toBe(a);
    expect(openModel).toHaveBeenCalledTimes(1);
  });

  it('forgets a load that failed', async () => {
    const { residentTranslator } = await import('./resident.ts');
    vi.mocked(openModel).mockRejectedValueOnce(new EngineError('download-failed', 'No network.'));
    await expect(residentTranslator('en-pt', 'auto', { signal })).rejects.toMatchObject({ code: 'download-failed' });
    expect((await residentTranslator('en-pt', 'auto', { signal })).manifest.id).toBe('en-pt');
  });

  it('lets the call that loads stop the load, and no longer once it is loaded', async () => {
    const { residentTranslator } = await import('./resident.ts');
    const controller = new AbortController();
    let loading: AbortSignal | undefined;
    vi.mocked(openModel).mockImplementation((_, options) => {
      loading = options.signal;
      return Promise.resolve(stored as Awaited<ReturnType<typeof openModel>>);
    });
    await residentTranslator('en-pt', 'auto', { signal: controller.signal });
    controller.abort();
    expect(loading?.aborted).toBe(false);

    const other = new AbortController();
    const stopped = residentTranslator('pt-en', 'auto', { signal: other.signal });
    other.abort();
    await Promise.allSettled([stopped]);
    expect(loading?.aborted).toBe(true);
  });

  it('opens a lane a thread when they are asked for, once, and again after a failure', async () => {
    const { residentTranslator } = await import('./resident.ts');
    const translator = await residentTranslator('en-pt', 'auto', { signal });
    expect(openTranslator).toHaveBeenCalledTimes(1);
    vi.mocked(openTranslator).mockRejectedValueOnce(new EngineError('out-of-memory', 'Full.'));
    await expect(translator.lanes()).rejects.toMatchObject({ code: 'out-of-memory' });
    const lanes = await translator.lanes();
    expect(lanes).toEqual([{ lane: 1 }, { lane: 2 }, { lane: 3 }]);
    expect(await translator.lanes()).toBe(lanes);
    expect(vi.mocked(openTranslator).mock.lastCall?.[0].threads).toBe(1);
  });
});
