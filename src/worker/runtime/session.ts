import type { Provider } from '../../protocol/types.ts';
import type { DeviceTensor } from './deviceTensor.ts';
import type { Tensor } from './tensor.ts';

/** What a session is made from. */
export interface SessionSource {
  /** A serialised ONNX ModelProto. */
  graph: Uint8Array;
  /** The files that the graph's external tensors name; sessions may share them. */
  weights: { path: string; data: Uint8Array }[];
  provider: Provider;
  /** The first session in a lane decides; ONNX Runtime has one thread pool for each WASM instance. */
  threads: number;
  /**
   * Which WASM instance the session lives in: 0, the default, is the calling worker's own; every other number is a worker
   * of its own, so that sessions in different lanes run at the same time.
   */
  lane?: number;
  /**
   * For graphs that were exported rather than written for this runtime: it optimises them as it loads them, and turns their
   * int8 weights (DequantizeLinear) into float32 once instead of at every run.
   */
  optimise?: boolean;
  /** On WebGPU, outputs whose names begin so stay in the device's memory when `runHeld` asks for them. They are floats. */
  hold?: readonly string[];
}

/** Tensors some of which may be on a device. */
export type HeldTensors = Record<string, Tensor | DeviceTensor>;

/** A loaded graph. */
export interface Session {
  /**
   * Runs the graph once. Feeds are copied, results belong to the caller. `outputs` names the results that are wanted;
   * absent: all. The signal is checked before and after: a run cannot be interrupted.
   * @throws EngineError aborted, out-of-memory, device-lost, worker-crashed or internal
   */
  run(feeds: Record<string, Tensor>, signal: AbortSignal, outputs?: string[]): Promise<Record<string, Tensor>>;
  /**
   * The same, but that the outputs which the session holds (`SessionSource.hold`) stay on its device, and those that it gave
   * before are fed from there. What it gives on the device is the caller's, to dispose of.
   */
  runHeld(feeds: HeldTensors, signal: AbortSignal, outputs?: string[]): Promise<HeldTensors>;
  /** The floats in the memory of the session's device, for many runs to read: the caller's, to dispose of. On WASM, as they are. */
  place(tensor: Tensor): Promise<Tensor | DeviceTensor>;
  /** Frees the session. WASM memory never shrinks: only the end of the worker gives it back. */
  release(): Promise<void>;
}
