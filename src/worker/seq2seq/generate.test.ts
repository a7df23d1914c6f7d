import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { TableModel, logSoftmax, noise, scripted, type Table } from './fixtures/tableModel.ts';
import { generate, type GenerateOptions } from './generate.ts';
import { maxOutputTokens, type Generated, type Review, type Source } from './jobs.ts';
import { isLooping } from './logits.ts';

const VOCABULARY = 30;
const WORDS = new Uint8Array(VOCABULARY).fill(7);

function options(over: Partial<GenerateOptions> = {}): GenerateOptions {
  return {
    beams: 1,
    hypotheses: 1,
    lengthPenalty: 1,
    batchTokens: 24,
    batchSources: 100,
    kinds: () => WORDS,
    signal: new AbortController().signal,
    ...over,
  };
}

function source(...ids: number[]): Source<Int32Array> {
  return { features: Int32Array.from(ids), ids: Int32Array.from(ids), length: ids.length };
}

/** Says the source backwards. */
const backwards = scripted(VOCABULARY, (ids) => [...ids].reverse());

async function collect(
  models: TableModel[],
  sources: Iterable<Source<Int32Array>> | AsyncIterable<Source<Int32Array>>,
  over?: Partial<GenerateOptions>,
): Promise<Generated[]> {
  const all: Generated[] = [];
  for await (const result of generate(models, sources, options(over))) all.push(result);
  return all;
}

const said = (results: Generated[]): number[][] => results.map(({ hypotheses }) => [...(hypotheses[0]?.ids ?? [])]);

const lists = fc.array(fc.array(fc.integer({ min: 1, max: VOCABULARY - 1 }), { minLength: 1, maxLength: 12 }), {
  maxLength: 40,
});

