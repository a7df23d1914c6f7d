import {
  float32Variable,
  int8Variable,
  writeCTranslate2,
  type WrittenVariable,
} from '../formats/ctranslate2.fixture.ts';
import { seededRandom } from '../formats/marian.fixture.ts';

/** The files of a Whisper of one layer with random weights, whose vocabulary has one word for each letter. */
export interface TinyWhisper {
  model: Uint8Array;
  config: Uint8Array;
  vocabulary: Uint8Array;
}

export const TINY = { dim: 8, heads: 2, inner: 12, mels: 4, sourcePositions: 40, targetPositions: 16 };

const SPECIAL = ['<|endoftext|>', '<|startoftranscript|>', '<|en|>', '<|de|>', '<|translate|>', '<|transcribe|>'];
const TIMES = 41;

export function tinyTokens(words = 26): string[] {
  const times = Array.from({ length: TIMES }, (_, i) => `<|${(i * 0.02).toFixed(2)}|>`);
  const letters = Array.from({ length: words }, (_, i) => String.fromCharCode(97 + (i % 26)));
  return [...letters, ...SPECIAL, '<|nospeech|>', '<|notimestamps|>', ...times];
}

/** Languages of the real vocabularies, in their order; large-v3 added the last. */
export const REAL_LANGUAGES = (
  'en zh de es ru ko fr ja pt tr pl ca nl ar sv it id hi fi vi he uk el ms cs ro da hu ta no th ur hr bg lt la mi ml cy sk te fa lv ' +
  'bn sr az sl kn et mk br eu is hy ne mn bs kk sq sw gl mr pa si km sn yo so af oc ka be tg sd gu am yi lo uz fo ht ps tk nn mt sa ' +
  'lb my bo tl mg as tt haw ln ha ba jw su yue'
).split(' ');

/**
 * A vocabulary of a real Whisper's size and special tokens, whose words are a, b, ..., z, aa, ab, ...; every other one begins
 * with a space.
 * @param languages 99, 100 as large-v3 has them, or 0 for an English-only one, which lists 99 all the same
 */
export function realTokens(languages: 0 | 99 | 100): string[] {
  const letters = (n: number): string =>
    (n < 26 ? '' : letters(Math.floor(n / 26) - 1)) + String.fromCharCode(97 + (n % 26));
  const words = Array.from({ length: 50256 }, (_, i) => (i % 2 === 0 ? 'Ġ' : '') + letters(i));
  // By its empty token CTranslate2 tells a multilingual vocabulary.
  if (languages > 0) words.push('');
  return [
    ...words,
    '<|endoftext|>',
    '<|startoftranscript|>',
    ...REAL_LANGUAGES.slice(0, languages === 100 ? 100 : 99).map((tag) => `<|${tag}|>`),
    ...['<|translate|>', '<|transcribe|>', '<|startoflm|>', '<|startofprev|>'],
    languages === 100 ? '<|nospeech|>' : '<|nocaptions|>',
    '<|notimestamps|>',
    ...Array.from({ length: 1501 }, (_, i) => `<|${(i * 0.02).toFixed(2)}|>`),
  ];
}

/** @param change what to do to the variables before they are written */
export function tinyWhisper(
  tokens = tinyTokens(),
  change: (variables: WrittenVariable[]) => WrittenVariable[] = (variables) => variables,
): TinyWhisper {
  const { dim, heads, inner, mels, sourcePositions, targetPositions } = TINY;
  const random = seededRandom(3);
  const float = (name: string, ...shape: number[]): WrittenVariable => {
    const size = shape.reduce((product, n) => product * n, 1);
    return float32Variable(
      name,
      shape,
      Array.from({ length: size }, () => random() - 0.5),
    );
  };
  const linear = (name: string, inputs: number, outputs: number): WrittenVariable[] => [
    float(`${name}/weight`, outputs, inputs),
    float(`${name}/bias`, outputs),
  ];
  const norm = (name: string): WrittenVariable[] => [float(`${name}/gamma`, dim), float(`${name}/beta`, dim)];
  const layer = (name: string): WrittenVariable[] => [
    ...norm(`${name}/self_attention/layer_norm`),
    ...linear(`${name}/self_attention/linear_0`, dim, 3 * dim),
    ...linear(`${name}/self_attention/linear_1`, dim, dim),
    ...norm(`${name}/ffn/layer_norm`),
    ...linear(`${name}/ffn/linear_0`, dim, inner),
    ...linear(`${name}/ffn/linear_1`, inner, dim),
  ];
  const cross = 'decoder/layer_0/attention';
  const variables = [
    ...['encoder/num_heads', 'decoder/num_heads'].map((name) => int8Variable(name, heads)),
    int8Variable('decoder/pre_norm', 1),
    int8Variable('decoder/activation', 3),
    int8Variable('decoder/scale_embeddings', 0),
    float('encoder/conv1/weight', dim, mels, 3),
    float('encoder/conv1/bias', dim),
    float('encoder/conv2/weight', dim, dim, 3),
    float('encoder/conv2/bias', dim),
    float('encoder/position_encodings/encodings', sourcePositions, dim),
    ...layer('encoder/layer_0'),
    ...norm('encoder/layer_norm'),
    float('decoder/embeddings/weight', tokens.length, dim),
    float('decoder/position_encodings/encodings', targetPositions, dim),
    ...layer('decoder/layer_0'),
    ...norm(`${cross}/layer_norm`),
    ...linear(`${cross}/linear_0`, dim, dim),
    ...linear(`${cross}/linear_1`, dim, 2 * dim),
    ...linear(`${cross}/linear_2`, dim, dim),
    ...norm('decoder/layer_norm'),
  ];
  const config = {
    alignment_heads: [[0, 1]],
    suppress_ids: [-1, 3],
    suppress_ids_begin: [4, tokens.indexOf('<|endoftext|>')],
  };
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  return {
    model: writeCTranslate2({
      variables: change(variables),
      aliases: [['decoder/projection/weight', 'decoder/embeddings/weight']],
    }),
    config: encode(JSON.stringify(config)),
    vocabulary: encode(`${tokens.join('\n')}\n`),
  };
}
