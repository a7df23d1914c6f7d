import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { gpuAdapter } from '../../protocol/gpuAdapter.ts';
import { startRuntime } from './local.ts';

/** More threads than this cost memory and win nothing on graphs of this size. */
const MAX_THREADS = 4;

/**
 * Where a model will run, and why. WASM unless WebGPU was chosen and the browser has an adapter for it; as many threads as
 * the machine has cores where the page is isolated (only then is memory shared between threads), otherwise one.
 * @param mostThreads - fewer than the device could have, where other workers want theirs
 */
export async function chooseDevice(choice: ProviderChoice, mostThreads = MAX_THREADS): Promise<DeviceInfo> {
  const isolated = globalThis.crossOriginIsolated;
  if (choice === 'webgpu') {
    if (await gpuAdapter()) {
      return {
        provider: 'webgpu',
        threads: 1,
        isolated,
        why: 'WebGPU was chosen and this browser has an adapter for it.',
      };
    }
    const wasm = wasmDevice(isolated, mostThreads);
    return { ...wasm, why: `WebGPU was chosen, but this browser has no adapter for it. ${wasm.why}` };
  }
  return wasmDevice(isolated, mostThreads);
}

/** The same choice, with its runtime being fetched and compiled meanwhile: that takes longer than reading a model. */
export async function startDevice(choice: ProviderChoice, mostThreads?: number): Promise<DeviceInfo> {
  const device = await chooseDevice(choice, mostThreads);
  startRuntime(device.provider, device.threads);
  return device;
}

function wasmDevice(isolated: boolean, mostThreads: number): DeviceInfo {
  const cores = navigator.hardwareConcurrency || 1;
  if (!isolated) {
    const why = 'WASM with one thread: the page is not cross-origin isolated, so threads cannot share memory.';
    return { provider: 'wasm', threads: 1, isolated, why };
  }
  if (mostThreads < Math.min(cores, MAX_THREADS)) {
    const why = `WASM with ${count(mostThreads, 'thread')}: other workers have the other cores.`;
    return { provider: 'wasm', threads: mostThreads, isolated, why };
  }
  const threads = Math.max(1, Math.min(cores, MAX_THREADS));
  const why = `WASM with ${count(threads, 'thread')}: this machine has ${count(cores, 'core')}${cores > MAX_THREADS ? `, and more than ${MAX_THREADS} threads win nothing` : ''}.`;
  return { provider: 'wasm', threads, isolated, why };
}

function count(number: number, thing: string): string {
  return number === 1 ? `one ${thing}` : `${number} ${thing}s`;
}