describe('generate', () => {
  it('keeps the order, whatever the lengths, lanes, beams and batches', async () => {
    await fc.assert(
      fc.asyncProperty(lists, fc.integer({ min: 1, max: 3 }), fc.constantFrom(1, 2), async (sources, lanes, beams) => {
        // A source that loops would be said differently.
        const straight = sources.filter((ids) => !isLooping(Int32Array.from(ids), Int32Array.of(1)));
        const models = Array.from({ length: lanes }, () => new TableModel(backwards));
        const results = await collect(
          models,
          straight.map((ids) => source(...ids)),
          { beams },
        );
        expect(said(results)).toEqual(straight.map((ids) => [...ids].reverse()));
        expect(models.every(({ alive }) => alive === 0)).toBe(true);
      }),
      { numRuns: 40 },
    );
  });

  it('batches sources of like length within the budget, the oldest source first', async () => {
    const model = new TableModel(backwards);
    const lengths = [2, 9, 3, 8, 2, 30, 3, 9];
    await collect(
      [model],
      lengths.map((length) => source(...Array.from({ length }, (_, i) => 1 + ((i * 7) % 29)))),
    );
    expect(model.batches.map((batch) => batch.map(({ length }) => length))).toEqual([[2, 2], [9, 9], [8, 3, 3], [30]]);
    const few = new TableModel(backwards);
    await collect([few], [source(1), source(2), source(3)], { batchSources: 2 });
    expect(few.batches.map(({ length }) => length)).toEqual([2, 1]);
  });

  it('works on as many batches at once as there are models', async () => {
    let running = 0;
    let most = 0;
    const models = [0, 1].map(() => {
      const model = new TableModel(backwards);
      const greedy = model.greedy.bind(model);
      model.greedy = async (...args) => {
        most = Math.max(most, ++running);
        await new Promise((resolve) => setTimeout(resolve, 1));
        running--;
        return greedy(...args);
      };
      return model;
    });
    const results = await collect(
      models,
      Array.from({ length: 40 }, (_, i) => source(1 + (i % 9), 2, 3, 4, 5, 6)),
    );
    expect(results.length).toBe(40);
    expect(most).toBe(2);
  });

  it('reads a bounded way ahead of what is taken', async () => {
    let read = 0;
    function* endless(): Generator<Source<Int32Array>> {
      for (;;) yield source(...Array.from({ length: 20 }, (_, i) => 1 + ((i + read++) % 29)));
    }
    let taken = 0;
    for await (const _ of generate([new TableModel(backwards)], endless(), options({ batchTokens: 400 }))) {
      taken++;
      expect(read / 20 - taken).toBeLessThan(450);
      if (taken === 1000) break;
    }
    expect(taken).toBe(1000);
  });

  it('does not wait for an async source that waits for its results', async () => {
    const done: (() => void)[] = [];
    async function* conversation(): AsyncGenerator<Source<Int32Array>> {
      for (let i = 1; i <= 4; i++) {
        const answered = new Promise<void>((resolve) => done.push(resolve));
        yield source(i, i + 1);
        await answered;
      }
    }
    const heard: number[][] = [];
    for await (const result of generate([new TableModel(backwards)], conversation(), options())) {
      heard.push(...said([result]));
      done.shift()?.();
    }
    expect(heard).toEqual([
      [2, 1],
      [3, 2],
      [4, 3],
      [5, 4],
    ]);
  });

  it('makes an output that loops anew with repetition forbidden, and marks it', async () => {
    const table: Table = (ids, prefix) => {
      if (ids[0] !== 5) return backwards(ids, prefix);
      // Once 7 8 stood there twice the model would rather end than say anything else.
      const wanted = 7 + (prefix.length % 2);
      return logSoftmax(Array.from({ length: VOCABULARY }, (_, id) => (id === wanted ? 9 : id === 0 ? 5 : 0)));
    };
    const results = await collect([new TableModel(table)], [source(1, 2), source(5, 6, 4), source(3)]);
    expect(said(results)).toEqual([[2, 1], [7, 8, 7, 8], [3]]);
    expect(results.map(({ repeated }) => repeated)).toEqual([false, true, false]);
  });

  it('gives as many hypotheses as asked for', async () => {
    const [result] = await collect([new TableModel(noise(12, 3))], [source(1, 2, 3)], { hypotheses: 4 });
    expect(result?.hypotheses.length).toBe(4);
    const scores = result?.hypotheses.map(({ score }) => score) ?? [];
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
  });

  describe('reviews results', () => {
    const attend = (ids: Int32Array, prefix: readonly number[]): Float32Array =>
      Float32Array.from(ids, (_, i) => (i === Math.max(0, ids.length - 1 - prefix.length) ? 1 : 0));
    const wanted = [{ span: [1, 2] as const, forms: [Int32Array.of(25)] }];
    /** The second source must say 25. */
    const review = (index: number, { hypotheses: [best] }: Generated): Review => {
      const lacking = index === 1 && !best?.ids.includes(25) ? 1 : 0;
      return { lacking, terms: lacking > 0 ? wanted : [] };
    };

    it('and steers what they lack into second ones', async () => {
      const results = await collect([new TableModel(backwards, attend)], [source(1, 2), source(3, 4, 5)], { review });
      expect(said(results)).toEqual([
        [2, 1],
        [5, 25, 3],
      ]);
    });

    it('and leaves those alone that lack nothing', async () => {
      const model = new TableModel(backwards, attend);
      const results = await collect([model], [source(1, 2), source(3, 25, 5)], { review });
      expect(said(results)).toEqual([
        [2, 1],
        [5, 25, 3],
      ]);
      expect(model.batches.flat().length).toBe(2);
    });

    it('and finds a place where the attention does not lead', async () => {
      const blind = (ids: Int32Array): Float32Array => new Float32Array(ids.length);
      const results = await collect([new TableModel(backwards, blind)], [source(1, 2), source(3, 4, 5)], { review });
      expect(results[1]?.hypotheses[0]?.placements.length).toBe(1);
    });

    it('and keeps the first one when there is no place at all', async () => {
      const never: Table = (ids, prefix) => {
        const scores = backwards(ids, prefix);
        scores[25] = -Infinity;
        return scores;
      };
      const results = await collect([new TableModel(never, attend)], [source(1, 2), source(3, 4, 5)], { review });
      expect(said(results)).toEqual([
        [2, 1],
        [5, 4, 3],
      ]);
    });
  });

  it('gives partial outputs of the right source, whole so far', async () => {
    const partials: [number, number[]][] = [];
    const long = Array.from({ length: 28 }, (_, i) => 1 + i);
    await collect([new TableModel(backwards)], [source(1, 2), source(...long)], {
      onPartial: (index, ids) => partials.push([index, [...ids]]),
    });
    expect(partials).toEqual([[1, [...long].reverse().slice(0, 16)]]);
  });

  it('stops all lanes when it is aborted', async () => {
    const controller = new AbortController();
    const models = [0, 1].map(() => new TableModel(backwards));
    const results: Generated[] = [];
    const running = (async () => {
      const many = Array.from({ length: 500 }, (_, i) => source(1 + (i % 20), 2, 3));
      for await (const result of generate(models, many, options({ signal: controller.signal }))) {
        results.push(result);
        if (results.length === 3) controller.abort();
      }
    })();
    await expect(running).rejects.toMatchObject({ code: 'aborted' });
    expect(results.length).toBe(3);
    expect(models.map(({ alive }) => alive)).toEqual([0, 0]);
  });

  it('fails with what a model throws, and with what its source throws', async () => {
    const model = new TableModel(backwards);
    model.onCall = () => {
      throw new Error('the graph broke');
    };
    await expect(collect([model, new TableModel(backwards)], [source(1), source(2)])).rejects.toThrow(
      'the graph broke',
    );
    function* broken(): Generator<Source<Int32Array>> {
      yield source(1);
      throw new Error('the text broke');
    }
    await expect(collect([new TableModel(backwards)], broken())).rejects.toThrow('the text broke');
  });

  it('bounds the output by the source', async () => {
    const endless = scripted(VOCABULARY, () => Array.from({ length: 200 }, (_, i) => 1 + ((i * i) % 29)));
    const [result] = await collect([new TableModel(endless)], [source(1, 2, 3)]);
    expect(result?.hypotheses[0]?.ids.length).toBe(maxOutputTokens(3));
    expect(result?.hypotheses[0]?.ended).toBe(false);
  });
});
