import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Provider } from '../../protocol/types.ts';
import { runtimeFailure } from './failure.ts';
import { holdWorkers } from './holdWorkers.ts';
import { macrotask } from './macrotask.ts';
import type { ort } from './ort-wasm.ts';
import { onnxOutputs } from '../../formats/onnxOutputs.ts';
import { type DeviceMemory, DeviceTensor } from './deviceTensor.ts';
import type { HeldTensors, Session, SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

type Ort = typeof ort;

/** A ModelProto of one Identity node on float32[1]: opening it starts the runtime, which has no call of its own for that. */
const IDENTITY_GRAPH = 'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAR';

/** A ModelProto of one Gather node on axis 0, of float32 of any shape. */
const GATHER_GRAPH = 'CAg6PgoRCgF4CgFyEgF5IgZHYXRoZXISAWdaCQoBeBIECgIIAVoQCgFyEgsKCQgGEgUKAxIBbmIJCgF5EgQKAggBQgIQEQ==';

// Before the runtime starts its threads.
if ('Worker' in globalThis) holdWorkers(globalThis);

const runtimes = new Map<Provider, Promise<Ort>>();

/** One use of a runtime at a time: it keeps the mounted weights, and WebGPU's suspended call, in globals. */
let lastUse: Promise<unknown> = Promise.resolve();

function exclusively<T>(use: () => Promise<T>): Promise<T> {
  const result = lastUse.then(use);
  lastUse = result.catch(() => undefined);
  return result;
}

/** Whether the graphics device behind the WebGPU runtime is gone; nothing but a new worker brings it back. */
let deviceLost = false;

/** Begins to fetch and compile the runtime. A failure is reported by the first session that is opened. */
export function startRuntime(provider: Provider, threads: number): void {
  loadRuntime(provider, threads).catch(() => undefined);
}

function loadRuntime(provider: Provider, threads: number): Promise<Ort> {
  let runtime = runtimes.get(provider);
  if (!runtime) {
    runtime = exclusively(() => initialise(provider, threads));
    runtime.catch(() => runtimes.delete(provider));
    runtimes.set(provider, runtime);
  }
  return runtime;
}

async function initialise(provider: Provider, threads: number): Promise<Ort> {
  // WebGPU's build is twice the size: fetched only when it is chosen.
  const { ort } = provider === 'wasm' ? await import('./ort-wasm.ts') : await import('./ort-webgpu.ts');
  ort.env.logLevel = 'error';
  ort.env.wasm.numThreads = threads;
  const session = await ort.InferenceSession.create(decoded(IDENTITY_GRAPH), { executionProviders: [provider] });
  if (provider === 'webgpu') {
    // This session stays: with the last one the runtime destroys its device, and the next would have another than is watched here.
    const device = await ort.env.webgpu.device;
    void device.lost.then(() => (deviceLost = true));
  } else await session.release();
  return ort;
}

const decoded = (base64: string): Uint8Array => Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));

let gatherer: Promise<InferenceSession> | null = null;

/** Gathers rows on the graphics device: a session of its own, opened when it is first needed. */
async function gatherOnDevice(ort: Ort, tensor: OrtTensor, rows: Int32Array): Promise<OrtTensor> {
  try {
    gatherer ??= exclusively(() =>
      ort.InferenceSession.create(decoded(GATHER_GRAPH), {
        executionProviders: ['webgpu'],
        preferredOutputLocation: { y: 'gpu-buffer' },
        logSeverityLevel: 3,
      }),
    );
    gatherer.catch(() => (gatherer = null));
    const session = await gatherer;
    const r = new ort.Tensor('int32', rows, [rows.length]);
    const { y } = await exclusively(() => session.run({ x: tensor, r }));
    if (!y) throw new Error('The runtime gathered nothing.');
    return y;
  } catch (error) {
    throw runFailure(error);
  }
}

const runFailure = (error: unknown): EngineError =>
  runtimeFailure(deviceLost ? new Error('The device was lost.', { cause: error }) : error, 'run');

/** A session in this worker's own runtime. Throws as `openSession` does. */
export async function openLocalSession(source: SessionSource): Promise<Session> {
  const { graph, weights, provider, threads, optimise = provider !== 'wasm', hold = [] } = source;
  try {
    const held =
      provider === 'webgpu' && hold.length > 0 ? onnxOutputs(graph).filter((name) => begins(name, hold)) : [];
    const ort = await loadRuntime(provider, threads);
    const session = await exclusively(() =>
      ort.InferenceSession.create(graph, {
        executionProviders: [provider],
        externalData: weights,
        // Our own graphs for WASM are fused when they are written: optimising them again only doubles the time to open them.
        graphOptimizationLevel: optimise ? 'all' : 'disabled',
        // Otherwise the optimiser keeps its hands off quantised weights.
        ...(source.optimise && { extra: { session: { disable_quant_qdq: '1' } } }),
        ...(held.length > 0 && {
          preferredOutputLocation: Object.fromEntries(held.map((name) => [name, 'gpu-buffer' as const])),
        }),
        logSeverityLevel: 3,
      }),
    );
    return new LocalSession(ort, session, provider);
  } catch (error) {
    throw runtimeFailure(error, 'open');
  }
}

