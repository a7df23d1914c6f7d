import type { Tensor as OrtTensor } from 'onnxruntime-web/wasm';

/** What a runtime can do with tensors that lie on its device. */
export interface DeviceMemory {
  /** Rows of a tensor's axis 0, in the order given, as another tensor beside it. */
  gather(tensor: OrtTensor, rows: Int32Array): Promise<OrtTensor>;
  /** The same memory under other dimensions, owned by the first tensor still. */
  view(tensor: OrtTensor, dims: readonly number[]): OrtTensor;
}

/** A tensor of floats in the memory of a graphics device: opaque, and whoever holds it disposes of it. */
export class DeviceTensor {
  readonly type = 'device';
  readonly dims: readonly number[];
  /** For the session that it is fed to. */
  readonly value: OrtTensor;
  readonly #owner: OrtTensor;
  readonly #memory: DeviceMemory;

  /** @param owner - whose memory it is, where `value` is another view of it */
  constructor(value: OrtTensor, memory: DeviceMemory, owner = value) {
    this.dims = value.dims;
    this.value = value;
    this.#owner = owner;
    this.#memory = memory;
  }

  /** The same memory under other dimensions; it is disposed of by either, once. */
  reshaped(dims: readonly number[]): DeviceTensor {
    return new DeviceTensor(this.#memory.view(this.#owner, dims), this.#memory, this.#owner);
  }

  /** @throws EngineError what `Session.run` does */
  async gathered(rows: Int32Array): Promise<DeviceTensor> {
    return new DeviceTensor(await this.#memory.gather(this.value, rows), this.#memory);
  }

  dispose(): void {
    this.#owner.dispose();
  }
}
