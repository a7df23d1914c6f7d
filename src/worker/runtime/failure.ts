import { EngineError } from '../../protocol/errors.ts';

const OUT_OF_MEMORY =
  /bad_alloc|out of memory|\bOOM\b|allocation failed|(?:could not|cannot|failed to) allocate|cannot enlarge memory/i;
const DEVICE_LOST = /device.{0,40}\blost\b|\blost\b.{0,40}device/i;
const NOT_STARTED = /no available backend found|initWasm|initializeWebAssembly|dynamically imported module/i;

/** What ONNX Runtime threw, as an error whose sentence says what to do. `doing` tells a bad graph from a failed run. */
export function runtimeFailure(cause: unknown, doing: 'open' | 'run'): EngineError {
  if (cause instanceof EngineError) return cause;
  const reason = cause instanceof Error ? cause.message : String(cause);
  if (OUT_OF_MEMORY.test(reason)) {
    const message =
      'There was not enough memory for the model. Close other tabs, or translate less at once, and try again.';
    return new EngineError('out-of-memory', message, { cause });
  }
  if (DEVICE_LOST.test(reason)) {
    const message = 'The graphics device was lost. Try again; if it happens again, choose WASM instead of WebGPU.';
    return new EngineError('device-lost', message, { cause });
  }
  if (NOT_STARTED.test(reason)) {
    const message = `The model runtime could not be started. Check the connection and try again. (${reason})`;
    return new EngineError('download-failed', message, { cause });
  }
  if (doing === 'open') {
    const message = `The model's graph cannot be loaded. Remove the model and install it again. (${reason})`;
    return new EngineError('model-corrupt', message, { cause });
  }
  return new EngineError('internal', `The model failed while it ran. (${reason})`, { cause });
}
