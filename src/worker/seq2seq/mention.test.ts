import { describe, expect, it } from 'vitest';
import { beamSearch } from './beam.ts';
import { noise, TableModel, type Table } from './fixtures/tableModel.ts';
import { Mention } from './mention.ts';

const { signal } = new AbortController();
const VOCABULARY = 5;
const LENGTH = 4;
const source = Int32Array.of(1);

/** Every output, those that the length cuts off included, with the score by which it is ranked. */
function enumerate(table: Table, lengthPenalty: number): { ids: number[]; rank: number }[] {
  const all: { ids: number[]; rank: number }[] = [];
  const extend = (ids: number[], sum: number): void => {
    table(source, ids).forEach((logProb, id) => {
      if (id === 0) {
        if (ids.length > 0) all.push({ ids, rank: (sum + logProb) / (ids.length + 1) ** lengthPenalty });
      } else if (ids.length + 1 < LENGTH) extend([...ids, id], sum + logProb);
      else all.push({ ids: [...ids, id], rank: (sum + logProb) / LENGTH ** lengthPenalty });
    });
  };
  extend([], 0);
  return all.sort((a, b) => b.rank - a.rank);
}

describe('Mention', () => {
  it.each([0, 1, 2, 3, 4, 5])('finds the best of all outputs that say one of the words (table %i)', async (seed) => {
    const table = noise(VOCABULARY, seed, 6);
    const words = [2, 4];
    const best = enumerate(table, 0.7).find(({ ids }) => ids.some((id) => words.includes(id)));
    const [found] = await beamSearch(
      new TableModel(table),
      [{ features: source, maxTokens: LENGTH, steering: new Mention(words, 0) }],
      { beams: 64, hypotheses: 1, lengthPenalty: 0.7, signal },
    );
    expect([...(found?.hypotheses[0]?.ids ?? [])]).toEqual(best?.ids);
  });

  it('keeps room for hypotheses that said a word which is unlikely', async () => {
    // Only 3 and the end are likely; 4 is never among the likeliest two.
    const table: Table = (_, prefix) =>
      Float32Array.from([prefix.length > 1 ? 0.6 : 0.01, 0.1, 0.1, 0.7, 0.001], (value) => Math.log(value));
    const [found] = await beamSearch(
      new TableModel(table),
      [{ features: source, maxTokens: 6, steering: new Mention([4], 0) }],
      { beams: 2, hypotheses: 1, lengthPenalty: 0.7, signal },
    );
    expect([...(found?.hypotheses[0]?.ids ?? [])]).toContain(4);
  });
});
