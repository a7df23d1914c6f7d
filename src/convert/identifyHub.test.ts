import { describe, expect, it } from 'vitest';
import { hubCase, hubFiles, withConfig } from '../../scripts/compat/hub.ts';
import { parseHubTokenizer } from '../formats/hubTokenizer.ts';
import { hubTag } from './hubLanguages.ts';
import { identify } from './identify.ts';

const json = (value: unknown): Uint8Array<ArrayBuffer> => new TextEncoder().encode(JSON.stringify(value));

/** A model's files with some of its config changed. */
const configured = (name: string, settings: object) => hubFiles(hubCase(name), withConfig(settings));

const without = (name: string, gone: RegExp) =>
  hubFiles(hubCase(name), (path, bytes) => (gone.test(path) ? null : bytes));

/** A Whisper with some settings in one of its files changed. */
const whisperWith = (name: string, settings: object) =>
  hubFiles(hubCase('whisper'), (path, bytes) =>
    path === name ? json({ ...(JSON.parse(new TextDecoder().decode(bytes)) as object), ...settings }) : bytes,
  );

const fileOf = (name: string, path: string): Uint8Array => hubCase(name).files.get(path) ?? new Uint8Array();

describe('models of the Hub', () => {
  it('knows an OPUS-MT with several targets by its tokens', async () => {
    const model = await identify(hubFiles(hubCase('marian')));
    expect(model).toMatchObject({ format: 'Hub marian', kind: 'translation', name: 'opus-mt-en-pt-marian' });
    expect([model.from, model.to]).toEqual([['en'], ['pt', 'es']]);
    const { architecture, parts } = await model.convert();
    expect(architecture).toMatchObject({
      type: 'hub-translator',
      decoderLayers: 2,
      heads: 2,
      headSize: 8,
      crossCache: true,
      attention: true,
      endsForced: true,
      before: [],
      after: [0],
      languageTokens: { source: 'to', target: false },
    });
    const roles = ['encoder', 'decoder', 'tokeniser', 'tokeniser-config'];
    expect(parts.map(({ role }) => role)).toEqual(roles);
  });

  it('knows the languages of NLLB', async () => {
    const model = await identify(hubFiles(hubCase('nllb')));
    expect([model.from, model.to]).toEqual([
      ['en', 'pt', 'zh-Hant'],
      ['en', 'pt', 'zh-Hant'],
    ]);
    const { architecture } = await model.convert();
    expect(architecture).toMatchObject({
      before: [],
      after: [2],
      startId: 2,
      languageTokens: { source: 'from', target: true },
    });
  });

  it('knows a T5 by what it was told: a summariser, or a translator', async () => {
    const model = await identify(hubFiles(hubCase('t5')));
    expect(model.kind).toBe('summary');
    const { architecture } = await model.convert();
    expect(architecture).toMatchObject({ type: 'hub-summariser', noRepeat: 3, leastTokens: 5, lengthPenalty: 2 });
    const prefix = { prefix: 'translate English to German: ' };
    const told = await identify(configured('t5', { task_specific_params: { translation_en_to_de: prefix } }));
    expect(told).toMatchObject({ kind: 'translation', from: ['en'], to: ['de'] });
    expect((await told.convert()).architecture).toMatchObject({ type: 'hub-translator', stopsEarly: false });
  });

  it('knows a Whisper by its generation_config: what it hears, its ids, and its vocabulary as we write it', async () => {
    const model = await identify(hubFiles(hubCase('whisper')));
    expect(model).toMatchObject({
      format: 'Hub whisper',
      kind: 'speech',
      from: ['en', 'pt', 'jv'],
      to: ['en', 'pt', 'jv'],
    });
    const { architecture, parts } = await model.convert();
    const tokens = Object.fromEntries(parseHubTokenizer(fileOf('whisper', 'tokenizer.json'), undefined).tokens);
    expect(architecture).toMatchObject({
      type: 'hub-whisper',
      mels: 80,
      frames: 3000,
      positions: 64,
      decoderLayers: 2,
      attention: true,
      sotId: tokens['<|startoftranscript|>'],
      eotId: tokens['<|endoftext|>'],
      noSpeechId: tokens['<|nospeech|>'],
      timestampBeginId: tokens['<|0.00|>'],
      transcribeId: tokens['<|transcribe|>'],
      translateId: tokens['<|translate|>'],
      languageIds: { en: tokens['<|en|>'], pt: tokens['<|pt|>'], jv: tokens['<|jw|>'] },
      alignmentHeads: [
        [0, 1],
        [1, 0],
      ],
    });
    expect(parts.map(({ role, file }) => [role, file])).toEqual([
      ['encoder', 'encoder_model.onnx'],
      ['decoder', 'decoder_model_merged.onnx'],
      ['tokeniser', 'vocabulary.txt'],
    ]);
    const lines = new TextDecoder().decode(parts[2]?.bytes).split('\n');
    expect([lines[tokens['Ġ'] ?? 0], lines[tokens['<|en|>'] ?? 0]]).toEqual(['Ġ', '']);
  });

  it('knows an English-only Whisper, of 128 mel bands', async () => {
    const model = await identify(hubFiles(hubCase('whisper.en')));
    expect([model.from, model.to]).toEqual([['en'], ['en']]);
    const { architecture, parts } = await model.convert();
    expect(parts.map(({ role }) => role)).toContain('step');
    expect(architecture).toMatchObject({ mels: 128, languageIds: {}, transcribeId: null, translateId: null });
  });

  it('takes the decoder with past where none is merged', async () => {
    const { architecture, parts } = await (await identify(hubFiles(hubCase('bart')))).convert();
    expect(parts.map(({ role }) => role)).toContain('step');
    expect(architecture).toMatchObject({ stepInputs: ['encoder_attention_mask', 'input_ids'], forcedFirstId: 0 });
  });

  it('takes the best file for each provider', async () => {
    const { files, ...rest } = hubCase('nllb');
    const more = new Map(files);
    for (const [path, bytes] of files) {
      if (path.endsWith('.onnx')) more.set(path.replace('.onnx', '_quantized.onnx'), bytes);
      if (path.endsWith('.onnx')) more.set(path.replace('.onnx', '_q4f16.onnx'), bytes);
    }
    const { parts } = await (await identify(hubFiles({ ...rest, files: more }))).convert();
    expect(parts.filter(({ role }) => role === 'decoder')).toMatchObject([
      { file: 'decoder_model_merged_quantized.onnx', provider: 'wasm' },
      { file: 'decoder_model_merged.onnx', provider: 'webgpu' },
    ]);
  });

  it('leaves out floats that are too large to be kept beside 8 bits', async () => {
    const { files, ...rest } = hubCase('nllb');
    const more = new Map(files);
    for (const [path, bytes] of files) more.set(path.replace('.onnx', '_quantized.onnx'), bytes);
    const large = hubFiles({ ...rest, files: more }).map((file) =>
      file.path.endsWith('model_merged.onnx') ? { ...file, sizeBytes: 2 ** 30 } : file,
    );
    const { parts } = await (await identify(large)).convert();
    expect(parts.filter(({ role }) => role === 'decoder')).toMatchObject([
      { file: 'decoder_model_merged_quantized.onnx' },
    ]);
  });

  it.each([
    ['config.json', without('nllb', /config\.json$/), /config\.json is missing/],
    ['tokenizer.json', without('nllb', /tokenizer\.json$/), /tokenizer\.json is missing/],
    ['an encoder', without('nllb', /encoder_model/), /encoder_model_quantized\.onnx or .* is missing/],
    ['a decoder', without('nllb', /decoder_model/), /decoder_model_merged_quantized\.onnx.* missing/],
    ['the later decoder', without('bart', /with_past/), /decoder_with_past_model\.onnx is missing/],
    ['an unknown type', configured('nllb', { model_type: 'blenderbot' }), /type blenderbot cannot be run here yet/],
    ['how a Whisper generates', without('whisper', /generation_config/), /generation_config\.json is missing/],
    ['how a Whisper hears', without('whisper', /preprocessor_config/), /preprocessor_config\.json is missing/],
    ['other features', whisperWith('preprocessor_config.json', { hop_length: 80 }), /features with hop_length of 80/],
    ['a language', whisperWith('generation_config.json', { lang_to_id: { en: 1 } }), /lang_to_id has "en"/],
    ['no languages', whisperWith('generation_config.json', { lang_to_id: null }), /do not say its lang_to_id/],
    ['no tasks', whisperWith('generation_config.json', { task_to_id: null }), /do not say its task_to_id/],
    ['other times', whisperWith('generation_config.json', { no_timestamps_token_id: 5 }), /its times do not follow/],
    ['a foreign token', whisperWith('generation_config.json', { suppress_tokens: [9999] }), /name the token 9999/],
    ['a rule', configured('bart', { repetition_penalty: 1.5 }), /repetition_penalty of 1\.5, which is not supported/],
  ])('refuses by name: %s', async (_, files, said) => {
    await expect(identify(files).then((model) => model.convert())).rejects.toMatchObject({
      code: 'unsupported-model',
      message: expect.stringMatching(said) as string,
    });
  });

  it('refuses a model that only goes on writing', async () => {
    const files = hubFiles({
      ...hubCase('nllb'),
      files: new Map([
        ['config.json', json({ model_type: 'gpt2' })],
        ['onnx/model_q4.onnx', new Uint8Array(8)],
      ]),
    });
    await expect(identify(files)).rejects.toThrow(/of the type gpt2 has one graph, model\.onnx/);
  });

  it('refuses a config that is damaged', async () => {
    await expect(identify(configured('nllb', { eos_token_id: 'two' }))).rejects.toMatchObject({
      code: 'model-corrupt',
    });
  });
});

describe('hubTag', () => {
  it.each([
    ['por_Latn', 'pt'],
    ['zho_Hans', 'zh'],
    ['zho_Hant', 'zh-Hant'],
    ['arb_Arab', 'ar'],
    ['pt_XX', 'pt'],
    ['pt_BR', 'pt'],
    ['ast', 'ast'],
  ])('%s is %s', (code, tag) => {
    expect(hubTag(code)).toBe(tag);
  });
});
