import { describe, expect, it } from 'vitest';
import { EngineError } from '../../protocol/errors.ts';
import type { StepModel } from '../seq2seq/model.ts';
import { TableModel } from '../seq2seq/fixtures/tableModel.ts';
import { compareProbes, type Probe, type Probed, stepProbe } from './probe.ts';
import { compareProviders, type OpenProbe } from './testProviders.ts';

const { signal } = new AbortController();
const probed = (ids: number[][], logProbs: number[][]): Probed => ({
  ids: ids.map((row) => Int32Array.from(row)),
  logProbs: logProbs.map((row) => Float32Array.from(row)),
});
const RIGHT = probed([[5, 6], [7]], [[-0.5, -1], [-2]]);

describe('compareProbes', () => {
  it.each<[string, Probed, RegExp | null]>([
    ['the same', RIGHT, null],
    ['the same but for rounding', probed([[5, 6], [7]], [[-0.501, -1.002], [-2]]), null],
    ['another id that is as likely', probed([[5, 9], [7]], [[-0.5, -1.001], [-2]]), null],
    ['another log-probability', probed([[5, 6], [7]], [[-0.5, -1.3], [-2]]), /^A log-probability is -1.29/],
    ['no numbers', probed([[5, 6], [7]], [[NaN, NaN], [NaN]]), /^A log-probability is NaN where it should be -0.5/],
    ['fewer tokens', probed([[5], [7]], [[-0.5], [-2]]), /NaN where it should be -1/],
    ['fewer sentences', probed([[5, 6]], [[-0.5, -1]]), /^It ended 1 of its sentences where 2 go on/],
  ])('%s', (_, found, wrong) => {
    const said = compareProbes(found, RIGHT);
    if (wrong === null) expect(said).toBeNull();
    else expect(said).toMatch(wrong);
  });
});

describe('stepProbe', () => {
  /** The ids 1 to 3 in turn, the first one that the source names. */
  const table = new TableModel((source, prefix) =>
    Float32Array.from({ length: 4 }, (_, id) => (id === 1 + (((source[0] ?? 0) + prefix.length) % 3) ? -0.1 : -3)),
  );
  const sources = [Int32Array.of(0), Int32Array.of(1), Int32Array.of(2)];
  const run = <S>(model: StepModel<Int32Array, S>): Promise<Probed> =>
    stepProbe(
      model,
      () => Promise.resolve(sources),
      new Int32Array(),
      2,
      () => Int32Array.of(0, 1, 2, 3),
    ).run(signal);

  it('makes some tokens of every source, and some more of those but the first', async () => {
    const { ids } = await run(table);
    expect(ids.map((row) => [...row])).toEqual([
      [1, 2],
      [2, 3],
      [3, 1],
      [1, 2],
      [2, 3],
    ]);
    expect(table.alive).toBe(0);
  });

  it('makes the same of a model that gives one token at a time', async () => {
    const single: StepModel<Int32Array, Awaited<ReturnType<TableModel['start']>>> = {
      maxTokens: table.maxTokens,
      eosId: table.eosId,
      start: (given, options) => table.start(given, options),
      step: (ids, state, stop) => table.step(ids, state, stop),
      select: (state, rows) => table.select(state, rows),
      dispose: () => table.dispose(),
    };
    expect(await run(single)).toEqual(await run(table));
  });
});

/** A provider that takes so long and says this, or fails. */
const probe = (ms: number, says: Probed | EngineError): Probe => ({
  run: async () => {
    await new Promise((resolve) => setTimeout(resolve, ms));
    if (says instanceof EngineError) throw says;
    return says;
  },
});
const on =
  (webgpu: Probe, wasm = probe(20, RIGHT)): OpenProbe =>
  (_, provider) =>
    Promise.resolve(provider === 'webgpu' ? webgpu : wasm);

describe('compareProviders', () => {
  it('chooses WebGPU where it is right and clearly faster', async () => {
    const found = await compareProviders(on(probe(1, RIGHT), probe(40, RIGHT)), false, signal);
    expect(found.verdict).toBe('faster');
    expect(found.wasmMs).toBeGreaterThan(found.webgpuMs ?? Infinity);
  });

  it('does not where it is slower, or hardly faster', async () => {
    expect(await compareProviders(on(probe(40, RIGHT)), false, signal)).toMatchObject({ verdict: 'slower' });
    expect(await compareProviders(on(probe(40, RIGHT), probe(45, RIGHT)), false, signal)).toMatchObject({
      verdict: 'slower',
    });
  });

  it('does not where it gives wrong numbers, however fast', async () => {
    const wrong = probed([[5, 6], [7]], [[-0.5, -9], [-2]]);
    expect(await compareProviders(on(probe(0, wrong)), false, signal)).toMatchObject({ verdict: 'wrong' });
  });

  it.each(['device-lost', 'out-of-memory', 'model-corrupt'] as const)('does not where it fails: %s', async (code) => {
    const failing = probe(0, new EngineError(code, 'It failed.'));
    expect(await compareProviders(on(failing), false, signal)).toEqual({ verdict: 'failed', reason: 'It failed.' });
  });

  it('says nothing of WebGPU where it was stopped, or its runtime could not be fetched', async () => {
    for (const code of ['aborted', 'download-failed'] as const) {
      const failing = probe(0, new EngineError(code, 'Not now.'));
      await expect(compareProviders(on(failing), false, signal)).rejects.toMatchObject({ code });
    }
  });

  it('never chooses the processor in disguise, even where it is right and quick', async () => {
    expect(await compareProviders(on(probe(0, RIGHT)), true, signal)).toMatchObject({ verdict: 'software' });
    const wrong = probed([[5, 6], [7]], [[-3, -9], [-2]]);
    expect(await compareProviders(on(probe(0, wrong)), true, signal)).toMatchObject({ verdict: 'wrong' });
  });
});
