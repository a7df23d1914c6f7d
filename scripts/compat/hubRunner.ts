import * as v from 'valibot';
import type { ConvertedModel } from '../../src/convert/converted.ts';
import { hub } from '../../src/convert/identifyHub.ts';
import {
  hubCaptionerSchema,
  hubSummariserSchema,
  hubTranslatorSchema,
  type HubSummariserArchitecture,
  type HubTranslatorArchitecture,
} from '../../src/protocol/manifest.ts';
import type { Session } from '../../src/worker/runtime/session.ts';
import { beamSearch } from '../../src/worker/seq2seq/beam.ts';
import { encodePictures, encodeText } from '../../src/worker/seq2seq/hubEncoders.ts';
import { HubModel, type HubGraphs } from '../../src/worker/seq2seq/hubModel.ts';
import { noRepeatNgram } from '../../src/worker/seq2seq/logits.ts';
import type { Hypothesis } from '../../src/worker/seq2seq/search.ts';
import { hubCase, hubFiles, type HubCase } from './hub.ts';
import { openOnNode } from './session.ts';

const { signal } = new AbortController();

export interface OpenHubCase {
  one: HubCase;
  architecture: HubTranslatorArchitecture | HubSummariserArchitecture;
  parts: ConvertedModel['parts'];
  model: HubModel<Int32Array>;
}

/** A case imported as a reader would import it, and loaded. */
export async function openHubCase(name: string): Promise<OpenHubCase> {
  const one = hubCase(name);
  const { parts, ...converted } = await convert(one);
  const architecture = v.parse(v.variant('type', [hubTranslatorSchema, hubSummariserSchema]), converted.architecture);
  return { one, architecture, parts, model: new HubModel(await openGraphs(parts), architecture, encodeText) };
}

/** The captioner, as `openHubCase` opens the others. */
export async function openHubCaptionerCase() {
  const { parts, ...converted } = await convert(hubCase('captioner'));
  const architecture = v.parse(hubCaptionerSchema, converted.architecture);
  const encode = encodePictures(architecture.size);
  return { architecture, model: new HubModel(await openGraphs(parts), architecture, encode) };
}

async function convert(one: HubCase): Promise<ConvertedModel<{ type: string }>> {
  const model = await hub(hubFiles(one));
  if (!model) throw new Error(`${one.name} was not recognised.`);
  return model.convert();
}

async function openGraphs(parts: ConvertedModel['parts']): Promise<HubGraphs> {
  const open = async (role: string): Promise<Session | null> => {
    const found = parts.find((part) => part.role === role);
    return found ? openOnNode(found.bytes, new Uint8Array()) : null;
  };
  const [encoder, decoder, step] = [await open('encoder'), await open('decoder'), await open('step')];
  if (!encoder || !decoder) throw new Error('There is no encoder or no decoder.');
  return { encoder, decoder, step };
}

/** What is found for each of some sources (ids, with all that is put around them) as one batch, by the model's own rules. */
export async function searchHub(
  { one, architecture, model }: Pick<OpenHubCase, 'one' | 'architecture' | 'model'>,
  beams: number,
  sources: readonly (readonly number[])[] = one.runs.map(({ ids }) => ids),
): Promise<Hypothesis[]> {
  const { noRepeat, lengthPenalty, stopsEarly } = architecture;
  const found = await beamSearch(
    model,
    sources.map((ids) => ({
      features: Int32Array.from(ids),
      maxTokens: model.maxTokens - one.prompt.length,
      ...(noRepeat > 0 && { processors: [noRepeatNgram(noRepeat)] }),
    })),
    {
      beams,
      // So that the search goes on as long as the reference's, which keeps as many.
      hypotheses: beams,
      lengthPenalty,
      prompt: Int32Array.from(one.prompt),
      signal,
      ...(stopsEarly && { enough: beams }),
    },
  );
  return found.map(({ hypotheses: [best] }) => best).filter((best) => best !== undefined);
}

/** The ids of a hypothesis, as transformers gives them. */
export const saidIn = ({ architecture }: Pick<OpenHubCase, 'architecture'>, { ids, ended }: Hypothesis): number[] => [
  ...ids,
  ...(ended ? [architecture.eosId] : []),
];
