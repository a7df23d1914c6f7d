import { EngineError } from '../protocol/errors.ts';
import { MessageReader } from './protobuf.ts';

/**
 * The names of the values that an ONNX graph gives, in its order.
 * @throws EngineError model-corrupt
 */
export function onnxOutputs(file: Uint8Array): string[] {
  const names: string[] = [];
  const model = new MessageReader(file, 'the model', corrupt);
  while (model.next()) {
    if (model.tag !== 7) continue;
    const graph = new MessageReader(model.bytes('the graph'), 'the graph', corrupt);
    while (graph.next()) {
      if (graph.tag !== 12) continue;
      const output = new MessageReader(graph.bytes('an output'), 'an output', corrupt);
      while (output.next()) if (output.tag === 1) names.push(output.text('the name of an output'));
    }
  }
  return names;
}

function corrupt(reason: string): EngineError {
  return new EngineError('model-corrupt', `The ONNX file is damaged: ${reason}. Fetch the file again.`);
}
