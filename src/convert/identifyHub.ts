import { parseHubTokenizer, type HubTokenizer } from '../formats/hubTokenizer.ts';
import { EngineError } from '../protocol/errors.ts';
import {
  hubCaptionerSchema,
  hubSummariserSchema,
  hubTranslatorSchema,
  type HubCaptionerArchitecture,
  type HubSummariserArchitecture,
  type HubTranslatorArchitecture,
  type HubWhisperArchitecture,
} from '../protocol/manifest.ts';
import { checkArchitecture, type ConvertedModel, type ConvertedPart } from './converted.ts';
import { foldersOf, nameOf, type ForeignFile, type ForeignFormat, type ForeignModel } from './foreign.ts';
import { generationRules, parseHubConfig, type HubConfig } from './hubConfig.ts';
import { chooseHubFiles, isHubGraph, type HubFiles } from './hubFiles.ts';
import { readHubGraphs } from './hubGraphs.ts';
import { instructionsOf, languagesOf, pairsOf } from './hubLanguages.ts';
import { pictureForm } from './hubPictures.ts';
import { bytePairLines, hubWhisper, whisperSettings } from './hubWhisper.ts';
import { isWhole, pairInName, UNKNOWN_PAIR } from './languageCodes.ts';

const TRANSLATORS = ['marian', 'm2m_100', 'mbart'];
const SUMMARISERS = ['t5', 'mt5', 'bart', 'pegasus'];
const CAPTIONER = 'vision-encoder-decoder';
const RECOGNISER = 'whisper';
const TEXT_INPUTS = ['input_ids', 'attention_mask'];

/** An encoder-decoder of the Hub in the layout of transformers.js: ONNX files as they are, beside their configuration. */
export const hub: ForeignFormat = async (files) => {
  if (!files.some(isHubGraph)) {
    if (files.some(isDecoderOnly)) throw await decoderOnly(files);
    return null;
  }
  const chosen = chooseHubFiles(files);
  const config = parseHubConfig(await chosen.config.bytes());
  const found = { chosen, config, name: nameFor(chosen, config) };
  if (TRANSLATORS.includes(config.model_type)) return translator(found);
  if (SUMMARISERS.includes(config.model_type)) return translatesOnly(config) ? translator(found) : summariser(found);
  if (config.model_type === CAPTIONER) return captioner(found);
  if (config.model_type === RECOGNISER) return recogniser(found);
  const known = [...TRANSLATORS, ...SUMMARISERS, CAPTIONER, RECOGNISER].join(', ');
  throw new EngineError(
    'unsupported-model',
    `A model of the type ${config.model_type} cannot be run here yet; of those of the Hub ${known} can. Choose another model.`,
  );
};

interface Found {
  chosen: HubFiles;
  config: HubConfig;
  name: string;
}

async function translator({ chosen, config, name }: Found): Promise<ForeignModel> {
  const tokenizer = await tokenizerOf(chosen);
  const told = instructionsOf(config);
  const languages = languagesOf(config.model_type, tokenizer);
  const named = [name, config._name_or_path ?? ''].map(pairInName).find(isWhole) ?? UNKNOWN_PAIR;
  const pairs = told ? pairsOf(told) : named;
  const all = languages ? Object.keys(languages.ids) : [];
  return {
    format: `Hub ${config.model_type}`,
    kind: 'translation',
    name,
    from: languages?.source === 'from' ? all : pairs.from,
    to: languages ? all : pairs.to,
    convert: async (): Promise<ConvertedModel<HubTranslatorArchitecture>> => {
      const { signature, parts } = await readHubGraphs(chosen, TEXT_INPUTS);
      const task = Object.keys(config.task_specific_params ?? {}).find((key) => key.startsWith('translation')) ?? '';
      const architecture = checkArchitecture<HubTranslatorArchitecture>(hubTranslatorSchema, {
        type: 'hub-translator',
        family: config.model_type,
        ...signature,
        ...generationRules(config, await chosen.generation?.bytes(), task),
        ...around(tokenizer, Object.values(languages?.ids ?? {})),
        ...(languages && { languageTokens: languages }),
        ...(told && { instructions: mapValues(told, (text) => idsOf(text, tokenizer)) }),
        // The language is said anew for every text.
        ...(languages?.target && { forcedFirstId: null }),
      });
      return { architecture, parts: [...parts, ...(await tokeniserParts(chosen))] };
    },
  };
}

function summariser({ chosen, config, name }: Found): ForeignModel {
  return {
    format: `Hub ${config.model_type}`,
    kind: 'summary',
    name,
    from: [],
    to: [],
    convert: async (): Promise<ConvertedModel<HubSummariserArchitecture>> => {
      const { signature, parts } = await readHubGraphs(chosen, TEXT_INPUTS);
      const tokenizer = await tokenizerOf(chosen);
      const { before, after } = around(tokenizer, []);
      const told = config.task_specific_params?.[SUMMARISE]?.prefix ?? '';
      const architecture = checkArchitecture<HubSummariserArchitecture>(hubSummariserSchema, {
        type: 'hub-summariser',
        family: config.model_type,
        ...signature,
        ...generationRules(config, await chosen.generation?.bytes(), SUMMARISE),
        before: [...before, ...idsOf(told, tokenizer)],
        after,
      });
      return { architecture, parts: [...parts, ...(await tokeniserParts(chosen))] };
    },
  };
}

