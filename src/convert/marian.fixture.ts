import { writeMarianLexicon } from '../formats/lexicon.fixture.ts';
import { seededRandom, studentTensors, writeMarian, type StudentShape } from '../formats/marian.fixture.ts';
import type { ConvertedPart } from './converted.ts';
import { convertMarian } from './marian.ts';
import { ProtobufWriter } from './protobuf.ts';

/** A student that is quickly converted. */
export const TINY: StudentShape = { dim: 16, heads: 4, encoderLayers: 1, decoderLayers: 1, ffn: 24, vocabulary: 30 };

export const DEEP: StudentShape = { dim: 8, heads: 2, encoderLayers: 3, decoderLayers: 4, ffn: 20, vocabulary: 21 };
const PRE_NORM: StudentShape = {
  ...TINY,
  decoderLayers: 3,
  options: {
    'transformer-preprocess': 'n',
    'transformer-postprocess': 'da',
    'transformer-postprocess-top': 'n',
    'transformer-ffn-activation': 'swish',
    'transformer-ffn-depth': '3',
    'transformer-guided-alignment-layer': '2',
  },
};
const SELF_ATTENTION = { 'transformer-decoder-autoreg': 'self-attention' };
const APART = { 'tied-embeddings-all': 'false' };
/** A model of every option of Marian that is supported. */
export const SHAPES: [name: string, shape: StudentShape][] = [
  ['a shallow student', TINY],
  ['a deep, narrow one', DEEP],
  ['one with norms before its layers, swish, deeper blocks, and alignment in its second layer', PRE_NORM],
  ['one that was not calibrated', { ...TINY, weights: 'int8-without-alphas' }],
  ['one with float weights', { ...DEEP, weights: 'float32', options: { 'transformer-ffn-activation': 'gelu' } }],
  [
    'one with two vocabularies',
    { ...TINY, sourceVocabulary: 25, options: { ...APART, 'tied-embeddings': 'true' }, weights: 'int8-without-alphas' },
  ],
  ['one with three embeddings', { ...TINY, sourceVocabulary: 40, options: APART }],
  ['one with float embeddings apart', { ...TINY, sourceVocabulary: 22, options: APART, weights: 'float32' }],
  ['one whose decoder attends to itself', { ...DEEP, options: SELF_ATTENTION }],
  [
    'the same with norms first, in floats',
    { ...PRE_NORM, weights: 'float32', options: { ...PRE_NORM.options, ...SELF_ATTENTION } },
  ],
];

/** A SentencePiece vocabulary of so many pieces: end-of-sentence, unknown, and words. */
export function vocabulary(pieces: number, eosId = 0): Uint8Array {
  return piecesOf(
    Array.from({ length: pieces }, (_, id) => (id === eosId ? '</s>' : id === 1 - eosId ? '<unk>' : `▁w${id}`)),
  );
}

/** A unigram SentencePiece model of these pieces, earlier ones likelier. */
export function piecesOf(texts: string[]): Uint8Array {
  const model = new ProtobufWriter();
  texts.forEach((text, id) => {
    const type = text === '<unk>' ? 2 : text.startsWith('<') ? 3 : 1;
    model.message(1, (piece) => piece.string(1, text).float(2, -id).varint(3, type));
  });
  return model
    .message(2, (trainer) => trainer.varint(3, 1).varint(40, texts.indexOf('<unk>')).varint(42, texts.indexOf('</s>')))
    .finish();
}

/** @param lexicon without it, the graphs choose from the whole vocabulary */
export function convert(
  shape: StudentShape,
  lexicon = true,
): { file: Uint8Array; model: ReturnType<typeof convertMarian> } {
  const file = writeMarian(studentTensors(shape, seededRandom(7)));
  return {
    file,
    model: convertMarian({
      model: file,
      vocabulary: vocabulary(shape.vocabulary),
      ...(lexicon && { lexicon: writeMarianLexicon(1, [[0]]) }),
      ...(shape.sourceVocabulary === undefined ? {} : { sourceVocabulary: vocabulary(shape.sourceVocabulary) }),
    }),
  };
}

export function part(model: { parts: ConvertedPart[] }, file: string): Uint8Array {
  const found = model.parts.find((candidate) => candidate.file === file);
  if (!found) throw new Error(`no part ${file}`);
  return found.bytes;
}
