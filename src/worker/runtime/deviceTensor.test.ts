import { Tensor as OrtTensor } from 'onnxruntime-web/wasm';
import { describe, expect, it } from 'vitest';
import { gatherHeld, letGo } from '../seq2seq/tensors.ts';
import { type DeviceMemory, DeviceTensor } from './deviceTensor.ts';
import type { HeldTensors } from './session.ts';

/** A device whose memory is counted; what lies in it is of no interest here. */
function device() {
  const alive = new Set<symbol>();
  const held = (dims: number[]): OrtTensor => {
    const memory = Symbol();
    alive.add(memory);
    return OrtTensor.fromGpuBuffer<'float32'>({} as GPUBuffer, {
      dataType: 'float32',
      dims,
      dispose: () => void alive.delete(memory),
    });
  };
  const memory: DeviceMemory = {
    gather: (tensor, rows) => Promise.resolve(held([rows.length, ...tensor.dims.slice(1)])),
    view: ({ gpuBuffer }, dims) => OrtTensor.fromGpuBuffer<'float32'>(gpuBuffer, { dataType: 'float32', dims }),
  };
  return { alive, tensor: (dims: number[]) => new DeviceTensor(held(dims), memory) };
}

describe('tensors on a device', () => {
  it('are disposed of once, under whatever dimensions', () => {
    const { alive, tensor } = device();
    const flat = tensor([6]).reshaped([2, 3]).reshaped([3, 2]);
    expect(flat.dims).toEqual([3, 2]);
    expect(alive.size).toBe(1);
    flat.dispose();
    expect(alive.size).toBe(0);
  });

  it('are gathered where they are, and what was gathered from is given back', async () => {
    const { alive, tensor } = device();
    const plain = { type: 'float32' as const, data: Float32Array.of(1, 2, 3), dims: [3] };
    const states: HeldTensors = { far: tensor([3, 4]), near: plain };
    await gatherHeld(states, Int32Array.of(2, 0));
    expect(states['far']?.dims).toEqual([2, 4]);
    expect(states['near']).toEqual({ type: 'float32', data: Float32Array.of(3, 1), dims: [2] });
    expect(alive.size).toBe(1);
    letGo(states);
    expect(alive.size).toBe(0);
    expect(states).toEqual({});
  });
});
