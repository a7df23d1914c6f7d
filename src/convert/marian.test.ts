import { describe, expect, it } from 'vitest';
import { seededRandom, studentTensors, writeMarian, type StudentShape } from '../formats/marian.fixture.ts';
import { convert, part, TINY, vocabulary } from './marian.fixture.ts';
import { convertMarian } from './marian.ts';

describe('convertMarian', () => {
  it('describes the architecture and stores no weight twice', () => {
    const { file, model } = convert(TINY);
    expect(model.architecture).toEqual({
      type: 'marian-ssru',
      dim: 16,
      heads: 4,
      encoderLayers: 1,
      decoderLayers: 1,
      vocabulary: 30,
      positions: 512,
      eosId: 0,
      unkId: 1,
    });
    expect(part(model, 'weights.bin').length).toBeLessThan(file.length);
    for (const { file: name, bytes } of model.parts)
      if (name.endsWith('.onnx')) expect(bytes.length).toBeLessThan(40_000);
  });

  it.each([
    ['a vocabulary of another size', 'unsupported-model', vocabulary(31), {}],
    ['a vocabulary that does not begin with end-of-sentence', 'unsupported-model', vocabulary(30, 1), {}],
    [
      'a model that has lost a part of its calibration',
      'model-corrupt',
      vocabulary(30),
      { without: 'decoder_l1_rnn_Wf_QuantMultA' },
    ],
    ['a model without one of its weights', 'model-corrupt', vocabulary(30), { without: 'encoder_l1_ffn_W2' }],
    [
      'a model whose weights have another shape than it says',
      'model-corrupt',
      vocabulary(30),
      { as: { ...TINY, ffn: 32 } },
    ],
  ])('refuses %s', (_, code, pieces, { without, as }: { without?: string; as?: StudentShape }) => {
    const tensors = studentTensors(TINY, seededRandom(1)).filter(({ name }) => name !== without);
    const config = studentTensors(as ?? TINY, seededRandom(1)).at(-1);
    const model = writeMarian([...tensors.slice(0, -1), ...(config ? [config] : [])]);
    expect(() => convertMarian({ model, vocabulary: pieces })).toThrow(expect.objectContaining({ code }));
  });

  it('wants a vocabulary for each language of a model that has two', () => {
    const shape = { ...TINY, sourceVocabulary: 25, options: { 'tied-embeddings-all': 'false' } };
    const model = writeMarian(studentTensors(shape, seededRandom(1)));
    const files = { model, vocabulary: vocabulary(TINY.vocabulary) };
    expect(() => convertMarian(files)).toThrow(/vocabulary for each language/);
    expect(() => convertMarian({ ...files, sourceVocabulary: vocabulary(24) })).toThrow(/do not belong together/);
    const { architecture, parts } = convertMarian({ ...files, sourceVocabulary: vocabulary(25) });
    expect(architecture).toMatchObject({ type: 'marian-ssru', vocabulary: 30, sourceVocabulary: 25 });
    expect(parts.map(({ role }) => role)).toContain('source-tokeniser');
  });

  it('says of a decoder that attends to itself how it begins', () => {
    const shape = { ...TINY, options: { 'transformer-decoder-autoreg': 'self-attention' } };
    expect(convert(shape).model.architecture).toMatchObject({ type: 'transformer', startId: -1 });
  });
});
