/** Small indexes in the forms that the sources have, for tests: what is in them is made up. */

const HASH = 'ab'.repeat(32);

export const MOZILLA = {
  generated: '2026-01-01T00:00:00Z',
  baseUrl: 'https://storage.googleapis.com/moz-fx-translations-data--303e-prod-translations-data',
  models: {
    'en-ru': [
      {
        architecture: 'base-memory',
        releaseStatus: 'Release',
        sourceLanguage: 'en',
        targetLanguage: 'ru',
        modelStatistics: { parameters: 16_897_584 },
        files: {
          model: {
            path: 'models/en-ru/retrain_base-memory_KJ23/exported/model.enru.intgemm.alphas.bin.gz',
            uncompressedSize: 31_561_787,
            uncompressedHash: HASH,
          },
          lexicalShortlist: { path: 'models/en-ru/retrain_base-memory_KJ23/exported/lex.50.50.enru.s2t.bin.gz' },
          vocab: { path: 'models/en-ru/retrain_base-memory_KJ23/exported/vocab.enru.spm.gz' },
        },
      },
      {
        architecture: 'tiny',
        releaseStatus: 'Nightly',
        sourceLanguage: 'en',
        targetLanguage: 'ru',
        files: { model: { path: 'models/en-ru/tiny/model.bin.gz' }, vocab: { path: 'models/en-ru/tiny/vocab.spm.gz' } },
      },
    ],
    'en-zh_hant': [
      {
        architecture: 'base',
        releaseStatus: 'Release Desktop',
        sourceLanguage: 'en',
        targetLanguage: 'zh_hant',
        files: {
          model: { path: 'models/en-zh_hant/x/model.bin.gz', uncompressedSize: 5, uncompressedHash: HASH },
          lexicalShortlist: { path: 'models/en-zh_hant/x/lex.bin.gz' },
          srcVocab: { path: 'models/en-zh_hant/x/srcvocab.spm.gz' },
          trgVocab: { path: 'models/en-zh_hant/x/trgvocab.spm.gz' },
        },
      },
    ],
  },
};

const part = (name: string) => ({
  name: `https://bergamot.s3.amazonaws.com/models/${name}`,
  size: 1000,
  estimatedCompressedSize: 700,
  expectedSha256Hash: HASH,
});

export const BERGAMOT = {
  deen: {
    model: part('deen/model.deen.intgemm.alphas.bin'),
    lex: part('deen/lex.50.50.deen.s2t.bin'),
    vocab: part('deen/vocab.deen.spm'),
  },
  enuk: {
    model: part('enuk/model.enuk.intgemm8.bin'),
    lex: part('enuk/lex.bin'),
    srcvocab: part('enuk/vocab.en.spm'),
    trgvocab: part('enuk/vocab.uk.spm'),
    config: { 'gemm-precision': 'int8shiftAll' },
  },
};

export const ARGOS = [
  {
    package_version: '1.9',
    argos_version: '1.9.0',
    from_code: 'sq',
    from_name: 'Albanian',
    to_code: 'en',
    to_name: 'English',
    links: ['https://argos-net.com/v1/translate-sq_en-1_9.argosmodel'],
    code: 'translate-sq_en',
  },
  {
    package_version: '1.10',
    argos_version: '1.9.0',
    from_code: 'sq',
    to_code: 'en',
    links: ['ipfs://QmV5bmf8', 'https://argos-net.com/v1/translate-sq_en-1_10.argosmodel'],
  },
  {
    package_version: '1.0',
    from_code: 'zt',
    to_code: 'pb',
    links: ['https://data.argosopentech.com/argospm/v1/translate-zt_pb-1_0.argosmodel'],
  },
  {
    package_version: '1.0',
    type: 'sbd',
    from_code: 'en',
    to_code: 'en',
    links: ['https://argos-net.com/v1/sbd.argosmodel'],
  },
  {
    package_version: '1.0',
    from_code: 'de',
    to_code: 'en',
    links: ['https://elsewhere.test/v1/translate-de_en.argosmodel'],
  },
];

const sibling = (rfilename: string, size: number) => ({
  rfilename,
  size,
  lfs: { sha256: HASH, size, pointerSize: 134 },
});

export const HUB = {
  id: 'Xenova/opus-mt-en-de',
  pipeline_tag: 'translation',
  cardData: { license: 'cc-by-4.0', language: ['en', 'de'] },
  siblings: [
    { rfilename: '.gitattributes', size: 1519 },
    { rfilename: 'README.md', size: 500 },
    { rfilename: 'config.json', size: 1400 },
    { rfilename: 'generation_config.json', size: 293 },
    { rfilename: 'tokenizer.json', size: 5_000_000 },
    { rfilename: 'tokenizer_config.json', size: 300 },
    sibling('onnx/decoder_model_merged.onnx', 230_000_000),
    sibling('onnx/decoder_model_merged_quantized.onnx', 59_000_000),
    sibling('onnx/encoder_model.onnx', 200_000_000),
    sibling('onnx/encoder_model_quantized.onnx', 52_000_000),
  ],
};
