import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import { parseSentencePiece } from './sentencepiece.ts';

const real = gunzipSync(readFileSync(new URL('../../models/en-pt/vocab.spm.gz', import.meta.url)));

function varint(value: number): number[] {
  return value < 128 ? [value] : [(value & 127) | 128, ...varint(Math.floor(value / 128))];
}

const bytesField = (tag: number, bytes: number[]): number[] => [
  ...varint(tag * 8 + 2),
  ...varint(bytes.length),
  ...bytes,
];
const numberField = (tag: number, value: number): number[] => [...varint(tag * 8), ...varint(value)];
const utf8 = (text: string): number[] => [...new TextEncoder().encode(text)];

function piece(text: string, score: number, type?: number): number[] {
  const float = [...new Uint8Array(new Float32Array([score]).buffer)];
  return bytesField(1, [
    ...bytesField(1, utf8(text)),
    21,
    ...float,
    ...(type === undefined ? [] : numberField(3, type)),
  ]);
}

const minimal = [...piece('<unk>', 0, 2), ...piece('</s>', 0, 3), ...piece('a', -1.5)];

const parse = (bytes: number[]) => parseSentencePiece(Uint8Array.from(bytes));

/** Passes where parsing gives a model or the one error it may give; anything else is a defect. */
function parsesOrSaysWhy(bytes: Uint8Array): void {
  try {
    const model = parseSentencePiece(bytes);
    expect(model.pieces[model.unkId]?.type).toBe('unknown');
  } catch (error) {
    if (!(error instanceof EngineError)) throw error;
    expect(['model-corrupt', 'unsupported-model']).toContain(error.code);
  }
}

