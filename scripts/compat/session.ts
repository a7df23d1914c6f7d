import * as ort from 'onnxruntime-web/wasm';
import { plainSession } from '../../src/worker/runtime/plainSession.ts';
import type { Session } from '../../src/worker/runtime/session.ts';
import type { Tensor } from '../../src/worker/runtime/tensor.ts';

/** A graph on one thread of WASM, outside a browser. */
export async function openOnNode(graph: Uint8Array, weights: Uint8Array): Promise<Session> {
  ort.env.wasm.numThreads = 1;
  ort.env.logLevel = 'error';
  const externalData = [{ path: 'weights.bin', data: weights }];
  const session = await ort.InferenceSession.create(graph, { executionProviders: ['wasm'], externalData });
  return plainSession(
    async (feeds, _, outputs) => {
      const given = Object.entries(feeds).map(([name, { type, data, dims }]) => [
        name,
        new ort.Tensor(type, data, [...dims]),
      ]);
      const results = await session.run(Object.fromEntries(given) as Record<string, ort.Tensor>, [
        ...(outputs ?? session.outputNames),
      ]);
      return Object.fromEntries(Object.entries(results).map(([name, tensor]) => [name, plain(tensor)]));
    },
    () => session.release(),
  );
}

function plain({ data, dims }: ort.Tensor): Tensor {
  if (data instanceof Float32Array) return { type: 'float32', data, dims };
  if (data instanceof Int32Array) return { type: 'int32', data, dims };
  if (data instanceof Int8Array) return { type: 'int8', data, dims };
  throw new Error('a graph gave what none of ours gives');
}
