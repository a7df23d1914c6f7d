import type { ProviderChoice } from '../../protocol/messages.ts';
import type { DeviceInfo } from '../../protocol/types.ts';
import { startRuntime } from './local.ts';

/** More threads than this cost memory and win nothing on graphs of this size. */
const MAX_THREADS = 4;

/**
 * Where a model will run, and why. WASM unless WebGPU was chosen and the browser has an adapter for it; as many threads as
 * the machine has cores where the page is isolated (only then is memory shared between threads), otherwise one.
 */
export async function chooseDevice(choice: ProviderChoice): Promise<DeviceInfo> {
  const isolated = globalThis.crossOriginIsolated;
  if (choice === 'webgpu') {
    if (await hasAdapter()) {
      return {
        provider: 'webgpu',
        threads: 1,
        isolated,
        why: 'WebGPU was chosen and this browser has an adapter for it.',
      };
    }
    const wasm = wasmDevice(isolated);
    return { ...wasm, why: `WebGPU was chosen, but this browser has no adapter for it. ${wasm.why}` };
  }
  return wasmDevice(isolated);
}

/** The same choice, with its runtime being fetched and compiled meanwhile: that takes longer than reading a model. */
export async function startDevice(choice: ProviderChoice): Promise<DeviceInfo> {
  const device = await chooseDevice(choice);
  startRuntime(device.provider, device.threads);
  return device;
}

function wasmDevice(isolated: boolean): DeviceInfo {
  const cores = navigator.hardwareConcurrency || 1;
  if (!isolated) {
    const why = 'WASM with one thread: the page is not cross-origin isolated, so threads cannot share memory.';
    return { provider: 'wasm', threads: 1, isolated, why };
  }
  const threads = Math.max(1, Math.min(cores, MAX_THREADS));
  const why = `WASM with ${threads === 1 ? 'one thread' : `${threads} threads`}: this machine has ${
    cores === 1 ? 'one core' : `${cores} cores`
  }${cores > MAX_THREADS ? `, and more than ${MAX_THREADS} threads win nothing` : ''}.`;
  return { provider: 'wasm', threads, isolated, why };
}

async function hasAdapter(): Promise<boolean> {
  if (!('gpu' in navigator)) return false;
  try {
    return (await navigator.gpu.requestAdapter()) !== null;
  } catch {
    return false;
  }
}
