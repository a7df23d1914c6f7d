import { ProtobufWriter } from './protobuf.ts';
import { ELEMENT_TYPES } from './weights.ts';
import type { ElementType, StoredWeight, WeightContent, WeightStore, WeightType } from './weights.ts';

/** The name of the external-data file as the graphs spell it. */
const WEIGHTS_FILE = 'weights.bin';

/** A value in a graph, by its name. */
export type Value = string;

/** `{ float: 1e-6 }` because 1 could be either kind of number. */
export type Attribute = number | readonly number[] | string | { float: number } | { graph: GraphBuilder };

export interface NodeOptions {
  attributes?: Record<string, Attribute>;
  /** `com.microsoft` for the runtime's own operators. */
  domain?: '' | 'com.microsoft';
  /** Names for the outputs; without it one output with a fresh name. */
  outputs?: readonly Value[];
}

type Dims = readonly (number | string)[];

interface Port {
  name: Value;
  type: ElementType;
  dims: Dims;
}

interface Node {
  type: string;
  inputs: readonly Value[];
  outputs: readonly Value[];
  attributes: Record<string, Attribute>;
  domain: string;
}

interface Initializer {
  type: ElementType;
  dims: readonly number[];
  /** Inside the graph, or in the external file. */
  place: Uint8Array | StoredWeight;
}

const IR_VERSION = 8;
const OPSET = 17;

/** Attribute types of onnx.proto. */
const ATTRIBUTE = { float: 1, int: 2, string: 3, graph: 5, ints: 7 } as const;

/** Builds an ONNX graph node by node: every operation gives the name of its result. `body` makes the graph of a Loop, which sees this graph's values. */
export class GraphBuilder {
  readonly #name: string;
  readonly #weights: WeightStore;
  readonly #parent: GraphBuilder | undefined;
  readonly #inputs: Port[] = [];
  readonly #outputs: Port[] = [];
  readonly #nodes: Node[] = [];
  readonly #initializers = new Map<Value, Initializer>();
  readonly #once = new Map<string, Value>();
  #counter = 0;

  constructor(name: string, weights: WeightStore, parent?: GraphBuilder) {
    this.#name = name;
    this.#weights = weights;
    this.#parent = parent;
  }

