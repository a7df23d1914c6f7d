import { toEngineError } from '../../protocol/errors.ts';
import { gpuAdapter } from '../../protocol/gpuAdapter.ts';
import type { Provider, ProviderTest } from '../../protocol/types.ts';
import { chooseDevice } from '../runtime/device.ts';
import { openModel } from '../store/models.ts';
import { compareProbes, leastTime, type Probe, type Probed } from './probe.ts';
import { speechProbe } from './speechProbe.ts';
import type { Task } from './task.ts';
import { translatorProbe } from './translatorProbe.ts';

/** WebGPU has to be so much faster: it takes more memory and power, and what is measured once is not measured exactly. */
const CLEARLY_FASTER = 1.5;
const TIMED_RUNS = 3;

/** Whose graphs are opened, and where they run. */
export type OpenProbe = (graphs: Provider, on: Provider, software: boolean) => Promise<Probe>;

/**
 * Whether WebGPU is right and faster for a model on this device. Right: the graphs for WebGPU, which compute in floats, say
 * there what they say on WASM, whose results are held to the golden files where the engine is tested. Faster: than the graphs
 * for WASM, which compute in 8 bits, on as many threads as they would have.
 */
export const testProviders: Task<'testProviders'> = async ({ model, kind, software }, { signal }) => {
  const adapter = await gpuAdapter();
  if (!adapter) return { verdict: 'none', adapter: '' };
  if (adapter.software && !software) return { verdict: 'software', adapter: adapter.name };
  const { threads } = await chooseDevice('wasm');
  const open: OpenProbe = async (graphs, on, small) => {
    const stored = await openModel(model, { provider: graphs, signal });
    const source = { part: stored.part, provider: on, threads, lane: 0, signal };
    return kind === 'speech'
      ? speechProbe(stored.manifest, source, small)
      : translatorProbe(stored.manifest, source, small);
  };
  return { adapter: adapter.name, ...(await compareProviders(open, adapter.software, signal)) };
};

/**
 * @param software - the adapter is the processor: then only whether it is right is of interest, and little has to do for that
 * @throws EngineError aborted, and what WASM fails with: that says nothing of WebGPU
 */
export async function compareProviders(
  open: OpenProbe,
  software: boolean,
  signal: AbortSignal,
): Promise<Omit<ProviderTest, 'adapter'>> {
  const right = await (await open('webgpu', 'wasm', software)).run(signal);
  const runs = software ? 1 : TIMED_RUNS;
  const wasm = await open('wasm', 'wasm', software);
  await wasm.run(signal);
  const wasmMs = await leastTime(wasm, runs, signal);
  let found: Probed;
  let webgpuMs: number;
  try {
    const probe = await open('webgpu', 'webgpu', software);
    found = await probe.run(signal);
    const wrong = compareProbes(found, right);
    if (wrong !== null) return { verdict: 'wrong', reason: wrong };
    webgpuMs = await leastTime(probe, runs, signal);
  } catch (error) {
    const { code, message } = toEngineError(error);
    if (code === 'aborted' || code === 'download-failed') throw error;
    return { verdict: 'failed', reason: message };
  }
  if (software) return { verdict: 'software', wasmMs, webgpuMs };
  return { verdict: webgpuMs * CLEARLY_FASTER <= wasmMs ? 'faster' : 'slower', wasmMs, webgpuMs };
}
