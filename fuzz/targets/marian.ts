import { convertMarian } from '../../src/convert/marian.ts';
import { TINY, vocabulary } from '../../src/convert/marian.fixture.ts';
import {
  type LexicalShortlist,
  parseLexicon,
  parseMarianLexicon,
  writeLexicon,
  type LexicalLists,
} from '../../src/formats/lexicon.ts';
import { parseMarianConfig } from '../../src/formats/marian-config.ts';
import {
  seededRandom,
  studentConfig,
  studentTensors,
  writeMarian,
  type WrittenTensor,
} from '../../src/formats/marian.fixture.ts';
import { writeMarianLexicon } from '../../src/formats/lexicon.fixture.ts';
import { parseMarian } from '../../src/formats/marian.ts';
import { expect } from '../expect.ts';
import type { Random } from '../random.ts';
import type { Target } from '../target.ts';

const REFUSALS = ['model-corrupt', 'unsupported-model'] as const;
const tensors = studentTensors(TINY, seededRandom(1));
const student = writeMarian(tensors);
const text = (value: string): Uint8Array => new TextEncoder().encode(value);

const OPTIONS = ['type', 'dim-emb', 'dim-vocabs', 'enc-depth', 'dec-depth', 'transformer-heads', 'transformer-dim-ffn']
  .concat(['transformer-ffn-depth', 'transformer-decoder-ffn-depth', 'transformer-decoder-dim-ffn', 'dec-cell'])
  .concat(['transformer-preprocess', 'transformer-postprocess', 'transformer-postprocess-top', 'output-omit-bias'])
  .concat(['transformer-guided-alignment-layer', 'transformer-ffn-activation', 'tied-embeddings-all']);
const VALUES = [
  '0',
  '1',
  '-1',
  '2',
  '4',
  '64',
  '8192',
  '1000000',
  '999999999',
  '9999999999',
  '1e9',
  '0x10',
  'NaN',
  '""',
]
  .concat([
    "'",
    '[]',
    '[1, 2]',
    '[30, 30]',
    'true',
    'false',
    'last',
    'relu',
    'swish',
    'dan',
    'n',
    'nnnn',
    'ada',
    'aaaa',
  ])
  .concat(['\n  - 30\n  - 30', '\n- 1', 'null', '~', '{a: b}', '&a', '*a', 'ssru', 'gru', 'self-attention']);

const hostileConfig = (random: Random): string =>
  studentConfig({
    ...TINY,
    options: Object.fromEntries(
      Array.from({ length: random.small(1, 4) }, () => [random.pick(OPTIONS), random.pick(VALUES)]),
    ),
  });

/** A well-formed file of tensors whose names, types, shapes and data do not fit each other. */
function reshapeStudent(random: Random): Uint8Array {
  let changed: WrittenTensor[] = tensors.slice();
  for (let changes = random.small(1, 5); changes > 0; changes--) {
    const at = random.below(changed.length);
    const tensor = changed[at] ?? random.pick(tensors);
    switch (random.below(6)) {
      case 0:
        changed = changed.filter((_, i) => i !== at);
        break;
      case 1:
        changed.splice(at, 0, { ...tensor, name: random.chance(0.5) ? tensor.name : `${tensor.name}2` });
        break;
      case 2:
        changed[at] = {
          ...tensor,
          shape: tensor.shape.map((size) => random.pick([size, 1, 2, size * 2, 2 ** 31 - 1])),
        };
        break;
      case 3:
        changed[at] = { ...tensor, type: random.pick([0x101, 0x404, 0x4101, 0x402, 0x208, 0]) };
        break;
      case 4:
        changed[at] = { ...tensor, data: tensor.data.subarray(0, random.below(tensor.data.length + 1)) };
        break;
      default:
        changed = changed.map((other) =>
          other.name === 'special:model.yml' ? { ...other, data: text(`${hostileConfig(random)}\0`) } : other,
        );
    }
  }
  return writeMarian(changed);
}

const lists: LexicalLists = {
  first: 3,
  offsets: Uint32Array.of(0, 2, 2, 5, 6),
  ids: Uint32Array.of(4, 9, 3, 70_000, 200_000, 12),
};

function useLexicon(shortlist: LexicalShortlist): Int32Array {
  const allowed = shortlist.allowed(Int32Array.of(0, 2, 3, 99, -1, 1_000_000_000));
  expect(
    allowed.every((id, i) => id >= 0 && (i === 0 || id > (allowed[i - 1] ?? 0))),
    'allowed ids ascend',
  );
  return allowed;
}

export const marianTargets: Target[] = [
  { name: 'marian', seeds: [student], reshape: reshapeStudent, read: parseMarian, refusals: REFUSALS },
  {
    name: 'marian-config',
    seeds: [text(studentConfig(TINY))],
    words: [...OPTIONS.map((option) => `\n${option}: `), ...VALUES.map((value) => `${value}\n`), '- ', '\0', ': '],
    reshape: (random) => text(hostileConfig(random)),
    read: (file) => parseMarianConfig(new TextDecoder().decode(file)),
    refusals: REFUSALS,
  },
  {
    name: 'marian-import',
    seeds: [student],
    reshape: reshapeStudent,
    read: (model) => convertMarian({ model, vocabulary: vocabulary(TINY.vocabulary) }).architecture,
    refusals: REFUSALS,
  },
  {
    name: 'marian-lexicon',
    seeds: [writeMarianLexicon(3, [[4, 9], [], [7, 5, 3], [12]]), writeMarianLexicon(0, [[1]])],
    read: (file) => {
      const written = writeLexicon(parseMarianLexicon(file));
      return [written, useLexicon(parseLexicon(written))];
    },
    refusals: REFUSALS,
  },
  {
    name: 'lexicon',
    seeds: [writeLexicon(lists)],
    read: (file) => useLexicon(parseLexicon(file)),
    refusals: REFUSALS,
  },
];
