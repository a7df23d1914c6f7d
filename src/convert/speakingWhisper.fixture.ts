import {
  float32Variable,
  int8Variable,
  writeCTranslate2,
  type WrittenVariable,
} from '../formats/ctranslate2.fixture.ts';
import { seededRandom } from '../formats/marian.fixture.ts';
import { realTokens, type TinyWhisper } from './whisper.fixture.ts';

/**
 * A multilingual Whisper that takes everything for Portuguese and always says the same: "bom dia", when it is told that English is
 * spoken "hello there", and where it is to translate "good morning". Its encoder is random; its decoder is made by hand.
 */

const DIM = 16;
const MELS = 80;
const SOURCE_POSITIONS = 1500;
const TARGET_POSITIONS = 64;
/** How far a token's row reaches along its own dimension. */
const ROW = 5;
/** Of a vector with one value among zeros, layer norm leaves this at each zero: adding it makes them zero again. */
const NORM_BETA = 1 / Math.sqrt(DIM - 1);

/** Each token that matters has a dimension of its own; the last three say what was in the prompt. */
const SLOTS = [
  '<|startoftranscript|>',
  '<|en|>',
  '<|pt|>',
  '<|transcribe|>',
  '<|translate|>',
  '<|0.00|>',
  'Ġhello',
  'Ġthere',
  'Ġbom',
  'Ġdia',
  'Ġgood',
  'Ġmorning',
  '<|2.00|>',
] as const;
type Slot = (typeof SLOTS)[number];
const [SAYS_ENGLISH, SAYS_PORTUGUESE, SAYS_TRANSLATE] = [13, 14, 15];

/** What is said after what, how strongly; `given` is what must have been in the prompt as well. */
const CHAIN: { after: Slot; given?: number; say: Slot | '<|endoftext|>'; by: number }[] = [
  { after: '<|startoftranscript|>', say: '<|pt|>', by: 10 },
  { after: '<|startoftranscript|>', say: '<|en|>', by: 8 },
  { after: '<|transcribe|>', say: '<|0.00|>', by: 30 },
  { after: '<|translate|>', say: '<|0.00|>', by: 30 },
  { after: '<|0.00|>', given: SAYS_ENGLISH, say: 'Ġhello', by: 30 },
  { after: '<|0.00|>', given: SAYS_PORTUGUESE, say: 'Ġbom', by: 30 },
  { after: '<|0.00|>', given: SAYS_TRANSLATE, say: 'Ġgood', by: 90 },
  { after: 'Ġhello', say: 'Ġthere', by: 30 },
  { after: 'Ġbom', say: 'Ġdia', by: 30 },
  { after: 'Ġgood', say: 'Ġmorning', by: 30 },
  { after: 'Ġthere', say: '<|2.00|>', by: 30 },
  { after: 'Ġdia', say: '<|2.00|>', by: 30 },
  { after: 'Ġmorning', say: '<|2.00|>', by: 30 },
  { after: '<|2.00|>', say: '<|endoftext|>', by: 30 },
];
/** The end has no dimension left: it is where no other token is, opposite to the start. */
const slotOf = (token: Slot): number => SLOTS.indexOf(token);

