import { vocabulary } from '../../src/convert/marian.fixture.ts';
import { ProtobufWriter } from '../../src/convert/protobuf.ts';
import { parseSentencePiece } from '../../src/formats/sentencepiece.ts';
import { createTokeniser } from '../../src/worker/features/tokeniser.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';

/** Scripts and spaces that normalisers rewrite. */
const TEXT = '  a Ａﬁ①  \u3000é e\u0301 👩‍👩‍👧 \ud800 w2 w3\u0000 한국어 ½ <unk> ';

/** A double array of a few units over which some replacements hang. */
function withRules(): Uint8Array {
  const units = Uint32Array.from({ length: 256 }, (_, i) =>
    i === 0 ? 1 << 10 : i === 97 ? 97 | (1 << 8) | (3 << 10) : i,
  );
  units[97 ^ 3] = 0x80000002;
  const replacements = new TextEncoder().encode('x\0 \0zz\0');
  const blob = new Uint8Array(4 + units.byteLength + replacements.length);
  new DataView(blob.buffer).setUint32(0, units.byteLength, true);
  blob.set(new Uint8Array(units.buffer), 4);
  blob.set(replacements, 4 + units.byteLength);
  return new ProtobufWriter()
    .message(1, (piece) => piece.string(1, '</s>').float(2, 0).varint(3, 3))
    .message(1, (piece) => piece.string(1, '<unk>').float(2, 0).varint(3, 2))
    .message(1, (piece) => piece.string(1, '▁').float(2, -1))
    .message(1, (piece) => piece.string(1, 'x').float(2, -2))
    .message(1, (piece) => piece.string(1, '👩').float(2, -2).varint(3, 4))
    .message(3, (rules) => rules.string(1, 'nmt').bytes(2, blob).varint(3, 1).varint(4, 1).varint(5, 1))
    .finish();
}

export const vocabularyTargets: Target[] = [
  {
    name: 'sentencepiece',
    seeds: [vocabulary(12), withRules()],
    words: [
      '<unk>',
      '</s>',
      '▁',
      '<0x0A>',
      '\0',
      Uint8Array.of(0x18, 6),
      Uint8Array.of(0x18, 4),
      Uint8Array.of(0x15, 0, 0, 0xc0, 0x7f),
    ],
    read: (file) => {
      const tokeniser = createTokeniser(parseSentencePiece(file));
      const { ids, ranges } = tokeniser.encode(TEXT);
      expect(
        ids.every((id) => id >= 0 && id < tokeniser.size),
        'ids are in the vocabulary',
      );
      expect(
        ranges.every(([from, to]) => from >= 0 && from <= to && to <= TEXT.length),
        'pieces are in the text',
      );
      return [ids, ranges, tokeniser.decode(ids), tokeniser.covers('abc 한')];
    },
    refusals: ['model-corrupt', 'unsupported-model'],
  },
];
