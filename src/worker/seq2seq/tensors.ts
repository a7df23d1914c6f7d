import type { DeviceTensor } from '../runtime/deviceTensor.ts';
import type { HeldTensors, Session } from '../runtime/session.ts';
import type { Tensor } from '../runtime/tensor.ts';

export type Tensors = Record<string, Tensor>;

/** The rows of a tensor's axis 0, in the order given. */
export function gathered(tensor: Tensor, rows: Int32Array): Tensor {
  const width = tensor.data.length / (tensor.dims[0] ?? 1);
  const dims = [rows.length, ...tensor.dims.slice(1)];
  const length = rows.length * width;
  switch (tensor.type) {
    case 'float32':
      return { type: 'float32', data: gatherRows(tensor.data, rows, width, new Float32Array(length)), dims };
    case 'int32':
      return { type: 'int32', data: gatherRows(tensor.data, rows, width, new Int32Array(length)), dims };
    case 'int64':
      return { type: 'int64', data: gatherRows(tensor.data, rows, width, new BigInt64Array(length)), dims };
    case 'int8':
      return { type: 'int8', data: gatherRows(tensor.data, rows, width, new Int8Array(length)), dims };
    case 'uint8':
    case 'bool':
      return { type: tensor.type, data: gatherRows(tensor.data, rows, width, new Uint8Array(length)), dims };
  }
}

/** The rows of every tensor's axis 0, in the order given, in place of what was there; wherever each of them is. */
export async function gatherHeld(tensors: HeldTensors, rows: Int32Array): Promise<void> {
  for (const [name, tensor] of Object.entries(tensors)) {
    if (tensor.type !== 'device') {
      tensors[name] = gathered(tensor, rows);
      continue;
    }
    tensors[name] = await tensor.gathered(rows);
    tensor.dispose();
  }
}

/** Copies of floats on the device that a session runs on; elsewhere the same tensors. */
export async function placed(tensors: Tensors, session: Session): Promise<HeldTensors> {
  const held: HeldTensors = {};
  try {
    for (const [name, tensor] of Object.entries(tensors)) held[name] = await session.place(tensor);
  } catch (error) {
    letGo(held);
    throw error;
  }
  return held;
}

/** Gives back what is on a device, and forgets the rest. */
export function letGo(tensors: HeldTensors): void {
  for (const tensor of Object.values(tensors)) if (tensor.type === 'device') tensor.dispose();
  for (const name of Object.keys(tensors)) Reflect.deleteProperty(tensors, name);
}

/** The same values under other dimensions. */
export const reshaped = (tensor: Tensor | DeviceTensor, dims: readonly number[]): Tensor | DeviceTensor =>
  tensor.type === 'device' ? tensor.reshaped(dims) : { ...tensor, dims };

interface Gatherable<T> {
  subarray(from: number, to: number): T;
  set(values: T, at: number): void;
}

/** Rows of `width` values, in the order given, into `to`. */
export function gatherRows<T extends Gatherable<T>>(from: T, rows: Int32Array, width: number, to: T): T {
  rows.forEach((row, i) => {
    to.set(from.subarray(row * width, (row + 1) * width), i * width);
  });
  return to;
}

export function mapTensors(tensors: Tensors, map: (tensor: Tensor) => Tensor): Tensors {
  return Object.fromEntries(Object.entries(tensors).map(([name, tensor]) => [name, map(tensor)]));
}

/** A result that the graph must have given. */
export function floats(results: HeldTensors, name: string): Float32Array {
  const tensor = results[name];
  if (tensor?.type !== 'float32') throw new Error(`The graph gave no ${name}.`);
  return tensor.data;
}

export function integers(results: HeldTensors, name: string): Int32Array {
  const tensor = results[name];
  if (tensor?.type !== 'int32') throw new Error(`The graph gave no ${name}.`);
  return tensor.data;
}
