import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../convert/protobuf.ts';
import { EngineError } from '../protocol/errors.ts';
import { parseOnnxGraph } from './onnxGraph.ts';

/** A graph with an input of a free and a fixed size, and weights beside it: one of them inside an If. */
const FILE = new ProtobufWriter()
  .message(7, (graph) => {
    const located = (tensor: ProtobufWriter, path: string): ProtobufWriter =>
      tensor.message(13, (entry) => entry.string(1, 'location').string(2, path));
    const value = (name: string, type: number) => (message: ProtobufWriter) =>
      message
        .string(1, name)
        .message(2, (outer) =>
          outer.message(1, (tensor) =>
            tensor
              .varint(1, type)
              .message(2, (shape) =>
                shape.message(1, (dim) => dim.string(2, 'batch_size')).message(1, (dim) => dim.varint(1, 8)),
              ),
          ),
        );
    return graph
      .message(1, (node) =>
        node.message(5, (attribute) =>
          attribute.message(6, (branch) => branch.message(5, (tensor) => located(tensor, 'b.onnx_data'))),
        ),
      )
      .message(5, (tensor) => located(tensor, 'a.onnx_data'))
      .message(11, value('past', 10))
      .message(12, value('logits', 1));
  })
  .finish();

describe('parseOnnxGraph', () => {
  it('reads what goes in and out, and where weights lie', () => {
    expect(parseOnnxGraph(FILE)).toEqual({
      inputs: [{ name: 'past', type: 'float16', dims: [null, 8] }],
      outputs: [{ name: 'logits', type: 'float32', dims: [null, 8] }],
      externalFiles: expect.arrayContaining(['a.onnx_data', 'b.onnx_data']) as string[],
    });
  });

  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(fc.nat(FILE.length - 1), fc.nat(255), fc.nat(FILE.length), (at, byte, length) => {
        const mutated = FILE.slice(0, length);
        mutated[at] = byte;
        try {
          parseOnnxGraph(mutated);
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
    );
  });
});
