import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { EngineError } from '../protocol/errors.ts';
import {
  configTensor,
  float32Tensor,
  int8Tensor,
  seededRandom,
  studentConfig,
  studentTensors,
  writeMarian,
} from './marian.fixture.ts';
import { parseMarian } from './marian.ts';

const SHAPE = { dim: 8, heads: 2, encoderLayers: 1, decoderLayers: 1, ffn: 12, vocabulary: 10 };
const TENSORS = studentTensors(SHAPE, seededRandom(1));
const STUDENT = writeMarian(TENSORS);

function failure(bytes: Uint8Array): EngineError {
  try {
    parseMarian(bytes);
  } catch (error) {
    if (error instanceof EngineError) return error;
    throw error;
  }
  throw new Error('it was read without an error');
}

/** A result, or an EngineError that says the file is damaged or foreign; anything else is a defect of the reader. */
function readsOrRefuses(bytes: Uint8Array): void {
  const before = performance.now();
  try {
    parseMarian(bytes);
  } catch (error) {
    if (!(error instanceof EngineError) || !['model-corrupt', 'unsupported-model'].includes(error.code)) throw error;
    expect(error.message.length).toBeLessThan(400);
  }
  expect(performance.now() - before).toBeLessThan(1000);
}

describe('parseMarian', () => {
  it('reads shapes, values and multipliers', () => {
    const { config, tensors } = parseMarian(
      writeMarian([
        int8Tensor('W', [2, 3], Int8Array.of(1, -2, 3, -4, 5, -128), 12.5),
        float32Tensor('b', [1, 3], Float32Array.of(0.5, -1, 2)),
        configTensor(studentConfig(SHAPE)),
      ]),
    );
    expect(tensors.get('W')).toEqual({
      type: 'int8',
      shape: [2, 3],
      data: Int8Array.of(1, -2, 3, -4, 5, -128),
      multiplier: 12.5,
    });
    expect(tensors.get('b')).toEqual({ type: 'float32', shape: [1, 3], data: Float32Array.of(0.5, -1, 2) });
    expect(config).toEqual({
      dim: 8,
      heads: 2,
      encoderLayers: 1,
      decoderLayers: 1,
      encoderFfnDim: 12,
      encoderFfnDepth: 2,
      decoderFfnDim: 12,
      decoderFfnDepth: 2,
      ffnActivation: 'relu',
      vocabulary: 10,
      sourceVocabulary: 10,
      embeddings: 'all',
      decoder: 'ssru',
      outputBias: true,
      preprocess: [],
      postprocess: ['add', 'norm'],
      postprocessTop: [],
      alignmentLayer: 1,
    });
  });

  it('reads a file that does not start on a 4-byte boundary', () => {
    const shifted = new Uint8Array(STUDENT.length + 1);
    shifted.set(STUDENT, 1);
    expect(parseMarian(shifted.subarray(1)).tensors).toEqual(parseMarian(STUDENT).tensors);
  });

  it.each([
    ['an empty file', new Uint8Array(0), /needs 8 bytes, 0 are left/],
    ['a zip', Uint8Array.of(0x50, 0x4b, 3, 4, 0, 0, 0, 0), /may not be a Marian model/],
    ['the first half of a file', STUDENT.subarray(0, STUDENT.length / 2), /needs \d+ bytes/],
  ])('calls %s damaged', (_, bytes, reason) => {
    const error = failure(bytes);
    expect(error.code).toBe('model-corrupt');
    expect(error.message).toMatch(reason);
  });

  it('does not believe a count of tensors that the file cannot hold', () => {
    const bytes = STUDENT.slice();
    new DataView(bytes.buffer).setBigUint64(8, 2n ** 62n, true);
    expect(failure(bytes).message).toMatch(/the number of tensors is 4611686018427387904/);
    new DataView(bytes.buffer).setBigUint64(8, 2n ** 40n, true);
    expect(failure(bytes).message).toMatch(/claims 1099511627776 tensors/);
  });

  it.each([
    ['a shape larger than its data', [int8Tensor('W', [1 << 30, 1 << 30], Int8Array.of(1), 1)]],
    ['a dimension of zero', [int8Tensor('W', [0, 4], Int8Array.of(1), 1)]],
    ['a multiplier of zero', [int8Tensor('W', [1, 1], Int8Array.of(1), 0)]],
    ['a value that is not a number', [float32Tensor('b', [1, 1], Float32Array.of(NaN))]],
    [
      'two tensors of one name',
      [float32Tensor('b', [1, 1], Float32Array.of(1)), float32Tensor('b', [1, 1], Float32Array.of(1))],
    ],
  ])('calls %s damaged', (_, tensors) => {
    expect(failure(writeMarian([...tensors, configTensor(studentConfig(SHAPE))])).code).toBe('model-corrupt');
  });

  it('does not quote a name that fills a screen', () => {
    const long = float32Tensor('b'.repeat(9000), [1, 1], Float32Array.of(1));
    expect(failure(writeMarian([long])).message).toMatch(/the name of tensor 0 has 9001 bytes/);
  });

  it('does not quote an option that fills a screen', () => {
    const options = { 'transformer-ffn-activation': 'x'.repeat(9000) };
    const error = failure(writeMarian([configTensor(studentConfig({ ...SHAPE, options }))]));
    expect(error.message.length).toBeLessThan(400);
  });

  it('refuses types it cannot read', () => {
    const float16 = { name: 'W', type: 0x402, shape: [1, 1], data: new Uint8Array(256) };
    expect(failure(writeMarian([float16, configTensor(studentConfig(SHAPE))]))).toMatchObject({
      code: 'unsupported-model',
    });
    expect(failure(writeMarian([]))).toMatchObject({ code: 'unsupported-model' });
  });

  it.each([
    ['transformer-decoder-autoreg', 'average-attention'],
    ['dec-cell', 'gru'],
    ['type', 's2s'],
    ['tied-embeddings-src', 'true'],
    ['transformer-postprocess', 'dhn'],
    ['transformer-ffn-activation', 'elu'],
    ['transformer-train-position-embeddings', 'true'],
    ['transformer-tied-layers', '[1, 1]'],
    ['dim-vocabs', '[32000, 24000]'],
  ])('refuses %s: %s and names it', (key, value) => {
    const error = failure(writeMarian([configTensor(studentConfig({ ...SHAPE, options: { [key]: value } }))]));
    expect(error.code).toBe('unsupported-model');
    expect(error.message).toContain(key);
  });

  it.each([
    ['enc-depth', '100000'],
    ['dim-emb', '-3'],
    ['dim-emb', '7'],
    ['transformer-heads', '3'],
    ['enc-depth', '0x10'],
  ])('calls %s: %s damaged', (key, value) => {
    expect(failure(writeMarian([configTensor(studentConfig({ ...SHAPE, options: { [key]: value } }))])).code).toBe(
      'model-corrupt',
    );
  });

  it('survives any truncation', () => {
    fc.assert(
      fc.property(fc.nat(STUDENT.length), (length) => readsOrRefuses(STUDENT.subarray(0, length))),
      { numRuns: 300 },
    );
  });

  it('survives bytes changed anywhere', () => {
    const change = fc.tuple(fc.nat(STUDENT.length - 1), fc.integer({ min: 0, max: 255 }));
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), (changes) => {
        const bytes = STUDENT.slice();
        for (const [at, value] of changes) bytes[at] = value;
        readsOrRefuses(bytes);
      }),
      { numRuns: 500 },
    );
  });

  it('survives hostile lengths in its headers', () => {
    const hostile = fc.oneof(
      fc.bigInt(0n, 2n ** 64n - 1n),
      fc.constantFrom(0n, 2n ** 31n, 2n ** 32n, 2n ** 53n, 2n ** 63n, 2n ** 64n - 1n),
    );
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.nat(1 + 4 * TENSORS.length), hostile), { minLength: 1, maxLength: 4 }),
        (changes) => {
          const bytes = STUDENT.slice();
          for (const [word, value] of changes) new DataView(bytes.buffer).setBigUint64(8 * word, value, true);
          readsOrRefuses(bytes);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('survives files of anything', () => {
    const start = Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0);
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 2000 }), fc.boolean(), (bytes, plausible) => {
        readsOrRefuses(plausible ? Uint8Array.of(...start, ...bytes) : bytes);
      }),
    );
  });
});
