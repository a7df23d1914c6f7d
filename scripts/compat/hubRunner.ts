import * as v from 'valibot';
import type { ConvertedModel } from '../../src/convert/converted.ts';
import { hub } from '../../src/convert/identifyHub.ts';
import {
  hubCaptionerSchema,
  hubSummariserSchema,
  hubTranslatorSchema,
  hubWhisperSchema,
  type HubSummariserArchitecture,
  type HubTranslatorArchitecture,
  type HubWhisperArchitecture,
} from '../../src/protocol/manifest.ts';
import { beamSearch } from '../../src/worker/seq2seq/beam.ts';
import type { HubModel } from '../../src/worker/seq2seq/hubModel.ts';
import { noRepeatNgram } from '../../src/worker/seq2seq/logits.ts';
import type { GraphSource } from '../../src/worker/seq2seq/openGraphs.ts';
import { openHubPictures, openHubText, openHubWhisper } from '../../src/worker/seq2seq/openHub.ts';
import type { Hypothesis } from '../../src/worker/seq2seq/search.ts';
import type { Mel } from '../../src/worker/seq2seq/whisperMemory.ts';
import { whisperRules } from '../../src/worker/seq2seq/whisperRules.ts';
import { hubCase, hubFiles, type HubCase } from './hub.ts';

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
  return { one, architecture, parts, model: await openHubText(architecture, sourceOf(parts)) };
}

/** The captioner, as `openHubCase` opens the others. */
export async function openHubCaptionerCase() {
  const { parts, ...converted } = await convert(hubCase('captioner'));
  const architecture = v.parse(hubCaptionerSchema, converted.architecture);
  return { architecture, model: await openHubPictures(architecture, sourceOf(parts)) };
}

/** A Whisper, as `openHubCase` opens the others. */
export async function openHubWhisperCase(name: string) {
  const one = hubCase(name);
  const { parts, ...converted } = await convert(one);
  const architecture = v.parse(hubWhisperSchema, converted.architecture);
  return {
    windows: one.windows ?? [],
    architecture,
    parts,
    model: await openHubWhisper(architecture, sourceOf(parts)),
  };
}

/** The features of a window in the reference, without silence at the end. */
export function spokenFeatures({ mels, frames }: HubWhisperArchitecture, kind: number): Mel {
  const data = Float32Array.from({ length: mels * frames }, (_, i) => {
    const [band, frame] = [Math.floor(i / frames), i % frames];
    return (
      Math.sin(0.37 * band * (1 + kind) + 0.011 * frame * (1 + 0.05 * band)) *
      (0.6 + 0.4 * Math.sin(0.005 * frame + kind))
    );
  });
  return { data, frames, heard: frames };
}

/** Tokens that the reference writes at most. */
const MOST_SPOKEN = 28;

/** What is written of some windows as one batch, each in the language of its own prompt. */
export async function writeHub(
  { model, architecture }: Pick<Awaited<ReturnType<typeof openHubWhisperCase>>, 'model' | 'architecture'>,
  windows: readonly { kind: number; prompt: readonly number[] }[],
  beams: number,
): Promise<Hypothesis[]> {
  const mels = windows.map(({ kind }) => spokenFeatures(architecture, kind));
  const heard = await model.hear(mels, signal);
  const rules = whisperRules(architecture, new Int32Array());
  const found = await beamSearch(
    model,
    heard.map((window, i) => {
      const languageId = windows[i]?.prompt[1];
      const features = { ...window, ...(languageId !== undefined && { languageId }) };
      return { features, maxTokens: MOST_SPOKEN, processors: [rules] };
    }),
    { beams, hypotheses: beams, lengthPenalty: 1, prompt: Int32Array.from(windows[0]?.prompt ?? []), signal },
  );
  return found.map(({ hypotheses: [best] }) => best).filter((best) => best !== undefined);
}

async function convert(one: HubCase): Promise<ConvertedModel<{ type: string }>> {
  const model = await hub(hubFiles(one));
  if (!model) throw new Error(`${one.name} was not recognised.`);
  return model.convert();
}

const sourceOf = (parts: ConvertedModel['parts']): GraphSource => ({
  part: (role) => {
    const found = parts.find((part) => part.role === role);
    return found ? Promise.resolve(found.bytes) : Promise.reject(new Error(`There is no ${role}.`));
  },
  provider: 'wasm',
  threads: 1,
  lane: 0,
  signal,
});

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
export const saidIn = ({ model }: { model: { eosId: number } }, { ids, ended }: Hypothesis): number[] => [
  ...ids,
  ...(ended ? [model.eosId] : []),
];
