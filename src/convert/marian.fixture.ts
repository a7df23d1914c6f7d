import { seededRandom, studentTensors, writeMarian, type StudentShape } from '../formats/marian.fixture.ts';
import type { ConvertedModel } from './converted.ts';
import { convertMarian } from './marian.ts';
import { ProtobufWriter } from './protobuf.ts';

/** A student that is quickly converted. */
export const TINY: StudentShape = { dim: 16, heads: 4, encoderLayers: 1, decoderLayers: 1, ffn: 24, vocabulary: 30 };

/** A SentencePiece vocabulary of so many pieces: end-of-sentence, unknown, and words. */
export function vocabulary(pieces: number, eosId = 0): Uint8Array {
  const model = new ProtobufWriter();
  for (let id = 0; id < pieces; id++) {
    const type = id === eosId ? 3 : id === 1 - eosId ? 2 : 1;
    const text = type === 3 ? '</s>' : type === 2 ? '<unk>' : `▁w${id}`;
    model.message(1, (piece) => piece.string(1, text).float(2, -id).varint(3, type));
  }
  return model
    .message(2, (trainer) =>
      trainer
        .varint(3, 1)
        .varint(40, 1 - eosId)
        .varint(42, eosId),
    )
    .finish();
}

export function convert(shape: StudentShape): { file: Uint8Array; model: ConvertedModel } {
  const file = writeMarian(studentTensors(shape, seededRandom(7)));
  return { file, model: convertMarian({ model: file, vocabulary: vocabulary(shape.vocabulary) }) };
}

export function part(model: ConvertedModel, file: string): Uint8Array {
  const found = model.parts.find((candidate) => candidate.file === file);
  if (!found) throw new Error(`no part ${file}`);
  return found.bytes;
}
