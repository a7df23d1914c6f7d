import { describe, expect, it } from 'vitest';
import { beamSearch } from './beam.ts';
import { TableModel, logSoftmax, type Table } from './fixtures/tableModel.ts';
import { LETTER_FIRST, LETTER_LAST, STARTS_WORD, Steering, type Term } from './steering.ts';

const signal = new AbortController().signal;
const EOS = 0;
const VOCABULARY = 40;
const WORD = STARTS_WORD | LETTER_FIRST | LETTER_LAST;
/** Ids below 30 are words, 30..34 suffixes, 35.. brackets. */
const kinds = Uint8Array.from({ length: VOCABULARY }, (_, id) => {
  if (id === EOS || id >= 35) return 0;
  return id < 30 ? WORD : LETTER_FIRST | LETTER_LAST;
});

/** Says source id + 10 for each source position up to end-of-sentence; finds any other word equally unlikely. */
const wordForWord: Table = (source, prefix) => {
  const at = prefix.length;
  const wanted = (source[at] ?? EOS) === EOS ? EOS : (source[at] ?? 0) + 10;
  return logSoftmax(Array.from({ length: VOCABULARY }, (_, id) => (id === wanted ? 9 : 0)));
};
/** Looks where the next token comes from: one output token a source token. */
const diagonal = (source: Int32Array, prefix: readonly number[]): Float32Array =>
  Float32Array.from(source, (_, i) =>
    i === Math.min(prefix.length, source.length - 1) ? 0.9 : 0.1 / (source.length - 1),
  );

async function steer(
  terms: Term[],
  over: { table?: Table; attend?: typeof diagonal; anywhere?: boolean; source?: number[] } = {},
) {
  const steering = new Steering({ terms, kinds, eosId: EOS, anywhere: over.anywhere ?? false });
  const model = new TableModel(over.table ?? wordForWord, over.attend ?? diagonal);
  const [found] = await beamSearch(
    model,
    [{ features: Int32Array.from(over.source ?? [1, 2, 3, 4, 5, EOS]), maxTokens: 16, steering }],
    { beams: 4, hypotheses: 1, lengthPenalty: 1, signal },
  );
  const [best] = found?.hypotheses ?? [];
  return { ids: [...(best?.ids ?? [])], placements: best?.placements ?? [] };
}

const term = (from: number, to: number, ...forms: number[][]): Term => ({
  span: [from, to],
  forms: forms.map((f) => Int32Array.from(f)),
});

describe('Steering', () => {
  it('puts a term where its source word would have been translated', async () => {
    expect(await steer([term(2, 3, [20])])).toEqual({
      ids: [11, 12, 20, 14, 15],
      placements: [{ term: 0, from: 2, to: 3 }],
    });
  });

  it('keeps the words of a longer term together and does not translate the span again', async () => {
    // The attention stays on the span of two source words while the term's three tokens are said.
    const attend = (source: Int32Array, prefix: readonly number[]): Float32Array => {
      const said = prefix.filter((id) => id < 20 || id > 22).length;
      const at = prefix.includes(22) ? said + 2 : said;
      return Float32Array.from(source, (_, i) => (i === Math.min(at, source.length - 1) ? 1 : 0));
    };
    const table: Table = (source, prefix) => {
      const said = prefix.filter((id) => id < 20 || id > 22).length;
      const at = prefix.includes(22) ? said + 2 : said;
      const wanted = (source[at] ?? EOS) === EOS ? EOS : (source[at] ?? 0) + 10;
      return logSoftmax(Array.from({ length: VOCABULARY }, (_, id) => (id === wanted ? 9 : 0)));
    };
    const { ids } = await steer([term(1, 3, [20, 21, 22])], { attend, table });
    expect(ids).toEqual([11, 20, 21, 22, 14, 15]);
  });

  it('places several terms, and each occurrence of one', async () => {
    const { ids, placements } = await steer([term(0, 1, [20]), term(4, 5, [20]), term(2, 3, [25])]);
    expect(ids).toEqual([20, 12, 25, 14, 20]);
    expect(placements).toEqual([
      { term: 0, from: 0, to: 1 },
      { term: 2, from: 2, to: 3 },
      { term: 1, from: 4, to: 5 },
    ]);
  });

  it('chooses the form that the model finds likelier', async () => {
    const table: Table = (source, prefix) => {
      const scores = wordForWord(source, prefix);
      scores[21] = (scores[21] ?? 0) + 2;
      return scores;
    };
    expect((await steer([term(1, 2, [20], [21])], { table })).ids).toEqual([11, 21, 13, 14, 15]);
  });

  it('lets no letters be glued to a term', async () => {
    // After any word the model wants the suffix 30.
    const table: Table = (source, prefix) => {
      if (prefix.at(-1) !== 20) return wordForWord(source, prefix);
      return logSoftmax(Array.from({ length: VOCABULARY }, (_, id) => (id === 30 ? 9 : id === 13 ? 4 : 0)));
    };
    expect((await steer([term(1, 2, [20])], { table })).ids.slice(0, 3)).toEqual([11, 20, 13]);
  });

  it('uses a form without a space only behind a bracket', async () => {
    const table: Table = (source, prefix) => {
      if (prefix.length === 1) return logSoftmax(Array.from({ length: VOCABULARY }, (_, id) => (id === 36 ? 9 : 0)));
      return wordForWord(source, prefix);
    };
    const attend = (source: Int32Array, prefix: readonly number[]): Float32Array =>
      Float32Array.from(source, (_, i) => (i === Math.min(Math.max(0, prefix.length - 1), source.length - 1) ? 1 : 0));
    const glued = term(1, 2, [31]);
    expect((await steer([glued], { table, attend, source: [1, 2, 3, 4, EOS] })).ids.slice(0, 3)).toEqual([11, 36, 31]);
    const never = await steer([glued]);
    expect(never.ids).not.toContain(31);
    expect(never.placements).toEqual([]);
  });

  it('finds a place for a term that the attention never leads to, when told to', async () => {
    const nowhere = (source: Int32Array): Float32Array =>
      Float32Array.from(source, (_, i) => (i === source.length - 1 ? 1 : 0));
    // Without the order of the model disturbed: what it says depends on how many of its own words were said.
    const table: Table = (source, prefix) => {
      const at = prefix.filter((id) => id !== 20).length;
      const wanted = (source[at] ?? EOS) === EOS ? EOS : (source[at] ?? 0) + 10;
      return logSoftmax(
        Array.from({ length: VOCABULARY }, (_, id) => (id === wanted ? 9 : id === 20 && at === 3 ? 5 : 0)),
      );
    };
    const terms = [term(1, 2, [20])];
    expect((await steer(terms, { attend: nowhere, table })).placements).toEqual([]);
    expect((await steer(terms, { attend: nowhere, table, anywhere: true })).ids).toEqual([11, 12, 13, 20, 14, 15]);
  });

  it('needs no alignment head when told to find a place', async () => {
    const steering = new Steering({ terms: [term(1, 2, [20])], kinds, eosId: EOS, anywhere: true });
    const [found] = await beamSearch(
      new TableModel(wordForWord),
      [{ features: Int32Array.of(1, 2, EOS), maxTokens: 8, steering }],
      {
        beams: 4,
        hypotheses: 1,
        lengthPenalty: 1,
        signal,
      },
    );
    expect([...(found?.hypotheses[0]?.ids ?? [])]).toContain(20);
  });
});
