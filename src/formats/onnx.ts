import { EngineError } from '../protocol/errors.ts';
import { MessageReader } from './protobuf.ts';

/** A float tensor of an ONNX file. */
export interface OnnxTensor {
  shape: readonly number[];
  data: Float32Array;
}

/** TensorProto.DataType */
const FLOAT = 1;
const MAX_RANK = 16;
/** Far deeper than exporters nest `If` and `Loop`. */
const MAX_DEPTH = 32;

/**
 * The float tensors that an ONNX file holds as initialisers or as `Constant` nodes with raw data, in its graph and in the graphs
 * nested in it, by the names of their values. Other tensors are left out.
 * @throws EngineError model-corrupt
 */
export function parseOnnxTensors(file: Uint8Array): Map<string, OnnxTensor> {
  const tensors = new Map<string, OnnxTensor>();
  const model = new MessageReader(file, 'the model', corrupt);
  while (model.next()) {
    if (model.tag === 7) readGraph(model.bytes('the graph'), tensors, 0);
  }
  return tensors;
}

function readGraph(message: Uint8Array, tensors: Map<string, OnnxTensor>, depth: number): void {
  if (depth > MAX_DEPTH) throw corrupt('its graphs are nested without an end');
  const graph = new MessageReader(message, 'a graph', corrupt);
  while (graph.next()) {
    if (graph.tag === 1) readNode(graph.bytes('a node'), tensors, depth);
    if (graph.tag === 5) {
      const { name, tensor } = readTensor(graph.bytes('a tensor'));
      if (tensor) tensors.set(name, tensor);
    }
  }
}

function readNode(message: Uint8Array, tensors: Map<string, OnnxTensor>, depth: number): void {
  const node = new MessageReader(message, 'a node', corrupt);
  let output = '';
  let constant: OnnxTensor | null = null;
  while (node.next()) {
    if (node.tag === 2) output = node.text('the name of a value');
    if (node.tag !== 5) continue;
    const attribute = new MessageReader(node.bytes('an attribute'), 'an attribute', corrupt);
    while (attribute.next()) {
      if (attribute.tag === 5) constant = readTensor(attribute.bytes('a tensor')).tensor;
      if (attribute.tag === 6) readGraph(attribute.bytes('a graph'), tensors, depth + 1);
    }
  }
  if (constant) tensors.set(output, constant);
}

function readTensor(message: Uint8Array): { name: string; tensor: OnnxTensor | null } {
  const reader = new MessageReader(message, 'a tensor', corrupt);
  const shape: number[] = [];
  let type = 0;
  let name = '';
  let raw: Uint8Array | null = null;
  while (reader.next()) {
    if (reader.tag === 1) {
      const dims = reader.wire === 0 ? [reader.number] : packedNumbers(reader.bytes('the shape of a tensor'));
      if (shape.length + dims.length > MAX_RANK) throw corrupt('a tensor has too many dimensions');
      shape.push(...dims);
    }
    if (reader.tag === 2) type = reader.number;
    if (reader.tag === 8) name = reader.text('the name of a tensor');
    if (reader.tag === 9) raw = reader.bytes('the values of a tensor');
  }
  if (type !== FLOAT || !raw) return { name, tensor: null };
  const count = shape.reduce((product, dim) => product * dim, 1);
  if (raw.length !== 4 * count) throw corrupt(`a tensor of ${shape.join('x')} floats has ${raw.length} bytes`);
  const view = new DataView(raw.buffer, raw.byteOffset, raw.byteLength);
  return {
    name,
    tensor: { shape, data: Float32Array.from({ length: count }, (_, i) => view.getFloat32(4 * i, true)) },
  };
}

function packedNumbers(bytes: Uint8Array): number[] {
  const numbers: number[] = [];
  let value = 0;
  let place = 1;
  for (const byte of bytes) {
    value += (byte & 0x7f) * place;
    place *= 128;
    if (byte >= 0x80) continue;
    numbers.push(value);
    [value, place] = [0, 1];
  }
  return numbers;
}

function corrupt(reason: string): EngineError {
  return new EngineError('model-corrupt', `The ONNX file is damaged: ${reason}. Fetch the file again.`);
}