function captioner({ chosen, config, name }: Found): ForeignModel {
  return {
    format: `Hub ${config.model_type}`,
    kind: 'captioning',
    name,
    from: [],
    to: ['en'],
    convert: async (): Promise<ConvertedModel<HubCaptionerArchitecture>> => {
      if (!chosen.preprocessor)
        throw new EngineError(
          'unsupported-model',
          'The model’s preprocessor_config.json is missing. Choose all the files of its repository.',
        );
      const { signature, parts } = await readHubGraphs(chosen, ['pixel_values']);
      const architecture = checkArchitecture<HubCaptionerArchitecture>(hubCaptionerSchema, {
        type: 'hub-captioner',
        family: config.decoder?.model_type ?? config.model_type,
        ...signature,
        ...generationRules({ ...config.decoder, ...config }, await chosen.generation?.bytes(), ''),
        ...pictureForm(await chosen.preprocessor.bytes()),
      });
      return { architecture, parts: [...parts, ...(await tokeniserParts(chosen))] };
    },
  };
}

async function recogniser({ chosen, config, name }: Found): Promise<ForeignModel> {
  const tokenizer = await tokenizerOf(chosen);
  const settings = await whisperSettings(chosen, tokenizer);
  const languages = settings.transcribeId === null ? ['en'] : Object.keys(settings.languageIds);
  return {
    format: `Hub ${config.model_type}`,
    kind: 'speech',
    name,
    from: languages,
    to: languages,
    convert: async (): Promise<ConvertedModel<HubWhisperArchitecture>> => {
      const { signature, parts } = await readHubGraphs(chosen, ['input_features']);
      const vocabulary: ConvertedPart = { role: 'tokeniser', file: 'vocabulary.txt', bytes: bytePairLines(tokenizer) };
      const architecture = hubWhisper({ family: config.model_type, ...signature }, settings, tokenizer);
      return { architecture, parts: [...parts, vocabulary] };
    },
  };
}

const SUMMARISE = 'summarization';

/** T5 is told in words what to do; one that was told translations alone is a translator. */
function translatesOnly(config: HubConfig): boolean {
  return instructionsOf(config) !== undefined && config.task_specific_params?.[SUMMARISE] === undefined;
}

async function tokenizerOf({ tokenizer, tokenizerConfig }: HubFiles): Promise<HubTokenizer> {
  return parseHubTokenizer(await tokenizer.bytes(), await tokenizerConfig?.bytes());
}

async function tokeniserParts({ tokenizer, tokenizerConfig }: HubFiles): Promise<ConvertedPart[]> {
  const files = [
    { role: 'tokeniser', file: tokenizer },
    { role: 'tokeniser-config', file: tokenizerConfig },
  ];
  return Promise.all(
    files.flatMap(({ role, file }) =>
      file ? [file.bytes().then((bytes): ConvertedPart => ({ role, file: nameOf(file), bytes }))] : [],
    ),
  );
}

/**
 * What the tokeniser puts around a text.
 * @param languages ids of language tokens, which are put there for each text anew
 * @throws EngineError unsupported-model
 */
function around(tokenizer: HubTokenizer, languages: number[]): { before: number[]; after: number[] } {
  const bare = tokenizer.encode(PROBE, false).ids;
  const whole = tokenizer.encode(PROBE, true).ids;
  const at = whole.findIndex((_, from) => bare.every((id, i) => whole[from + i] === id));
  const [before, after] = [whole.slice(0, Math.max(0, at)), whole.slice(at + bare.length)];
  if (bare.length === 0 || at < 0 || after.some((id) => languages.includes(id)))
    throw new EngineError(
      'unsupported-model',
      'What the model’s tokenizer.json puts around a text is not supported yet. Choose another model.',
    );
  return { before: before.filter((id) => !languages.includes(id)), after };
}

const PROBE = 'a';

function idsOf(text: string, tokenizer: HubTokenizer): number[] {
  return text === '' ? [] : tokenizer.encode(text, false).ids;
}

function mapValues<A, B>(record: Record<string, A>, map: (value: A) => B): Record<string, B> {
  return Object.fromEntries(Object.entries(record).map(([key, value]) => [key, map(value)]));
}

function nameFor({ config, graphs }: HubFiles, { _name_or_path: origin, model_type }: HubConfig): string {
  const folder = foldersOf(config)[0] ?? foldersOf(graphs.encoder.wasm).find((name) => name !== 'onnx');
  return folder ?? origin?.split('/').at(-1) ?? model_type;
}

const isDecoderOnly = (file: ForeignFile): boolean => /^model(?:_\w+)?\.onnx$/.test(nameOf(file));

async function decoderOnly(files: readonly ForeignFile[]): Promise<EngineError> {
  const config = files.find((file) => nameOf(file) === 'config.json');
  const type = config ? ` of the type ${parseHubConfig(await config.bytes()).model_type}` : '';
  return new EngineError(
    'unsupported-model',
    `This model${type} has one graph, model.onnx: only encoder-decoders (encoder_model and decoder_model_merged) can be run. Choose another model.`,
  );
}