  /** A graph for a Loop's body. Its constants and weights are kept in the outermost graph, so that they are prepared once. */
  body(name: string): GraphBuilder {
    return new GraphBuilder(name, this.#weights, this);
  }

  /** Strings in `dims` name dimensions that vary from run to run. */
  input(name: Value, type: ElementType, dims: Dims): Value {
    this.#inputs.push({ name, type, dims });
    return name;
  }

  /** Declares a value that exists (see `NodeOptions.outputs`) as an output of the graph. */
  output(name: Value, type: ElementType, dims: Dims): void {
    this.#outputs.push({ name, type, dims });
  }

  op(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    const name = this.#freshName();
    this.node(type, inputs, { attributes, outputs: [name] });
    return name;
  }

  /** One of the runtime's own operators. */
  contrib(type: string, inputs: readonly Value[], attributes: Record<string, Attribute> = {}): Value {
    const name = this.#freshName();
    this.node(type, inputs, { attributes, outputs: [name], domain: 'com.microsoft' });
    return name;
  }

  /** An operation with `count` results. */
  ops(type: string, inputs: readonly Value[], count: number, attributes: Record<string, Attribute> = {}): Value[] {
    const outputs = Array.from({ length: count }, () => this.#freshName());
    this.node(type, inputs, { attributes, outputs });
    return outputs;
  }

  /** An operation whose results have the names given. An empty input name is an optional input left out. */
  node(type: string, inputs: readonly Value[], { attributes = {}, domain = '', outputs = [] }: NodeOptions): void {
    this.#nodes.push({ type, inputs, outputs, attributes, domain });
  }

  /** Values kept inside the graph, for shapes and scales. Equal constants are kept once. Without `dims` a single value is a scalar, more are a vector. */
  constant(type: ElementType, values: number | readonly number[], dims?: readonly number[]): Value {
    if (this.#parent) return this.#parent.constant(type, values, dims);
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    const name = `${type}[${shape.join(',')}](${list.join(',')})`;
    if (!this.#initializers.has(name))
      this.#initializers.set(name, { type, dims: shape, place: encodeValues(type, list) });
    return name;
  }

  /** A weight in the external file, by a name that is the same in every graph. */
  weight<T extends WeightType>(
    type: T,
    name: string,
    dims: readonly number[],
    source: WeightContent<NoInfer<T>>,
  ): Value {
    if (this.#parent) return this.#parent.weight(type, name, dims, source);
    if (!this.#initializers.has(name)) {
      const stored = this.#weights.store(type, name, dims, source);
      this.#initializers.set(name, { type: stored.type, dims: stored.dims, place: stored });
    }
    return name;
  }

  /** A value made once, in the outermost graph: a Loop's body uses it without making it again in every round. */
  once(key: string, make: (outermost: GraphBuilder) => Value): Value {
    if (this.#parent) return this.#parent.once(key, make);
    const value = this.#once.get(key) ?? make(this);
    this.#once.set(key, value);
    return value;
  }

  /** The graph as a ModelProto. */
  toModel(): Uint8Array {
    return new ProtobufWriter()
      .varint(1, IR_VERSION)
      .string(2, 'glossa')
      .message(7, (graph) => this.#write(graph))
      .message(8, (opset) => opset.string(1, '').varint(2, OPSET))
      .message(8, (opset) => opset.string(1, 'com.microsoft').varint(2, 1))
      .finish();
  }

  #freshName(): Value {
    // A body's names must not hide those of the graph around it.
    return `${this.#parent ? `${this.#name}/` : ''}${this.#counter++}`;
  }

  #write(graph: ProtobufWriter): void {
    for (const node of this.#nodes) graph.message(1, (message) => writeNode(message, node));
    graph.string(2, this.#name);
    for (const [name, initializer] of this.#initializers) {
      graph.message(5, (tensor) => writeTensor(tensor, name, initializer));
    }
    for (const port of this.#inputs) graph.message(11, (message) => writePort(message, port));
    for (const port of this.#outputs) graph.message(12, (message) => writePort(message, port));
  }

  static writeSubgraph(message: ProtobufWriter, graph: GraphBuilder): void {
    graph.#write(message);
  }
}

function writeNode(message: ProtobufWriter, node: Node): void {
  for (const input of node.inputs) message.string(1, input);
  for (const output of node.outputs) message.string(2, output);
  message.string(3, node.outputs[0] ?? '').string(4, node.type);
  for (const [name, value] of Object.entries(node.attributes)) {
    message.message(5, (attribute) => writeAttribute(attribute.string(1, name), value));
  }
  if (node.domain !== '') message.string(7, node.domain);
}

function writeAttribute(message: ProtobufWriter, value: Attribute): void {
  if (typeof value === 'number') {
    message.varint(3, value).varint(20, ATTRIBUTE.int);
  } else if (typeof value === 'string') {
    message.string(4, value).varint(20, ATTRIBUTE.string);
  } else if ('float' in value) {
    message.float(2, value.float).varint(20, ATTRIBUTE.float);
  } else if ('graph' in value) {
    message.message(6, (inner) => GraphBuilder.writeSubgraph(inner, value.graph)).varint(20, ATTRIBUTE.graph);
  } else {
    for (const item of value) message.varint(8, item);
    message.varint(20, ATTRIBUTE.ints);
  }
}

function writeTensor(message: ProtobufWriter, name: string, { type, dims, place }: Initializer): void {
  for (const dim of dims) message.varint(1, dim);
  message.varint(2, ELEMENT_TYPES[type]).string(8, name);
  if (place instanceof Uint8Array) {
    message.bytes(9, place);
    return;
  }
  const entries = { location: WEIGHTS_FILE, offset: String(place.offset), length: String(place.length) };
  for (const [key, value] of Object.entries(entries))
    message.message(13, (entry) => entry.string(1, key).string(2, value));
  message.varint(14, 1); // data_location: EXTERNAL
}

function writePort(message: ProtobufWriter, { name, type, dims }: Port): void {
  message.string(1, name).message(2, (typeProto) =>
    typeProto.message(1, (tensor) => {
      tensor.varint(1, ELEMENT_TYPES[type]).message(2, (shape) => writeShape(shape, dims));
    }),
  );
}

function writeShape(message: ProtobufWriter, dims: Dims): void {
  for (const dim of dims) message.message(1, (d) => (typeof dim === 'number' ? d.varint(1, dim) : d.string(2, dim)));
}

function encodeValues(type: ElementType, values: readonly number[]): Uint8Array {
  switch (type) {
    case 'float32':
      return new Uint8Array(Float32Array.from(values).buffer);
    case 'int32':
      return new Uint8Array(Int32Array.from(values).buffer);
    case 'int64':
      return new Uint8Array(BigInt64Array.from(values, BigInt).buffer);
    case 'int8':
      return new Uint8Array(Int8Array.from(values).buffer);
    case 'uint8':
    case 'bool':
      return Uint8Array.from(values);
  }
}
