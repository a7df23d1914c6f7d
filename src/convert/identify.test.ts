import { describe, expect, it } from 'vitest';
import { writeCTranslate2 } from '../formats/ctranslate2.fixture.ts';
import { writeMarianLexicon } from '../formats/lexicon.fixture.ts';
import { seededRandom, studentTensors, writeMarian } from '../formats/marian.fixture.ts';
import { foreignFile, type ForeignFile } from './foreign.ts';
import { identify } from './identify.ts';
import { TINY, vocabulary } from './marian.fixture.ts';
import { tinyTokens, tinyWhisper } from './whisper.fixture.ts';

type Files = Record<string, string | Uint8Array>;

const given = (files: Files): ForeignFile[] =>
  Object.entries(files).map(([path, body]) => foreignFile(path, new Blob([body as Uint8Array<ArrayBuffer>])));

const student: Files = {
  'enpt/model.enpt.intgemm.alphas.bin': writeMarian(studentTensors(TINY, seededRandom(7))),
  'enpt/lex.50.50.enpt.s2t.bin': writeMarianLexicon(2, [[3], [], [4, 5]]),
  'enpt/vocab.enpt.spm': vocabulary(TINY.vocabulary),
};
const whisper = tinyWhisper();
const recogniser: Files = {
  'faster-whisper-tiny/model.bin': whisper.model,
  'faster-whisper-tiny/config.json': whisper.config,
  'faster-whisper-tiny/vocabulary.json': JSON.stringify(tinyTokens()),
};
const specification = (name: string): Uint8Array => writeCTranslate2({ specification: name, variables: [] });

describe('identify', () => {
  it('knows a model of Firefox Translations and reads its languages off its name', async () => {
    const model = await identify(given({ ...student, 'enpt/.DS_Store': 'x', 'enpt/README.md': '#' }));
    expect(model).toMatchObject({ format: 'Firefox Translations', kind: 'translation', from: ['en'], to: ['pt'] });
    const { parts } = await model.convert();
    expect(parts.map(({ role }) => role)).toEqual(expect.arrayContaining(['weights', 'tokeniser', 'lexicon']));
  });

  it('believes what lies beside it more than its name', async () => {
    const described = { modelName: 'A student', srcTags: { cs: 'Czech' }, trgTag: 'en' };
    const model = await identify(given({ ...student, 'enpt/model_info.json': JSON.stringify(described) }));
    expect(model).toMatchObject({ name: 'A student', from: ['cs'], to: ['en'] });
  });

  it('knows a Whisper, whose vocabulary may be JSON', async () => {
    const model = await identify(given(recogniser));
    expect(model).toMatchObject({ kind: 'speech', name: 'faster-whisper-tiny', from: ['en'], to: ['en'] });
    expect((await model.convert()).architecture.type).toBe('whisper');
  });

  it('knows an Argos package by its metadata', async () => {
    const model = await identify(
      given({
        'translate-zt_en/model/model.bin': specification('TransformerSpec'),
        'translate-zt_en/model/shared_vocabulary.txt': '<s>\n</s>\n<unk>\n',
        'translate-zt_en/sentencepiece.model': 'x',
        'translate-zt_en/metadata.json': JSON.stringify({ from_code: 'zt', to_code: 'en' }),
      }),
    );
    expect(model).toMatchObject({ format: 'Argos Translate', from: ['zh-Hant'], to: ['en'] });
  });

  it('reads the languages of a translator of several off its vocabulary', async () => {
    const files = {
      'm2m/model.bin': specification('TransformerSpec'),
      'm2m/shared_vocabulary.json': JSON.stringify(['<s>', '</s>', '<unk>', '__pt__', '__en__']),
    };
    await expect(identify(given(files))).rejects.toMatchObject({
      message: expect.stringContaining('SentencePiece model') as string,
    });
    const model = await identify(given({ ...files, 'm2m/sentencepiece.bpe.model': 'x' }));
    expect(model).toMatchObject({ name: 'm2m', from: ['pt', 'en'], to: ['pt', 'en'] });
  });

  const without = (files: Files, name: RegExp): Files =>
    Object.fromEntries(Object.entries(files).filter(([path]) => !name.test(path)));
  it.each([
    ['no vocabulary', without(student, /vocab/), 'there is no vocab.*.spm'],
    ['one vocabulary of two', { ...without(student, /vocab/), 'srcvocab.enpt.spm': 'x' }, 'there is no trgvocab.*.spm'],
    [
      'two models',
      { ...student, 'model.pten.bin': student['enpt/model.enpt.intgemm.alphas.bin']! },
      'There are 2 models',
    ],
    ['no configuration', without(recogniser, /config/), 'config.json is missing'],
    ['a language model', { 'model.bin': specification('TransformerDecoderSpec') }, 'is a TransformerDecoderSpec'],
    ['weights of PyTorch', { 'pytorch_model.bin': 'PK' }, 'Weights of PyTorch'],
    ['Marian’s own form', { 'model.npz': 'PK' }, 'marian-conv'],
    ['a picture', { 'cat.jpg': 'meow' }, 'There is cat.jpg, but no model'],
    ['nothing', {}, 'There is no file'],
  ])('refuses %s by name', async (_, files, sentence) => {
    await expect(identify(given(files))).rejects.toMatchObject({
      code: 'unsupported-model',
      message: expect.stringContaining(sentence) as string,
    });
  });
});
