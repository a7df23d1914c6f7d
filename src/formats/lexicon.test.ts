import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import { writeMarianLexicon } from './lexicon.fixture.ts';
import { LexicalShortlist, parseLexicon, parseMarianLexicon, writeLexicon } from './lexicon.ts';

/** What a shortlist is by definition. */
function allowedByDefinition(first: number, lists: number[][], sources: Iterable<number>): number[] {
  const ids = new Set<number>([0, ...Array.from({ length: first }, (_, id) => id)]);
  for (const source of sources) {
    const list = lists[source];
    if (!list) continue;
    ids.add(source);
    for (const id of list) ids.add(id);
  }
  return [...ids].sort((a, b) => a - b);
}

function refusesOr<T>(read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    if (error instanceof EngineError && error.code === 'model-corrupt') return undefined;
    throw error;
  }
}

const LISTS = [[], [7, 3, 65534, 65535, 65536, 200_000], [0, 1, 2], [9], [], [131070, 70000]];
const MARIAN = writeMarianLexicon(3, LISTS);
const OURS = writeLexicon(parseMarianLexicon(MARIAN));

describe('the lexical shortlist', () => {
  it('allows the first ids, end-of-sentence, the lists of the source ids, and those ids', () => {
    const shortlist = parseLexicon(OURS);
    expect([...shortlist.allowed(Int32Array.of(1, 5))]).toEqual([
      0, 1, 2, 3, 5, 7, 65534, 65535, 65536, 70000, 131070, 200_000,
    ]);
    expect([...shortlist.allowed(Int32Array.of(3))]).toEqual([0, 1, 2, 3, 9]);
    expect([...shortlist.allowed(Int32Array.of(-1, 6, 1_000_000))]).toEqual([0, 1, 2]);
  });

  it('always allows end-of-sentence', () => {
    const lists = parseMarianLexicon(writeMarianLexicon(0, [[2], [2]]));
    expect([...new LexicalShortlist(lists).allowed(Int32Array.of(1))]).toEqual([0, 1, 2]);
  });

  it('is the same in our form as in Marian’s, for any lists', () => {
    const list = fc.uniqueArray(fc.oneof(fc.nat(40), fc.nat(200_000)), { maxLength: 12 });
    fc.assert(
      fc.property(
        fc.nat(20),
        fc.array(list, { minLength: 1, maxLength: 30 }),
        fc.array(fc.integer({ min: -1, max: 31 })),
        (first, lists, sources) => {
          const shortlist = parseLexicon(writeLexicon(parseMarianLexicon(writeMarianLexicon(first, lists))));
          expect([...shortlist.allowed(Int32Array.from(sources))]).toEqual(allowedByDefinition(first, lists, sources));
        },
      ),
    );
  });

  it.each([
    ['an offset past the ids', 48 + 8, 99n],
    ['a count of offsets that the file cannot hold', 32, 2n ** 50n],
    ['a count of ids that the file cannot hold', 40, 2n ** 50n],
    ['a count of first ids that no vocabulary has', 16, 2n ** 33n],
    ['another signature', 0, 1n],
  ])('calls %s damaged', (_, at, value) => {
    const bytes = MARIAN.slice();
    new DataView(bytes.buffer).setBigUint64(at, value, true);
    expect(() => parseMarianLexicon(bytes)).toThrow(expect.objectContaining({ code: 'model-corrupt' }));
  });

  it('survives truncated and changed files', () => {
    const change = fc.tuple(fc.nat(MARIAN.length), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.nat(MARIAN.length), fc.array(change, { maxLength: 6 }), (length, changes) => {
        for (const [original, parse] of [
          [MARIAN, (bytes: Uint8Array) => new LexicalShortlist(parseMarianLexicon(bytes))],
          [OURS, parseLexicon],
        ] as const) {
          const bytes = original.slice(0, changes.length === 0 ? length : undefined);
          for (const [at, value] of changes) if (at < bytes.length) bytes[at] = value;
          const shortlist = refusesOr(() => parse(bytes));
          const allowed = shortlist?.allowed(Int32Array.of(0, 1, 2, 3)) ?? [0];
          expect(allowed[0]).toBe(0);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('allows no source ids where each language has a vocabulary of its own', () => {
    const bytes = writeLexicon({ first: 1, offsets: Uint32Array.of(0, 0, 0, 1), ids: Uint32Array.of(7) });
    expect([...parseLexicon(bytes).allowed(Int32Array.of(2))]).toEqual([0, 2, 7]);
    expect([...parseLexicon(bytes, false).allowed(Int32Array.of(2))]).toEqual([0, 7]);
  });

  it('does not write a list longer than its form can hold', () => {
    const ids = Uint32Array.from({ length: 256 }, (_, id) => id);
    expect(() => writeLexicon({ first: 0, offsets: Uint32Array.of(0, 256), ids })).toThrow(
      expect.objectContaining({ code: 'unsupported-model', message: expect.stringMatching(/255/) as string }),
    );
  });
});
