import { EngineError } from '../protocol/errors.ts';
import { MessageReader } from './protobuf.ts';

/** An input or output of a graph. */
export interface OnnxValue {
  name: string;
  /** `float32`, `int64`..., or `type 17` for what nobody here uses. */
  type: string;
  /** Null where an axis has no fixed size. */
  dims: (number | null)[];
}

/** What a graph wants and gives, without what is inside. */
export interface OnnxGraph {
  inputs: OnnxValue[];
  outputs: OnnxValue[];
  /** Files that hold its weights, as it names them; usually none. */
  externalFiles: string[];
}

/** TensorProto.DataType */
const TYPES: Partial<Record<number, string>> = {
  1: 'float32',
  2: 'uint8',
  3: 'int8',
  6: 'int32',
  7: 'int64',
  9: 'bool',
  10: 'float16',
  11: 'float64',
  16: 'bfloat16',
};
const MAX_RANK = 16;
const MAX_VALUES = 4096;
/** Far deeper than exporters nest `If` and `Loop`. */
const MAX_DEPTH = 32;

/**
 * Reads the signature of an ONNX file: the names, types and shapes of its graph's inputs and outputs.
 * @throws EngineError model-corrupt
 */
export function parseOnnxGraph(file: Uint8Array): OnnxGraph {
  const graph: OnnxGraph = { inputs: [], outputs: [], externalFiles: [] };
  const external = new Set<string>();
  const model = new MessageReader(file, 'the model', corrupt);
  while (model.next()) {
    if (model.tag !== 7) continue;
    const message = model.bytes('the graph');
    readValues(message, graph);
    findExternalFiles(message, external, 0);
  }
  if (graph.outputs.length === 0) throw corrupt('it has no graph with an output');
  return { ...graph, externalFiles: [...external] };
}

function readValues(message: Uint8Array, { inputs, outputs }: OnnxGraph): void {
  const graph = new MessageReader(message, 'a graph', corrupt);
  while (graph.next()) {
    if (graph.tag !== 11 && graph.tag !== 12) continue;
    const values = graph.tag === 11 ? inputs : outputs;
    if (values.length === MAX_VALUES) throw corrupt('it has too many inputs or outputs');
    values.push(readValue(graph.bytes('an input or output')));
  }
}

/** ValueInfoProto */
function readValue(message: Uint8Array): OnnxValue {
  const value: OnnxValue = { name: '', type: 'unknown', dims: [] };
  const reader = new MessageReader(message, 'an input or output', corrupt);
  while (reader.next()) {
    if (reader.tag === 1) value.name = reader.text('the name of an input or output');
    if (reader.tag !== 2) continue;
    const type = new MessageReader(reader.bytes('a type'), 'a type', corrupt);
    while (type.next()) if (type.tag === 1) readTensorType(type.bytes('a tensor type'), value);
  }
  return value;
}

function readTensorType(message: Uint8Array, value: OnnxValue): void {
  const reader = new MessageReader(message, 'a tensor type', corrupt);
  while (reader.next()) {
    if (reader.tag === 1) value.type = TYPES[reader.number] ?? `type ${reader.number}`;
    if (reader.tag !== 2) continue;
    const shape = new MessageReader(reader.bytes('a shape'), 'a shape', corrupt);
    while (shape.next()) {
      if (shape.tag !== 1) continue;
      if (value.dims.length === MAX_RANK) throw corrupt(`"${value.name.slice(0, 60)}" has too many dimensions`);
      const dimension = new MessageReader(shape.bytes('a dimension'), 'a dimension', corrupt);
      let size: number | null = null;
      while (dimension.next()) if (dimension.tag === 1 && dimension.wire === 0) size = dimension.number;
      value.dims.push(size);
    }
  }
}

function findExternalFiles(message: Uint8Array, found: Set<string>, depth: number): void {
  if (depth > MAX_DEPTH) throw corrupt('its graphs are nested without an end');
  const graph = new MessageReader(message, 'a graph', corrupt);
  while (graph.next()) {
    if (graph.tag === 5) findLocation(graph.bytes('a tensor'), found);
    if (graph.tag !== 1) continue;
    const node = new MessageReader(graph.bytes('a node'), 'a node', corrupt);
    while (node.next()) {
      if (node.tag !== 5) continue;
      const attribute = new MessageReader(node.bytes('an attribute'), 'an attribute', corrupt);
      while (attribute.next()) {
        if (attribute.tag === 5) findLocation(attribute.bytes('a tensor'), found);
        if (attribute.tag === 6) findExternalFiles(attribute.bytes('a graph'), found, depth + 1);
      }
    }
  }
}

/** The `location` among a TensorProto's `external_data`. */
function findLocation(message: Uint8Array, found: Set<string>): void {
  const tensor = new MessageReader(message, 'a tensor', corrupt);
  while (tensor.next()) {
    if (tensor.tag !== 13) continue;
    const entry = new MessageReader(tensor.bytes('where a tensor lies'), 'where a tensor lies', corrupt);
    let key = '';
    let value = '';
    while (entry.next()) {
      if (entry.tag === 1) key = entry.text('a key');
      if (entry.tag === 2) value = entry.text('a value');
    }
    if (key === 'location' && found.size < MAX_VALUES) found.add(value);
  }
}

function corrupt(reason: string): EngineError {
  return new EngineError('model-corrupt', `The ONNX file is damaged: ${reason}. Fetch the file again.`);
}
