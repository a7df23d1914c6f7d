import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseSentencePiece, type Piece, type SentencePieceModel } from '../../formats/sentencepiece.ts';
import { createTokeniser } from './tokeniser.ts';

interface Golden {
  library: string;
  lines: string[];
  models: Record<string, { ids: number[][]; offsets: number[][]; decoded: string[] }>;
}

const golden = JSON.parse(
  gunzipSync(readFileSync(new URL('./tokeniser.golden.json.gz', import.meta.url))).toString(),
) as Golden;

function vocabulary(id: string): SentencePieceModel {
  return parseSentencePiece(gunzipSync(readFileSync(new URL(`../../../models/${id}/vocab.spm.gz`, import.meta.url))));
}

const enPt = vocabulary('en-pt');

describe.each(['en-pt', 'pt-en'])('the vocabulary of %s', (id) => {
  const tokeniser = createTokeniser(id === 'en-pt' ? enPt : vocabulary(id));
  const expected = golden.models[id] ?? { ids: [], offsets: [], decoded: [] };

  it('gives the ids, the ranges and the text of the SentencePiece library for 2,000 lines', () => {
    expect(golden.lines).toHaveLength(2000);
    const wrong: unknown[] = [];
    golden.lines.forEach((line, i) => {
      const { ids, ranges } = tokeniser.encode(line);
      const decoded = tokeniser.decode(ids).text;
      const got = { ids: [...ids], offsets: ranges.flat(), decoded };
      const want = { ids: expected.ids[i], offsets: expected.offsets[i], decoded: expected.decoded[i] };
      if (JSON.stringify(got) !== JSON.stringify(want)) wrong.push({ i, line, got, want });
    });
    expect(wrong.slice(0, 3)).toEqual([]);
  });
});

describe('encode', () => {
  const tokeniser = createTokeniser(enPt);

  it('treats a lone surrogate as U+FFFD', () => {
    expect(tokeniser.encode('a\ud800b \udc00')).toEqual(tokeniser.encode('a\ufffdb \ufffd'));
  });

  it('gives ranges that go forward and stay inside the text, for any string', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => {
        const { ids, ranges } = tokeniser.encode(text);
        expect(ranges).toHaveLength(ids.length);
        let last = 0;
        for (const [from, to] of ranges) {
          expect(from).toBeGreaterThanOrEqual(last);
          expect(to).toBeGreaterThanOrEqual(from);
          last = to;
        }
        expect(last).toBeLessThanOrEqual(text.length);
      }),
    );
  });

  it('stays inside its tables when the normalisation rules are hostile', () => {
    fc.assert(
      fc.property(
        fc.uint8Array({ minLength: 4, maxLength: 400 }),
        fc.uint8Array({ maxLength: 20 }),
        fc.string({ unit: 'binary', maxLength: 40 }),
        (trie, replacements, text) => {
          const units = new Uint32Array(trie.buffer.slice(0, trie.length - (trie.length % 4)));
          const charsMap = { units, replacements: Uint8Array.from([...replacements, 0]) };
          const hostile = { ...enPt, pieces: enPt.pieces.slice(0, 200), normalizer: { ...enPt.normalizer, charsMap } };
          const { ids, ranges } = createTokeniser(hostile).encode(text);
          expect(ranges).toHaveLength(ids.length);
        },
      ),
    );
  });

  it('takes a word of 100,000 characters in linear time', () => {
    const time = (length: number): number => {
      const word = 'anticonstitucional'.repeat(length / 18);
      const start = performance.now();
      tokeniser.encode(word);
      return performance.now() - start;
    };
    time(18_000);
    // A quadratic search would take minutes.
    expect(time(99_000)).toBeLessThan(1000);
  });
});

