import { TINY, tinyTokens, tinyWhisper } from '../../src/convert/whisper.fixture.ts';
import { fromBase64, golden } from '../../scripts/compat/ctranslate2.ts';
import { convertTransformer } from '../../src/convert/ctranslate2.ts';
import { piecesOf } from '../../src/convert/marian.fixture.ts';
import { readLanguageTokens } from '../../src/convert/languageTokens.ts';
import { convertWhisper } from '../../src/convert/whisper.ts';
import { readWhisperIds } from '../../src/convert/whisperIds.ts';
import { writeCTranslate2, type WrittenVariable } from '../../src/formats/ctranslate2.fixture.ts';
import { valuesOf, parseCTranslate2 } from '../../src/formats/ctranslate2.ts';
import { parseTokenList, writeTokenList } from '../../src/formats/tokenList.ts';
import { parseBytePair } from '../../src/worker/features/bytePair.ts';
import { expect } from '../expect.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';
import { reshapeJson } from './json.ts';

const REFUSALS = ['model-corrupt', 'unsupported-model'] as const;
const whisper = tinyWhisper();
const SIZES = { vocabulary: tinyTokens().length, heads: TINY.heads, decoderLayers: 1 };

const small = writeCTranslate2({
  variables: [
    { name: 'a/weight', shape: [2, 2], type: 0, bytes: new Uint8Array(16) },
    { name: 'a/half', shape: [3], type: 4, bytes: new Uint8Array(6) },
    { name: 'a/brain', shape: [2, 1], type: 5, bytes: new Uint8Array(4) },
    { name: 'heads', shape: [], type: 1, bytes: Uint8Array.of(2) },
  ],
  aliases: [['b/weight', 'a/weight']],
});

/** A well-formed file whose variables do not fit each other. */
function reshapeWhisper(random: Random): Uint8Array {
  return tinyWhisper(tinyTokens(), (variables) => {
    const changed = variables.slice();
    for (let changes = random.small(1, 4); changes > 0; changes--) {
      const at = random.below(changed.length);
      const variable = changed[at];
      if (variable) changed.splice(at, 1, ...reshapeVariable(random, variable, random.pick(variables)));
    }
    return changed;
  }).model;
}

function reshapeVariable(random: Random, variable: WrittenVariable, other: WrittenVariable): WrittenVariable[] {
  const empty = new Uint8Array(0);
  switch (random.below(6)) {
    case 0:
      return [];
    case 1:
      return [{ ...other, name: variable.name }];
    case 2:
      return [{ ...variable, shape: variable.shape.toReversed() }];
    case 3:
      return [{ ...variable, shape: variable.shape.map((size, i) => (i === 0 ? 0 : size)), bytes: empty }];
    case 4:
      return [
        { ...variable, shape: [...variable.shape.slice(1), random.pick([0, 2 ** 31, 2 ** 32 - 1]), 0], bytes: empty },
      ];
    default:
      return [{ ...variable, type: random.below(7) }];
  }
}

const [floats, , , , , , learned] = golden.cases;
const file = (name: string): Uint8Array => fromBase64(floats?.files[name] ?? '');

export const ctranslate2Targets: Target[] = [
  {
    name: 'ctranslate2',
    seeds: [small],
    read: (file) => {
      const { variables } = parseCTranslate2(file);
      return [...variables].map(([name, variable]) => [name, valuesOf(variable)]);
    },
    refusals: REFUSALS,
  },
  {
    name: 'whisper-import',
    seeds: [whisper.model],
    reshape: reshapeWhisper,
    read: (model) => convertWhisper({ ...whisper, model }).architecture,
    refusals: REFUSALS,
  },
  {
    name: 'transformer-import',
    seeds: [file('model.bin'), fromBase64(learned?.files['model.bin'] ?? '')],
    words: ['/weight', '/weight_scale', 'encoder/', 'decoder/', 'relative_position_keys', 'TransformerSpec'],
    read: (model) =>
      convertTransformer({
        model,
        config: file('config.json'),
        vocabulary: file('target_vocabulary.json'),
        sourceVocabulary: file('source_vocabulary.json'),
        sentencePiece: piecesOf(parseTokenList(file('target_vocabulary.json'))),
        sourceSentencePiece: piecesOf(parseTokenList(file('source_vocabulary.json'))),
      }).architecture,
    refusals: REFUSALS,
  },
  {
    name: 'token-list',
    seeds: [writeTokenList(['<unk>', '▁a', '"']), new TextEncoder().encode('<unk>\r\n▁a\n')],
    words: ['[', ']', '"', '\\u', '\n', 'null'],
    read: (file) => {
      const tokens = parseTokenList(file);
      expect(
        tokens.every((token) => typeof token === 'string'),
        'tokens are texts',
      );
      return [tokens, readLanguageTokens(tokens)];
    },
    refusals: REFUSALS,
  },
  {
    name: 'whisper-config',
    seeds: [whisper.config],
    words: [
      'alignment_heads',
      'lang_ids',
      'suppress_ids',
      '[',
      ']',
      '-1',
      '1e99',
      '1.5',
      'null',
      '[[',
      '9007199254740993',
    ],
    reshape: reshapeJson,
    read: (config) => readWhisperIds(config, tinyTokens(), SIZES),
    refusals: REFUSALS,
  },
  {
    name: 'whisper-vocabulary',
    seeds: [whisper.vocabulary, new TextEncoder().encode(JSON.stringify(tinyTokens()))],
    words: ['<|endoftext|>', '<|transcribe|>', '<|0.00|>', '<|', '|>', '\n', '\u0120', '\u0100', '\u{1F600}', '\r\n'],
    read: (vocabulary) => {
      const tokens = parseTokenList(vocabulary);
      const bytePair = parseBytePair(new TextEncoder().encode(`${tokens.join('\n')}\n`));
      const text = bytePair.decode([0, 1, 2, 25, 26, -1, 1e9]);
      expect(text.length <= vocabulary.length, 'no text is longer than its tokens');
      return [text, readWhisperIds(whisper.config, tokens, SIZES)];
    },
    refusals: REFUSALS,
  },
];
