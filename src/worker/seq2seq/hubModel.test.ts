import { beforeAll, describe, expect, it } from 'vitest';
import type { ConvertedModel } from '../../convert/converted.ts';
import { hubCase, hubFiles } from '../../../scripts/compat/hub.ts';
import { hub } from '../../convert/identifyHub.ts';
import type { HubNetwork, HubSummariserArchitecture, HubTranslatorArchitecture } from '../../protocol/manifest.ts';
import { beamSearch } from './beam.ts';
import type { HubModel } from './hubModel.ts';
import { noRepeatNgram } from './logits.ts';
import { openHubText } from './openHub.ts';
import type { Hypothesis } from './search.ts';

const { signal } = new AbortController();

async function convertCase(
  name: string,
): Promise<ConvertedModel<HubTranslatorArchitecture | HubSummariserArchitecture>> {
  const model = await hub(hubFiles(hubCase(name)));
  const converted = await model?.convert();
  const { architecture } = converted ?? {};
  if (!converted || (architecture?.type !== 'hub-translator' && architecture?.type !== 'hub-summariser'))
    throw new Error(`${name} was not converted.`);
  return { architecture, parts: converted.parts };
}

function open({
  architecture,
  parts,
}: {
  architecture: HubNetwork;
  parts: ConvertedModel['parts'];
}): Promise<HubModel<Int32Array>> {
  return openHubText(architecture, {
    part: (role) => {
      const found = parts.find((part) => part.role === role);
      return found ? Promise.resolve(found.bytes) : Promise.reject(new Error(`no ${role}`));
    },
    provider: 'wasm',
    threads: 1,
    lane: 0,
    signal,
  });
}

describe.each(['marian', 'nllb', 't5', 'bart'])('%s of the Hub', (name) => {
  const { prompt, runs } = hubCase(name);
  let model: HubModel<Int32Array>;
  let network: HubNetwork;

  beforeAll(async () => {
    const converted = await convertCase(name);
    network = converted.architecture;
    model = await open(converted);
  });

  /** Of all sources as one batch. */
  async function search(beams: number): Promise<Hypothesis[]> {
    const { noRepeat, lengthPenalty, stopsEarly } = network;
    const sources = runs.map(({ ids }) => ({
      features: Int32Array.from(ids),
      maxTokens: model.maxTokens - prompt.length,
      ...(noRepeat > 0 && { processors: [noRepeatNgram(noRepeat)] }),
    }));
    const found = await beamSearch(model, sources, {
      beams,
      // So that the search goes on as long as the reference's, which keeps as many.
      hypotheses: beams,
      lengthPenalty,
      prompt: Int32Array.from(prompt),
      signal,
      ...(stopsEarly && { enough: beams }),
    });
    return found.map(({ hypotheses: [best] }) => best).filter((best) => best !== undefined);
  }

  const said = ({ ids, ended }: Hypothesis): number[] => [...ids, ...(ended ? [network.eosId] : [])];

  it('says what transformers says by greedy search', async () => {
    expect((await search(1)).map(said)).toEqual(runs.map(({ greedy }) => greedy));
  });

  it('says what transformers says with four beams', async () => {
    expect((await search(4)).map(said)).toEqual(runs.map(({ beams }) => beams));
  });

  it('says the same of a source alone as among others', async () => {
    const [first] = runs;
    const [found] = await beamSearch(model, [{ features: Int32Array.from(first?.ids ?? []), maxTokens: 4 }], {
      beams: 2,
      hypotheses: 1,
      lengthPenalty: 1,
      prompt: Int32Array.from(prompt),
      signal,
    });
    const together = await beamSearch(
      model,
      runs.map(({ ids }) => ({ features: Int32Array.from(ids), maxTokens: 4 })),
      { beams: 2, hypotheses: 1, lengthPenalty: 1, prompt: Int32Array.from(prompt), signal },
    );
    expect(found?.hypotheses[0]?.score).toBeCloseTo(together[0]?.hypotheses[0]?.score ?? NaN, 4);
  });
});

describe('attention', () => {
  it('is the mean of the heads of the layer before the last, where the graphs give it', async () => {
    const model = await open(await convertCase('marian'));
    const [run] = hubCase('marian').runs;
    const source = { features: Int32Array.from(run?.ids ?? []), maxTokens: model.maxTokens };
    const [found] = await beamSearch(model, [source], { beams: 1, hypotheses: 1, lengthPenalty: 1, signal });
    const { attention, sourceLength = 0 } = found?.hypotheses[0] ?? {};
    expect(sourceLength).toBe(run?.ids.length);
    const flat = run?.attention?.flat() ?? [];
    attention?.forEach((value, i) => expect(value).toBeCloseTo(flat[i] ?? NaN, 3));
    expect(attention?.length).toBeGreaterThan(20);
  });

  it('is absent where they do not', async () => {
    const model = await open(await convertCase('nllb'));
    const source = { features: Int32Array.of(5, 2), maxTokens: 3 };
    const [found] = await beamSearch(model, [source], { beams: 1, hypotheses: 1, lengthPenalty: 1, signal });
    expect(found?.hypotheses[0]?.attention).toBeUndefined();
  });
});
