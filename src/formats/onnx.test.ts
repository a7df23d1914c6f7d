import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { GraphBuilder } from '../convert/builder.ts';
import { ProtobufWriter } from '../convert/protobuf.ts';
import { WeightStore } from '../convert/weights.ts';
import { EngineError } from '../protocol/errors.ts';
import { parseOnnxTensors } from './onnx.ts';

function floats(message: ProtobufWriter, name: string, shape: number[], values: number[]): void {
  for (const dim of shape) message.varint(1, dim);
  message
    .varint(2, 1)
    .string(8, name)
    .bytes(9, new Uint8Array(Float32Array.from(values).buffer));
}

/** A graph with an If, whose branch holds a constant, and an initialiser beside it. */
const FILE = new ProtobufWriter()
  .message(7, (graph) =>
    graph
      .message(1, (node) =>
        node
          .string(2, 'out')
          .message(5, (attribute) =>
            attribute
              .string(1, 'then_branch')
              .message(6, (branch) =>
                branch.message(1, (constant) =>
                  constant
                    .string(2, 'inner')
                    .message(5, (value) => value.message(5, (t) => floats(t, '', [2, 1], [1, -2]))),
                ),
              ),
          ),
      )
      .message(5, (tensor) => floats(tensor, 'outer', [3], [4, 5, 6])),
  )
  .finish();

describe('parseOnnxTensors', () => {
  it('finds initialisers and constants, however deep', () => {
    expect(Object.fromEntries(parseOnnxTensors(FILE))).toEqual({
      inner: { shape: [2, 1], data: Float32Array.of(1, -2) },
      outer: { shape: [3], data: Float32Array.of(4, 5, 6) },
    });
  });

  it('leaves out what is no float', () => {
    const g = new GraphBuilder('g', new WeightStore());
    g.op('Add', [g.constant('int64', [1, 2]), g.constant('float32', [3])]);
    expect([...parseOnnxTensors(g.toModel()).values()]).toEqual([{ shape: [1], data: Float32Array.of(3) }]);
  });

  it('refuses a tensor whose values do not fit its shape', () => {
    const wrong = new ProtobufWriter()
      .message(7, (graph) => graph.message(5, (tensor) => floats(tensor, 't', [2], [1])))
      .finish();
    expect(() => parseOnnxTensors(wrong)).toThrow(/2 floats has 4 bytes/);
  });

  it('refuses a tensor with more dimensions than a call takes arguments', () => {
    const file = new ProtobufWriter()
      .message(7, (graph) => graph.message(5, (tensor) => tensor.bytes(1, new Uint8Array(1_000_000).fill(1))))
      .finish();
    expect(() => parseOnnxTensors(file)).toThrow(/too many dimensions/);
  });

  it('refuses graphs that are nested without an end', () => {
    const nested = (graph: ProtobufWriter, depth: number): void => {
      if (depth > 0)
        graph.message(1, (node) => node.message(5, (a) => a.message(6, (inner) => nested(inner, depth - 1))));
    };
    const file = new ProtobufWriter().message(7, (graph) => nested(graph, 40)).finish();
    expect(() => parseOnnxTensors(file)).toThrow(/nested/);
  });

  it('reads or refuses any changed file', () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), fc.nat(255), (at, value) => {
        try {
          parseOnnxTensors(FILE.with(at, value));
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 500 },
    );
  });
});
