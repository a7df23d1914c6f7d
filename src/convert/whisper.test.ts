import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { int8Variable, writeCTranslate2, type WrittenVariable } from '../formats/ctranslate2.fixture.ts';
import { EngineError } from '../protocol/errors.ts';
import { defaultAlignmentHeads } from './whisperAlignment.ts';
import { TINY, tinyTokens, tinyWhisper } from './whisper.fixture.ts';
import { convertWhisper } from './whisper.ts';

const without =
  (name: string) =>
  (variables: WrittenVariable[]): WrittenVariable[] =>
    variables.filter((variable) => variable.name !== name);
const instead =
  (changed: WrittenVariable) =>
  (variables: WrittenVariable[]): WrittenVariable[] =>
    variables.map((variable) => (variable.name === changed.name ? changed : variable));

function failure(files: Parameters<typeof convertWhisper>[0]): EngineError {
  try {
    convertWhisper(files);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('it was converted without an error');
}

function changedConfig(change: object): Parameters<typeof convertWhisper>[0] {
  const files = tinyWhisper();
  const known: unknown = JSON.parse(new TextDecoder().decode(files.config));
  return { ...files, config: new TextEncoder().encode(JSON.stringify({ ...(known as object), ...change })) };
}

describe('convertWhisper', () => {
  it('finds sizes in the weights and tokens by their names', () => {
    const tokens = tinyTokens();
    const { architecture } = convertWhisper(tinyWhisper(tokens));
    const id = (token: string): number => tokens.indexOf(token);
    expect(architecture).toEqual({
      type: 'whisper',
      dim: TINY.dim,
      heads: TINY.heads,
      encoderLayers: 1,
      decoderLayers: 1,
      vocabulary: tokens.length,
      mels: TINY.mels,
      frames: 2 * TINY.sourcePositions,
      positions: TINY.targetPositions,
      sotId: id('<|startoftranscript|>'),
      eotId: id('<|endoftext|>'),
      noSpeechId: id('<|nospeech|>'),
      noTimestampsId: id('<|notimestamps|>'),
      timestampBeginId: id('<|0.00|>'),
      transcribeId: null,
      translateId: null,
      languageIds: {},
      suppressIds: [3],
      suppressFirstIds: [4, id('<|endoftext|>')],
      alignmentHeads: [[0, 1]],
    });
  });

  it('gives a multilingual model its languages and tasks', () => {
    const tokens = tinyTokens(52_000);
    const { architecture } = convertWhisper(tinyWhisper(tokens));
    expect(architecture).toMatchObject({
      languageIds: { en: tokens.indexOf('<|en|>'), de: tokens.indexOf('<|de|>') },
      transcribeId: tokens.indexOf('<|transcribe|>'),
      translateId: tokens.indexOf('<|translate|>'),
    });
  });

  it('writes a graph of each kind for each provider, which share their weights', () => {
    const { parts } = convertWhisper(tinyWhisper());
    expect(parts.map(({ role, provider, lazy }) => [role, provider, lazy === true])).toEqual([
      ['weights', undefined, false],
      ...(['wasm', 'webgpu'] as const).flatMap((provider) => [
        ['encoder', provider, false],
        ['decoder', provider, false],
        ['step', provider, true],
      ]),
      ['tokeniser', undefined, false],
    ]);
  });

  it.each([
    ['a missing weight', tinyWhisper(undefined, without('encoder/conv2/weight')), 'model-corrupt', 'conv2/weight'],
    [
      'a misshapen weight',
      tinyWhisper(undefined, instead({ name: 'encoder/conv2/bias', shape: [2], type: 0, bytes: new Uint8Array(8) })),
      'model-corrupt',
      'conv2/bias is 2',
    ],
    [
      'integers of no scale',
      tinyWhisper(undefined, instead({ name: 'encoder/conv2/bias', shape: [8], type: 1, bytes: new Uint8Array(8) })),
      'model-corrupt',
      'conv2/bias_scale is missing',
    ],
    [
      'heads that do not fit',
      tinyWhisper(undefined, instead(int8Variable('encoder/num_heads', 3))),
      'model-corrupt',
      '3 heads',
    ],
    [
      'another activation',
      tinyWhisper(undefined, instead(int8Variable('decoder/activation', 0))),
      'unsupported-model',
      'another activation than GELU',
    ],
    [
      'another kind of model',
      { ...tinyWhisper(), model: writeCTranslate2({ specification: 'TransformerSpec', variables: [] }) },
      'unsupported-model',
      'TransformerSpec',
    ],
    [
      'the vocabulary of another model',
      { ...tinyWhisper(), vocabulary: tinyWhisper(tinyTokens(20)).vocabulary },
      'unsupported-model',
      'do not belong together',
    ],
    [
      'another config.json',
      { ...tinyWhisper(), config: new TextEncoder().encode('[]') },
      'unsupported-model',
      'config.json',
    ],
  ])('refuses %s', (_, files, code, reason) => {
    const error = failure(files);
    expect([error.code, error.message]).toEqual([code, expect.stringContaining(reason)]);
  });

  it('converts or refuses any changed file', () => {
    const files = tinyWhisper();
    fc.assert(
      fc.property(fc.nat(files.model.length - 1), fc.nat(255), (at, value) => {
        try {
          convertWhisper({ ...files, model: files.model.with(at, value) });
        } catch (error) {
          expect(error).toBeInstanceOf(EngineError);
        }
      }),
      { numRuns: 150 },
    );
  });

  it.each([
    ['a token outside the vocabulary', { suppress_ids: [1e6] }],
    ['half a token', { suppress_ids_begin: [1.5] }],
    ['heads that are none', { alignment_heads: [[0]] }],
  ])('refuses a configuration that names %s', (_, change) => {
    expect(failure(changedConfig(change)).code).toBe('unsupported-model');
  });

  it('leaves out heads of time that the model has not, and takes those of the upper layers where none are left', () => {
    const headsOf = (change: object): unknown => convertWhisper(changedConfig(change)).architecture.alignmentHeads;
    expect(
      headsOf({
        alignment_heads: [
          [0, 0],
          [0, 2],
          [1, 0],
        ],
      }),
    ).toEqual([[0, 0]]);
    expect(headsOf({ alignment_heads: [[7, 7]] })).toEqual([
      [0, 0],
      [0, 1],
    ]);
    expect(headsOf({ alignment_heads: null })).toEqual([
      [0, 0],
      [0, 1],
    ]);
  });

  it('knows the published heads of a real size', () => {
    expect(defaultAlignmentHeads({ decoderLayers: 4, heads: 20, vocabulary: 51866 })).toEqual([
      [2, 4],
      [2, 11],
      [3, 3],
      [3, 6],
      [3, 11],
      [3, 14],
    ]);
  });

  it('takes the end, and a space, for what no text begins with where the configuration does not say', () => {
    const tokens = ['Ġ', ...tinyTokens().slice(1)];
    const config = new TextEncoder().encode('{}');
    const { suppressFirstIds, suppressIds } = convertWhisper({ ...tinyWhisper(tokens), config }).architecture;
    expect([suppressFirstIds, suppressIds]).toEqual([[0, tokens.indexOf('<|endoftext|>')], []]);
  });

  it('reads a vocabulary that is a JSON list', () => {
    const lines = tinyWhisper();
    const list = { ...lines, vocabulary: new TextEncoder().encode(JSON.stringify(tinyTokens())) };
    expect(convertWhisper(list)).toEqual(convertWhisper(lines));
  });

  it.each([
    ['times that do not go on', (tokens: string[]) => tokens.with(-3, '<|9.99|>')],
    ['no languages', (tokens: string[]) => tokens.map((token) => (token === '<|en|>' ? 'en' : token))],
    ['a line break', (tokens: string[]) => tokens.with(3, 'a\nb')],
  ])('refuses a vocabulary with %s', (_, change) => {
    const tokens = change(tinyTokens(52_000));
    const files = { ...tinyWhisper(tokens), vocabulary: new TextEncoder().encode(JSON.stringify(tokens)) };
    expect(failure(files).code).toBe('unsupported-model');
  });

  it('refuses sizes that no manifest may name', () => {
    const heads = int8Variable('encoder/num_heads', 8);
    const files = tinyWhisper(tinyTokens(), (variables) => instead(heads)(variables));
    expect(failure(files).code).toBe('model-corrupt');
  });

  it('makes the same of int8 weights as of the floats that they stand for', () => {
    const isMatrix = ({ name, shape }: WrittenVariable): boolean => name.endsWith('/weight') && shape.length === 2;
    const rounded = (variable: WrittenVariable): { integers: Int8Array; scales: Float32Array } => {
      const values = new Float32Array(variable.bytes.slice().buffer);
      const width = variable.shape[1] ?? 1;
      const scales = Float32Array.from({ length: variable.shape[0] ?? 0 }, (_, row) => {
        return 127 / Math.max(...values.subarray(row * width, (row + 1) * width).map(Math.abs));
      });
      return {
        integers: Int8Array.from(values, (value, i) => Math.round(value * scales[Math.floor(i / width)]!)),
        scales,
      };
    };
    const quantised = tinyWhisper(undefined, (variables) =>
      variables.flatMap((variable) => {
        if (!isMatrix(variable)) return [variable];
        const { integers, scales } = rounded(variable);
        const scale = {
          name: `${variable.name}_scale`,
          shape: [scales.length],
          type: 0,
          bytes: new Uint8Array(scales.buffer),
        };
        return [{ ...variable, type: 1, bytes: new Uint8Array(integers.buffer) }, scale];
      }),
    );
    const floats = tinyWhisper(undefined, (variables) =>
      variables.map((variable) => {
        if (!isMatrix(variable)) return variable;
        const { integers, scales } = rounded(variable);
        const width = variable.shape[1] ?? 1;
        const values = Float32Array.from(integers, (value, i) => value / scales[Math.floor(i / width)]!);
        return { ...variable, bytes: new Uint8Array(values.buffer) };
      }),
    );
    expect(convertWhisper(quantised)).toEqual(convertWhisper(floats));
  });
});
