import * as ort from 'onnxruntime-web/wasm';
import type { HeldTensors, Session } from '../../src/worker/runtime/session.ts';
import type { Tensor } from '../../src/worker/runtime/tensor.ts';

/** A graph on one thread of WASM, outside a browser: the engine's own session fetches the runtime where a bundler put it. */
export async function openOnNode(graph: Uint8Array, weights: Uint8Array): Promise<Session> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const externalData = [{ path: 'weights.bin', data: weights }];
  // As the engine loads them.
  const graphOptimizationLevel = 'disabled';
  const options = { executionProviders: ['wasm'], externalData, graphOptimizationLevel } as const;
  const session = await ort.InferenceSession.create(graph, options);
  const run = async (feeds: HeldTensors, outputs?: string[]): Promise<Record<string, Tensor>> => {
    const inputs = Object.fromEntries(Object.entries(feeds).map(([name, fed]) => [name, onNode(fed)]));
    const results = await (outputs ? session.run(inputs, outputs) : session.run(inputs));
    return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, plain(tensor)]));
  };
  return {
    run: (feeds, _, outputs) => run(feeds, outputs),
    runHeld: (feeds, _, outputs) => run(feeds, outputs),
    place: (tensor) => Promise.resolve(tensor),
    release: () => session.release(),
  };
}

function onNode(fed: HeldTensors[string]): ort.Tensor {
  if (!('data' in fed)) throw new Error('there is no device here');
  return new ort.Tensor(fed.type, fed.data, [...fed.dims]);
}

function plain({ data, dims }: ort.Tensor): Tensor {
  if (data instanceof Float32Array) return { type: 'float32', data, dims };
  if (data instanceof Int32Array) return { type: 'int32', data, dims };
  if (data instanceof Int8Array) return { type: 'int8', data, dims };
  throw new Error('a graph gave what none of ours gives');
}
