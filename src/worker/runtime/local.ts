import type { InferenceSession, Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { EngineError, throwIfAborted } from '../../protocol/errors.ts';
import type { Provider } from '../../protocol/types.ts';
import { runtimeFailure } from './failure.ts';
import { macrotask } from './macrotask.ts';
import type { ort } from './ort-wasm.ts';
import type { Session, SessionSource } from './session.ts';
import type { Tensor } from './tensor.ts';

type Ort = typeof ort;

/** A ModelProto of one Identity node on float32[1]: opening it starts the runtime, which has no call of its own for that. */
const IDENTITY_GRAPH = 'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCAhAR';

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
  const graph = Uint8Array.from(atob(IDENTITY_GRAPH), (character) => character.charCodeAt(0));
  const session = await ort.InferenceSession.create(graph, { executionProviders: [provider] });
  await session.release();
  if (provider === 'webgpu') {
    const device = await ort.env.webgpu.device;
    void device.lost.then(() => (deviceLost = true));
  }
  return ort;
}

/** A session in this worker's own runtime. Throws as `openSession` does. */
export async function openLocalSession(source: SessionSource): Promise<Session> {
  const { graph, weights, provider, threads, optimise = provider !== 'wasm' } = source;
  try {
    const ort = await loadRuntime(provider, threads);
    const session = await exclusively(() =>
      ort.InferenceSession.create(graph, {
        executionProviders: [provider],
        externalData: weights,
        // Our own graphs for WASM are fused when they are written: optimising them again only doubles the time to open them.
        graphOptimizationLevel: optimise ? 'all' : 'disabled',
        // Otherwise the optimiser keeps its hands off quantised weights.
        ...(source.optimise && { extra: { session: { disable_quant_qdq: '1' } } }),
        logSeverityLevel: 3,
      }),
    );
    return new LocalSession(ort, session);
  } catch (error) {
    throw runtimeFailure(error, 'open');
  }
}

class LocalSession implements Session {
  readonly #ort: Ort;
  readonly #session: InferenceSession;

  constructor(ort: Ort, session: InferenceSession) {
    this.#ort = ort;
    this.#session = session;
  }

  async run(feeds: Record<string, Tensor>, signal: AbortSignal, outputs?: string[]): Promise<Record<string, Tensor>> {
    throwIfAborted(signal);
    let results: InferenceSession.ReturnType;
    try {
      const inputs = Object.fromEntries(
        Object.entries(feeds).map(([name, { type, data, dims }]) => [name, new this.#ort.Tensor(type, data, dims)]),
      );
      results = await exclusively(() => (outputs ? this.#session.run(inputs, outputs) : this.#session.run(inputs)));
    } catch (error) {
      throw runtimeFailure(deviceLost ? new Error('The device was lost.', { cause: error }) : error, 'run');
    }
    await macrotask();
    throwIfAborted(signal);
    return Object.fromEntries(Object.entries(results).map(([name, value]) => [name, plainTensor(name, value)]));
  }

  async release(): Promise<void> {
    await exclusively(() => this.#session.release());
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
