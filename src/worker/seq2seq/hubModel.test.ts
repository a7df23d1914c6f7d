import { beforeAll, describe, expect, it } from 'vitest';
import { hubCase } from '../../../scripts/compat/hub.ts';
import {
  openHubCaptionerCase,
  openHubCase,
  saidIn,
  searchHub,
  type OpenHubCase,
} from '../../../scripts/compat/hubRunner.ts';
import { beamSearch } from './beam.ts';

const { signal } = new AbortController();

describe.each(['marian', 'nllb', 't5', 'bart'])('%s of the Hub', (name) => {
  let open: OpenHubCase;

  beforeAll(async () => {
    open = await openHubCase(name);
  });

  it('says what transformers says by greedy search', async () => {
    const said = (await searchHub(open, 1)).map((found) => saidIn(open, found));
    expect(said).toEqual(open.one.runs.map(({ greedy }) => greedy));
  });

  it('says what transformers says with four beams', async () => {
    const said = (await searchHub(open, 4)).map((found) => saidIn(open, found));
    expect(said).toEqual(open.one.runs.map(({ beams }) => beams));
  });

  it('says the same of a source alone as among others', async () => {
    const together = await searchHub(open, 2);
    const [first = []] = open.one.runs.map(({ ids }) => ids);
    const [alone] = await searchHub(open, 2, [first]);
    expect(alone?.ids).toEqual(together[0]?.ids);
    expect(alone?.score).toBeCloseTo(together[0]?.score ?? NaN, 4);
  });
});

describe('attention', () => {
  it('is the mean of the heads of the layer before the last, where the graphs give it', async () => {
    const open = await openHubCase('marian');
    const [run] = open.one.runs;
    const [found] = await searchHub(open, 1, [run?.ids ?? []]);
    expect(found?.sourceLength).toBe(run?.ids.length);
    const wanted = run?.attention?.flat() ?? [];
    found?.attention?.forEach((value, i) => expect(value).toBeCloseTo(wanted[i] ?? NaN, 3));
    expect(found?.attention?.length).toBeGreaterThan(20);
  });

  it('is absent where they do not', async () => {
    const [found] = await searchHub(await openHubCase('nllb'), 1, [[5, 2]]);
    expect(found?.attention).toBeUndefined();
  });
});

describe('a search', () => {
  it('stops when it is told', async () => {
    const { model } = await openHubCase('t5');
    const abort = new AbortController();
    const state = await model.start([Int32Array.of(5, 1)], { beams: 1, prompt: new Int32Array(), signal });
    abort.abort();
    await expect(model.step(Int32Array.of(0), state, abort.signal)).rejects.toMatchObject({ code: 'aborted' });
  });
});

describe('a captioner of the Hub', () => {
  const { picture } = hubCase('captioner');
  const pixels = Float32Array.from({ length: 3 * 16 * 16 }, (_, i) => Math.sin(0.37 * i));
  let captioner: Awaited<ReturnType<typeof openHubCaptionerCase>>;

  beforeAll(async () => {
    captioner = await openHubCaptionerCase();
  });

  it.each([
    [1, picture?.greedy],
    [4, picture?.beams],
  ])('says with %i beams what transformers says', async (beams, wanted) => {
    const { model, architecture } = captioner;
    const source = { features: pixels, maxTokens: model.maxTokens };
    const [found] = await beamSearch(model, [source], { beams, hypotheses: beams, lengthPenalty: 1, signal });
    const [best] = found?.hypotheses ?? [];
    expect([...(best?.ids ?? []), ...(best?.ended ? [architecture.eosId] : [])]).toEqual(wanted);
  });

  it('is told how pictures are made ready', () => {
    const { architecture } = captioner;
    expect(architecture).toMatchObject({ size: 16, mean: [0.5, 0.5, 0.5], crossCache: false, family: 'gpt2' });
  });
});