describe('decode', () => {
  const tokeniser = createTokeniser(enPt);

  it('says where each piece stands and leaves out end-of-sentence', () => {
    const { ids } = tokeniser.encode('The lighthouse keeper');
    const { text, ranges } = tokeniser.decode([...ids, enPt.eosId]);
    expect(text).toBe('The lighthouse keeper');
    expect(ranges.map(([from, to]) => text.slice(from, to)).join('')).toBe(text);
    expect(ranges.at(-1)).toEqual([text.length, text.length]);
  });

  it('writes the model’s own mark for unknown pieces', () => {
    expect(tokeniser.decode(tokeniser.encode('I 😀 you').ids).text).toBe('I  \u2047  you');
  });

  it('refuses an id outside the vocabulary', () => {
    expect(() => tokeniser.decode([32000])).toThrow('no piece 32000');
    expect(() => tokeniser.decode([-1])).toThrow('no piece -1');
  });
});

/** A small model with the features that the shipped vocabularies do not use. */
function small(change: Partial<SentencePieceModel>, extra: Piece[] = []): SentencePieceModel {
  const normal = ['\u2581', 'a', 'b', 'ab', '\u2581a'].map((text, i): Piece => ({
    text,
    score: -1 - i / 10,
    type: 'normal',
  }));
  return {
    modelType: 'unigram',
    pieces: [
      { text: '<unk>', score: 0, type: 'unknown' },
      { text: '</s>', score: 0, type: 'control' },
      ...normal,
      ...extra,
    ],
    unkId: 0,
    bosId: -1,
    eosId: 1,
    padId: -1,
    unkSurface: ' \u2047 ',
    byteFallback: false,
    treatWhitespaceAsSuffix: false,
    normalizer: {
      name: 'identity',
      charsMap: null,
      addDummyPrefix: true,
      removeExtraWhitespaces: true,
      escapeWhitespaces: true,
    },
    ...change,
  };
}

describe('features of other vocabularies', () => {
  const bytes = Array.from({ length: 256 }, (_, i): Piece => ({
    text: `<0x${i.toString(16).toUpperCase().padStart(2, '0')}>`,
    score: 0,
    type: 'byte',
  }));

  it('spells unknown characters as bytes and reads them back', () => {
    const tokeniser = createTokeniser(small({ byteFallback: true }, bytes));
    const text = 'ab é😀 a';
    const { ids, ranges } = tokeniser.encode(text);
    expect([...ids].map((id) => tokeniser.piece(id)).slice(2, 5)).toEqual(['\u2581', '<0xC3>', '<0xA9>']);
    expect(ranges.slice(3, 5)).toEqual([
      [3, 3],
      [3, 4],
    ]);
    expect(tokeniser.decode(ids).text).toBe(text);
    expect(tokeniser.decode(ids).ranges).toHaveLength(ids.length);
  });

  it('reads a broken run of bytes as U+FFFD', () => {
    const tokeniser = createTokeniser(small({ byteFallback: true }, bytes));
    const first = tokeniser.size - 256;
    expect(tokeniser.decode([first + 0xc3, first + 0x41, 3]).text).toBe('\ufffdAa');
    expect(tokeniser.decode([first + 0xed, first + 0xa0, first + 0x80]).text).toBe('\ufffd\ufffd\ufffd');
  });

  it('keeps user-defined symbols whole, against any other reading', () => {
    const tokeniser = createTokeniser(small({}, [{ text: 'ba', score: 0, type: 'user-defined' }]));
    expect([...tokeniser.encode('abab').ids].map((id) => tokeniser.piece(id))).toEqual(['\u2581a', 'ba', 'b']);
  });

  it('puts the space after the word where the vocabulary wants it so', () => {
    const tokeniser = createTokeniser(small({ treatWhitespaceAsSuffix: true }));
    expect([...tokeniser.encode(' ab ').ids].map((id) => tokeniser.piece(id))).toEqual(['ab', '\u2581']);
  });

  it('keeps every space where the vocabulary wants it so', () => {
    const model = small({});
    const normalizer = { ...model.normalizer, removeExtraWhitespaces: false };
    const tokeniser = createTokeniser({ ...model, normalizer });
    const { ids } = tokeniser.encode('a  b ');
    expect(tokeniser.decode(ids).text).toBe('a  b ');
  });

  it('refuses other kinds of model', () => {
    expect(() => createTokeniser(small({ modelType: 'word' }))).toThrow('only unigram and bpe');
  });
});