describe('parseSentencePiece', () => {
  it('reads a shipped vocabulary', () => {
    const model = parseSentencePiece(real);
    expect(model).toMatchObject({
      modelType: 'unigram',
      unkId: 1,
      eosId: 0,
      bosId: -1,
      padId: -1,
      unkSurface: ' \u2047 ',
      byteFallback: false,
      treatWhitespaceAsSuffix: false,
      normalizer: { name: 'nmt_nfkc', addDummyPrefix: true, removeExtraWhitespaces: true, escapeWhitespaces: true },
    });
    expect(model.pieces).toHaveLength(32000);
    expect(model.pieces[4]).toEqual({ text: '\u2581de', score: Math.fround(-3.77987003326416), type: 'normal' });
    expect(model.normalizer.charsMap?.units.length).toBeGreaterThan(10_000);
  });

  it('fills in the defaults of the format', () => {
    expect(parse(minimal)).toMatchObject({
      modelType: 'unigram',
      unkId: 0,
      eosId: 1,
      normalizer: { charsMap: null, addDummyPrefix: true, removeExtraWhitespaces: true, escapeWhitespaces: true },
    });
  });

  it('reads the flags', () => {
    const trainer = bytesField(2, [
      ...numberField(3, 2),
      ...numberField(24, 1),
      ...bytesField(44, utf8('??')),
      ...numberField(40, 7),
    ]);
    const normalizer = bytesField(3, [
      ...bytesField(1, utf8('mine')),
      ...numberField(3, 0),
      ...numberField(4, 0),
      ...numberField(5, 0),
    ]);
    expect(parse([...minimal, ...trainer, ...normalizer])).toMatchObject({
      modelType: 'bpe',
      treatWhitespaceAsSuffix: true,
      unkSurface: '??',
      normalizer: { name: 'mine', addDummyPrefix: false, removeExtraWhitespaces: false, escapeWhitespaces: false },
    });
  });

  const charsMap = (blob: number[]): number[] => [...minimal, ...bytesField(3, bytesField(2, blob))];

  it.each([
    ['nothing at all', [], '0 pieces for the unknown'],
    ['text', utf8('not a model, just text'), 'unknown wire type 6'],
    ['a length past the end', [10, 200, 1], 'wants 200 bytes'],
    ['a length past 2^53', [10, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1], 'wants'],
    ['a number without an end', [8, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255, 255], 'without an end'],
    ['field 0', [2, 0], 'numbered 0'],
    ['a wrong wire type', [8, 1], 'wire type 0'],
    ['a group', [11], 'unknown wire type 3'],
    ['a piece of bad UTF-8', [...minimal, ...bytesField(1, bytesField(1, [0xc3, 0x28]))], 'not UTF-8'],
    ['an empty piece', [...minimal, ...bytesField(1, [])], 'empty'],
    ['a piece with a NUL', [...minimal, ...piece('a\0', 0)], 'NUL'],
    ['a huge piece', [...minimal, ...piece('x'.repeat(9000), 0)], 'too long'],
    ['a score that is not finite', [...minimal, ...piece('b', Number.NaN)], 'finite'],
    ['a piece twice', [...minimal, ...piece('a', 0)], 'twice'],
    ['an unknown type', [...minimal, ...piece('b', 0, 9)], 'unknown type 9'],
    ['two unknowns', [...minimal, ...piece('b', 0, 2)], '2 pieces for the unknown'],
    ['no ordinary piece', [...piece('<unk>', 0, 2)], 'no ordinary piece'],
    ['a byte piece without byte fallback', [...minimal, ...piece('<0x41>', 0, 6)], 'without byte fallback'],
    [
      'byte fallback with too few bytes',
      [...minimal, ...piece('<0x41>', 0, 6), ...bytesField(2, numberField(35, 1))],
      '1 of 256',
    ],
    ['an unknown model type', [...minimal, ...bytesField(2, numberField(3, 17))], 'model type 17'],
    ['rules cut off', charsMap([1, 0, 0]), 'cut off'],
    ['rules with a trie past the end', charsMap([255, 255, 255, 255, 0, 0]), 'claim a trie'],
    ['rules with half a unit', charsMap([2, 0, 0, 0, 1, 1, 0]), 'claim a trie'],
    ['rules without an end', charsMap([4, 0, 0, 0, 0, 0, 0, 0, 65]), 'no end'],
  ])('refuses %s', (_, bytes, reason) => {
    expect(() => parse(bytes)).toThrow(
      expect.objectContaining({ code: 'model-corrupt', message: expect.stringContaining(reason) as string }) as Error,
    );
  });

  it('refuses a vocabulary that rewrites its output', () => {
    const rules = bytesField(5, bytesField(2, [4, 0, 0, 0, 0, 0, 0, 0, 0]));
    expect(() => parse([...minimal, ...rules])).toThrow(
      expect.objectContaining({ code: 'unsupported-model' }) as Error,
    );
  });

  it('refuses every truncation, or gives a smaller vocabulary', () => {
    for (let length = 0; length < 400; length++) parsesOrSaysWhy(real.subarray(0, length));
    for (let length = real.length - 30; length < real.length; length++) parsesOrSaysWhy(real.subarray(0, length));
  });

  it('survives any mutation of a file', () => {
    const normalizer = real.subarray(real.length - 240_000);
    const seeds = [Uint8Array.from(minimal), real.subarray(0, 2000), normalizer.subarray(0, 3000)];
    fc.assert(
      fc.property(
        fc.constantFrom(...seeds),
        fc.array(fc.record({ at: fc.nat(2999), value: fc.nat(255), cut: fc.boolean() }), {
          minLength: 1,
          maxLength: 8,
        }),
        (seed, changes) => {
          let bytes = Uint8Array.from(seed);
          for (const { at, value, cut } of changes) {
            if (cut) bytes = Uint8Array.from([...bytes.subarray(0, at), ...bytes.subarray(at + (value % 5))]);
            else if (at < bytes.length) bytes[at] = value;
          }
          parsesOrSaysWhy(bytes);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('survives any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), parsesOrSaysWhy), { numRuns: 500 });
  });
});
