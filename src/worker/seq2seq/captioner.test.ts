import { beforeAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../formats/marian.fixture.ts';
import { beamSearch } from './beam.ts';
import type { CaptionerModel } from './captioner.ts';
import { tinyArchitecture, tinyCaptioner } from './fixtures/tinyCaptioner.ts';
import { logSoftmax } from './fixtures/tableModel.ts';
import { openCaptioner } from './openCaptioner.ts';

const { signal } = new AbortController();
const { size, vocabulary, eosId, positions, suppressIds } = tinyArchitecture;
const tiny = tinyCaptioner();
const random = seededRandom(2);
const pixels = Float32Array.from({ length: 3 * size * size }, () => 2 * random() - 1);
const start = { prompt: new Int32Array(), signal };

let model: CaptionerModel;
beforeAll(async () => {
  const parts: Record<string, Uint8Array> = { encoder: tiny.encoder, decoder: tiny.decoder, weights: tiny.weights };
  const part = (role: string): Promise<Uint8Array> => Promise.resolve(parts[role] ?? new Uint8Array());
  model = await openCaptioner({ architecture: tinyArchitecture, part, provider: 'wasm', threads: 1, lane: 0, signal });
});

const expected = (ids: readonly number[]) => {
  const { logits, attention } = tiny.reference(pixels, ids);
  const allowed = logits.map((score, id) => (suppressIds.includes(id) ? -Infinity : score));
  return { logProbs: logSoftmax(allowed), attention };
};

function near(found: ArrayLike<number>, wanted: ArrayLike<number>): void {
  expect(found.length).toBe(wanted.length);
  Array.from(wanted).forEach((value, i) => {
    if (value === -Infinity) expect(found[i]).toBe(value);
    else expect(found[i]).toBeCloseTo(value, 5);
  });
}

describe('CaptionerModel', () => {
  it('gives the labels of the picture', async () => {
    const seen = await model.see(pixels, signal);
    near(seen.labels, tiny.reference(pixels, []).labels);
  });

  it('gives each row its own words: log-probabilities and attention are those of what it said', async () => {
    const state = await model.start([await model.see(pixels, signal)], { ...start, beams: 2 });
    let said: number[][] = [[], []];
    // Rows change places and one of them is copied over the other, as hypotheses do.
    for (const { next, rows } of [
      { next: [4, 5], rows: [1, 0] },
      { next: [6, 4], rows: [0, 0] },
      { next: [3, 5], rows: [1, 0] },
    ]) {
      const fed = Int32Array.from(said, (ids) => ids.at(-1) ?? 0);
      const {
        logProbs,
        width,
        attention = new Float32Array(),
        sourceLength = 0,
      } = await model.step(fed, state, signal);
      said.forEach((ids, row) => {
        const wanted = expected(ids);
        near(logProbs.subarray(row * width, (row + 1) * width), wanted.logProbs);
        near(attention.subarray(row * sourceLength, (row + 1) * sourceLength), wanted.attention);
      });
      said = rows.map((row, i) => [...(said[row] ?? []), next[i] ?? 0]);
      model.select(state, Int32Array.from(rows));
    }
    model.dispose(state);
  });

  it('is searched to the best of all captions, twice from one look', async () => {
    const all: { ids: number[]; score: number }[] = [];
    const extend = (ids: number[], sum: number): void => {
      const { logProbs } = expected(ids);
      logProbs.forEach((logProb, id) => {
        const length = ids.length + 1;
        if (logProb === -Infinity) return;
        if (id === eosId && ids.length > 0) all.push({ ids, score: (sum + logProb) / length });
        else if (id !== eosId && length < positions) extend([...ids, id], sum + logProb);
        else if (id !== eosId) all.push({ ids: [...ids, id], score: (sum + logProb) / length });
      });
    };
    extend([], 0);
    all.sort((a, b) => b.score - a.score);
    const seen = await model.see(pixels, signal);
    for (let time = 0; time < 2; time++) {
      const beams = vocabulary ** 3;
      const options = { beams, hypotheses: 3, lengthPenalty: 1, signal };
      const [found] = await beamSearch(model, [{ features: seen, maxTokens: positions }], options);
      expect(found?.hypotheses.map(({ ids }) => [...ids])).toEqual(all.slice(0, 3).map(({ ids }) => ids));
      near(
        found?.hypotheses.map(({ score }) => score) ?? [],
        all.slice(0, 3).map(({ score }) => score),
      );
      expect(found?.hypotheses[0]?.sourceLength).toBe(4);
    }
  });

  it('takes one picture, and no prompt', async () => {
    const seen = await model.see(pixels, signal);
    await expect(model.start([seen, seen], { ...start, beams: 1 })).rejects.toThrow('one picture');
    await expect(model.start([seen], { beams: 1, prompt: Int32Array.of(1), signal })).rejects.toThrow('no prompt');
  });

  it('stops where it is told to', async () => {
    const abort = new AbortController();
    abort.abort();
    await expect(model.see(pixels, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});
