import { afterEach, describe, expect, it, vi } from 'vitest';
import { chooseDevice } from './device.ts';

function machine(options: { cores: number; isolated: boolean; adapter?: object | null }) {
  vi.stubGlobal('crossOriginIsolated', options.isolated);
  const gpu = { requestAdapter: () => Promise.resolve(options.adapter) };
  vi.stubGlobal('navigator', { hardwareConcurrency: options.cores, ...('adapter' in options && { gpu }) });
}

afterEach(() => void vi.unstubAllGlobals());

describe('chooseDevice', () => {
  it.each([
    [1, true, 1],
    [2, true, 2],
    [16, true, 4],
    [16, false, 1],
  ])('gives WASM on %i cores, isolated %s, %i threads', async (cores, isolated, threads) => {
    machine({ cores, isolated, adapter: {} });
    expect(await chooseDevice('auto')).toMatchObject({ provider: 'wasm', threads, isolated });
  });

  it('takes no more threads than it may, and says that others have the rest', async () => {
    machine({ cores: 4, isolated: true });
    const shared = await chooseDevice('auto', 1);
    expect(shared.threads).toBe(1);
    expect(shared.why).toContain('other workers');
    expect(await chooseDevice('auto', 8)).toMatchObject({ threads: 4 });
  });

  it('gives WebGPU only when it is chosen and there', async () => {
    machine({ cores: 8, isolated: true, adapter: {} });
    expect((await chooseDevice('webgpu')).provider).toBe('webgpu');
    expect((await chooseDevice('wasm')).provider).toBe('wasm');
  });

  it.each([{ adapter: null }, {}])('says why WebGPU was not used: %o', async (gpu) => {
    machine({ cores: 2, isolated: true, ...gpu });
    const device = await chooseDevice('webgpu');
    expect(device).toMatchObject({ provider: 'wasm', threads: 2 });
    expect(device.why).toContain('no adapter');
  });
});