export function speakingWhisper(): TinyWhisper {
  const tokens = realTokens(99);
  ['Ġhello', 'Ġthere', 'Ġbom', 'Ġdia', 'Ġgood', 'Ġmorning'].forEach((word, i) => (tokens[40_000 + i] = word));
  const random = seededRandom(5);
  const filled = (name: string, shape: number[], value: (i: number) => number): WrittenVariable => {
    const size = shape.reduce((product, n) => product * n, 1);
    return float32Variable(
      name,
      shape,
      Array.from({ length: size }, (_, i) => value(i)),
    );
  };
  const zeros = (name: string, ...shape: number[]): WrittenVariable => filled(name, shape, () => 0);
  const noise = (name: string, ...shape: number[]): WrittenVariable => filled(name, shape, () => random() - 0.5);
  const norm = (name: string): WrittenVariable[] => [
    filled(`${name}/gamma`, [DIM], () => 1),
    filled(`${name}/beta`, [DIM], () => NORM_BETA),
  ];
  /** A matrix [outputs, inputs] of a few values. */
  const sparse = (
    name: string,
    outputs: number,
    inputs: number,
    cells: [to: number, from: number, value: number][],
  ) => {
    const values = new Array<number>(outputs * inputs).fill(0);
    for (const [to, from, value] of cells) values[to * inputs + from] = value;
    return float32Variable(name, [outputs, inputs], values);
  };
  const identity = Array.from({ length: DIM }, (_, i): [number, number, number] => [i, i, 1]);

  // Attention is even over all tokens so far: what was in the prompt is seen from everywhere.
  const remember: [number, number, number][] = [
    [SAYS_ENGLISH, slotOf('<|en|>'), 5],
    [SAYS_PORTUGUESE, slotOf('<|pt|>'), 5],
    [SAYS_TRANSLATE, slotOf('<|translate|>'), 5],
  ];
  const values = remember.map(([to, from, value]): [number, number, number] => [2 * DIM + to, from, value]);
  const end = slotOf('<|startoftranscript|>');
  const rows = new Float32Array(tokens.length * DIM);
  SLOTS.forEach((token, slot) => (rows[tokens.indexOf(token) * DIM + slot] = ROW));
  rows[tokens.indexOf('<|endoftext|>') * DIM + end] = -ROW;
  const variables = [
    ...['encoder/num_heads', 'decoder/num_heads'].map((name) => int8Variable(name, 2)),
    int8Variable('decoder/pre_norm', 1),
    int8Variable('decoder/activation', 3),
    int8Variable('decoder/scale_embeddings', 0),
    noise('encoder/conv1/weight', DIM, MELS, 3),
    noise('encoder/conv1/bias', DIM),
    noise('encoder/conv2/weight', DIM, DIM, 3),
    noise('encoder/conv2/bias', DIM),
    noise('encoder/position_encodings/encodings', SOURCE_POSITIONS, DIM),
    ...norm('encoder/layer_0/self_attention/layer_norm'),
    noise('encoder/layer_0/self_attention/linear_0/weight', 3 * DIM, DIM),
    noise('encoder/layer_0/self_attention/linear_0/bias', 3 * DIM),
    noise('encoder/layer_0/self_attention/linear_1/weight', DIM, DIM),
    noise('encoder/layer_0/self_attention/linear_1/bias', DIM),
    ...norm('encoder/layer_0/ffn/layer_norm'),
    noise('encoder/layer_0/ffn/linear_0/weight', DIM, DIM),
    noise('encoder/layer_0/ffn/linear_0/bias', DIM),
    noise('encoder/layer_0/ffn/linear_1/weight', DIM, DIM),
    noise('encoder/layer_0/ffn/linear_1/bias', DIM),
    ...norm('encoder/layer_norm'),
    { name: 'decoder/embeddings/weight', shape: [tokens.length, DIM], type: 0, bytes: new Uint8Array(rows.buffer) },
    zeros('decoder/position_encodings/encodings', TARGET_POSITIONS, DIM),
    ...norm('decoder/layer_0/self_attention/layer_norm'),
    sparse('decoder/layer_0/self_attention/linear_0/weight', 3 * DIM, DIM, values),
    zeros('decoder/layer_0/self_attention/linear_0/bias', 3 * DIM),
    sparse('decoder/layer_0/self_attention/linear_1/weight', DIM, DIM, identity),
    zeros('decoder/layer_0/self_attention/linear_1/bias', DIM),
    ...norm('decoder/layer_0/attention/layer_norm'),
    noise('decoder/layer_0/attention/linear_0/weight', DIM, DIM),
    zeros('decoder/layer_0/attention/linear_0/bias', DIM),
    noise('decoder/layer_0/attention/linear_1/weight', 2 * DIM, DIM),
    zeros('decoder/layer_0/attention/linear_1/bias', 2 * DIM),
    zeros('decoder/layer_0/attention/linear_2/weight', DIM, DIM),
    zeros('decoder/layer_0/attention/linear_2/bias', DIM),
    ...norm('decoder/layer_0/ffn/layer_norm'),
    // A unit for each link of the chain, which is on where the token, and what must be given, are there.
    sparse(
      'decoder/layer_0/ffn/linear_0/weight',
      CHAIN.length,
      DIM,
      CHAIN.flatMap(({ after, given }, unit): [number, number, number][] => [
        [unit, slotOf(after), 1],
        ...(given === undefined ? [] : [[unit, given, 1] as [number, number, number]]),
      ]),
    ),
    filled('decoder/layer_0/ffn/linear_0/bias', [CHAIN.length], (unit) =>
      CHAIN[unit]?.given === undefined ? -1 : -3.6,
    ),
    sparse(
      'decoder/layer_0/ffn/linear_1/weight',
      DIM,
      CHAIN.length,
      CHAIN.map(({ say, by }, unit): [number, number, number] =>
        say === '<|endoftext|>' ? [end, unit, -by] : [slotOf(say), unit, by],
      ),
    ),
    zeros('decoder/layer_0/ffn/linear_1/bias', DIM),
    ...norm('decoder/layer_norm'),
  ];
  const encode = (value: unknown): Uint8Array => new TextEncoder().encode(JSON.stringify(value));
  return {
    model: writeCTranslate2({
      variables,
      aliases: [['decoder/projection/weight', 'decoder/embeddings/weight']],
    }),
    config: encode({ alignment_heads: [[0, 0]], suppress_ids: [], suppress_ids_begin: [] }),
    vocabulary: encode(tokens),
  };
}
