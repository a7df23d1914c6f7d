import { hubCase } from '../../scripts/compat/hub.ts';
import { generationRules, parseHubConfig } from '../../src/convert/hubConfig.ts';
import { parseOnnxGraph } from '../../src/formats/onnxGraph.ts';
import { createHubTokeniser } from '../../src/worker/features/hubTokeniser.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';
import { reshapeJson } from './json.ts';

const REFUSALS = ['model-corrupt', 'unsupported-model'] as const;
const TEXT = 'The cat  sat on the 猫\u0000, ﬁn';

const fileOf = (name: string, path: string): Uint8Array => hubCase(name).files.get(path) ?? new Uint8Array();
const NAMES = ['marian', 'nllb', 't5', 'bart'];

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
];
