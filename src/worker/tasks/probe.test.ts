import { describe, expect, it } from 'vitest';
import { EngineError } from '../../protocol/errors.ts';
import { compareProbes, type Probe, type Probed } from './probe.ts';
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