const begins = (name: string, prefixes: readonly string[]): boolean =>
  prefixes.some((prefix) => name.startsWith(prefix));

class LocalSession implements Session {
  readonly #ort: Ort;
  readonly #session: InferenceSession;
  readonly #provider: Provider;
  readonly #memory: DeviceMemory;

  constructor(ort: Ort, session: InferenceSession, provider: Provider) {
    this.#ort = ort;
    this.#memory = {
      gather: (tensor, rows) => gatherOnDevice(ort, tensor, rows),
      view: ({ gpuBuffer }, dims) => ort.Tensor.fromGpuBuffer(gpuBuffer, { dataType: 'float32', dims }),
    };
    this.#session = session;
    this.#provider = provider;
  }

  async run(feeds: Record<string, Tensor>, signal: AbortSignal, outputs?: string[]): Promise<Record<string, Tensor>> {
    const results = await this.runHeld(feeds, signal, outputs);
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => {
        if (value.type === 'device')
          throw new EngineError('internal', `The graph's output "${name}" is on the device.`);
        return [name, value];
      }),
    );
  }

  async runHeld(feeds: HeldTensors, signal: AbortSignal, outputs?: string[]): Promise<HeldTensors> {
    throwIfAborted(signal);
    let results: InferenceSession.ReturnType;
    try {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, tensor]) => [
          name,
          tensor.type === 'device' ? tensor.value : new this.#ort.Tensor(tensor.type, tensor.data, tensor.dims),
        ]),
      );
      results = await exclusively(() => (outputs ? this.#session.run(inputs, outputs) : this.#session.run(inputs)));
    } catch (error) {
      throw runFailure(error);
    }
    await macrotask();
    try {
      throwIfAborted(signal);
      if (this.#provider === 'webgpu') refuseNonsense(results);
    } catch (error) {
      for (const result of Object.values(results)) if (result.location === 'gpu-buffer') result.dispose();
      throw error;
    }
    return Object.fromEntries(
      Object.entries(results).map(([name, value]) => [
        name,
        value.location === 'gpu-buffer' ? new DeviceTensor(value, this.#memory) : plainTensor(name, value),
      ]),
    );
  }

  async place(tensor: Tensor): Promise<Tensor | DeviceTensor> {
    const { type, data, dims } = tensor;
    if (this.#provider !== 'webgpu' || type !== 'float32' || data.length === 0) return tensor;
    const every = Int32Array.from({ length: dims[0] ?? 1 }, (_, row) => row);
    const placed = await gatherOnDevice(this.#ort, new this.#ort.Tensor(type, data, dims), every);
    return new DeviceTensor(placed, this.#memory);
  }

  async release(): Promise<void> {
    await exclusively(() => this.#session.release());
  }
}

/** A driver that computes wrongly gives NaN sooner or later, and NaN makes everything NaN that comes after. */
function refuseNonsense(results: InferenceSession.ReturnType): void {
  for (const [name, result] of Object.entries(results)) {
    // Of a tensor on the device there is no data to look at.
    if (result.location !== 'cpu' || result.type !== 'float32') continue;
    const { data } = result;
    if (!(data instanceof Float32Array)) continue;
    if (!Number.isNaN(data[0]) && !Number.isNaN(data.at(-1))) continue;
    throw new EngineError('internal', `WebGPU gave numbers that are none (${name}). Choose WASM instead of WebGPU.`);
  }
}

function plainTensor(name: string, { type, data, dims }: OrtTensor): Tensor {
  if (type === 'float32' && data instanceof Float32Array) return { type, data, dims };
  if (type === 'int32' && data instanceof Int32Array) return { type, data, dims };
  if (type === 'int64' && data instanceof BigInt64Array) return { type, data, dims };
  if (type === 'int8' && data instanceof Int8Array) return { type, data, dims };
  if ((type === 'uint8' || type === 'bool') && data instanceof Uint8Array) return { type, data, dims };
  throw new EngineError(
    'internal',
    `The graph's output "${name}" has the type ${type}, which the engine does not read.`,
  );
}
