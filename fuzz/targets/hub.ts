import { hubCase, hubFiles } from '../../scripts/compat/hub.ts';
import { generationRules, parseHubConfig } from '../../src/convert/hubConfig.ts';
import { chooseHubFiles } from '../../src/convert/hubFiles.ts';
import { hubWhisper, whisperSettings } from '../../src/convert/hubWhisper.ts';
import { parseHubTokenizer, type HubTokenizer } from '../../src/formats/hubTokenizer.ts';
import { parseOnnxGraph } from '../../src/formats/onnxGraph.ts';
import type { HubSignature } from '../../src/protocol/manifest.ts';
import { createHubTokeniser } from '../../src/worker/features/hubTokeniser.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';
import { reshapeJson } from './json.ts';

const REFUSALS = ['model-corrupt', 'unsupported-model'] as const;
const TEXT = 'The cat  sat on the 猫\u0000, ﬁn';

const fileOf = (name: string, path: string): Uint8Array => hubCase(name).files.get(path) ?? new Uint8Array();
const NAMES = ['marian', 'nllb', 't5', 'bart'];

const WHISPER_FILES = ['config.json', 'generation_config.json', 'preprocessor_config.json'];
const WHISPER_GRAPHS: HubSignature = {
  family: 'whisper',
  decoderLayers: 2,
  heads: 2,
  headSize: 8,
  vocabulary: 432,
  crossCache: true,
  decoderInputs: ['input_ids'],
  attention: true,
  external: {},
};
let tokenizer: HubTokenizer | undefined;
const whisperTokenizer = (): HubTokenizer =>
  (tokenizer ??= parseHubTokenizer(fileOf('whisper', 'tokenizer.json'), undefined));

/** The files of models of the Hub. */
export const hubTargets: Target[] = [
  {
    name: 'hub-config',
    seeds: NAMES.map((name) => fileOf(name, 'config.json')),
    reshape: reshapeJson,
    read: (file) => {
      const rules = generationRules(parseHubConfig(file), undefined, 'summarization');
      expect(rules.positions >= 1 && rules.beams >= 1 && Number.isFinite(rules.lengthPenalty), 'rules can be kept');
      return rules;
    },
    refusals: REFUSALS,
  },
  {
    name: 'hub-graph',
    seeds: [fileOf('t5', 'onnx/encoder_model.onnx'), fileOf('nllb', 'onnx/decoder_model_merged.onnx')],
    read: parseOnnxGraph,
    refusals: ['model-corrupt'],
  },
  {
    name: 'hub-tokenizer',
    seeds: NAMES.map((name) => fileOf(name, 'tokenizer.json')),
    reshape: reshapeJson,
    read: (file) => {
      const tokeniser = createHubTokeniser(file, undefined);
      const { ids, ranges } = tokeniser.encode(TEXT);
      expect(ids.length === ranges.length, 'every piece has a place');
      expect(
        ranges.every(([from, to]) => from >= 0 && from <= to && to <= TEXT.length),
        'places are in the text',
      );
      return tokeniser.decode(ids);
    },
    refusals: REFUSALS,
  },
  ...WHISPER_FILES.map((name): Target => ({
    name: `hub-whisper-${name.replace(/_config|\.json/g, '')}`,
    seeds: ['whisper', 'whisper.en'].map((one) => fileOf(one, name)),
    reshape: reshapeJson,
    read: async (file) => {
      const files = chooseHubFiles(hubFiles(hubCase('whisper'), (path, bytes) => (path === name ? file : bytes)));
      const settings = await whisperSettings(files, whisperTokenizer());
      expect(settings.mels >= 0 && settings.frames % 2 === 0, 'windows have whole places');
      return hubWhisper(WHISPER_GRAPHS, settings, whisperTokenizer());
    },
    refusals: REFUSALS,
  })),
];
