import fc from 'fast-check';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { type CatalogueEntry, entrySchema } from '../../protocol/catalogue.ts';
import { EngineError } from '../../protocol/errors.ts';
import { isAddressOf, SOURCE_IDS, sourceNamed } from '../../protocol/hosts.ts';
import { readArgos } from './argos.ts';
import { readBergamot } from './bergamot.ts';
import { ARGOS, BERGAMOT, HUB, MOZILLA } from './catalogue.fixture.ts';
import { CATALOGUES, mirrorPath } from './catalogues.ts';
import { isRepository, readHub } from './hub.ts';
import { readMozilla } from './mozilla.ts';

const HASH = 'ab'.repeat(32);
const BUCKET =
  'https://storage.googleapis.com/download/storage/v1/b/moz-fx-translations-data--303e-prod-translations-data/o';

describe('Mozilla’s registry', () => {
  it('gives the released models, with addresses that a page of another site may ask', () => {
    const [russian, chinese, ...more] = readMozilla(JSON.stringify(MOZILLA));
    expect(more).toEqual([]);
    expect(russian).toMatchObject({
      id: 'mozilla-en-ru-base-memory',
      kind: 'translation',
      from: ['en'],
      to: ['ru'],
      bytes: 31_561_787,
      about: true,
      licence: 'MPL-2.0',
    });
    expect(russian?.files[0]).toEqual({
      path: 'model.enru.intgemm.alphas.bin',
      url: `${BUCKET}/models%2Fen-ru%2Fretrain_base-memory_KJ23%2Fexported%2Fmodel.enru.intgemm.alphas.bin.gz?alt=media`,
      gzip: true,
      unpackedBytes: 31_561_787,
      sha256: HASH,
    });
    expect(chinese).toMatchObject({ to: ['zh-Hant'] });
    expect(chinese?.files.map(({ path }) => path)).toEqual(['model.bin', 'lex.bin', 'srcvocab.spm', 'trgvocab.spm']);
  });

  it('does not leave its own folder', () => {
    const text = JSON.stringify(MOZILLA).replaceAll('models/en-ru/retrain_base-memory_KJ23', 'models/../../other');
    expect(readMozilla(text).map(({ to }) => to)).toEqual([['zh-Hant']]);
  });
});

it('Bergamot’s index gives models with size and checksum', () => {
  const entries = readBergamot(JSON.stringify(BERGAMOT));
  expect(entries.map(({ id, bytes }) => [id, bytes])).toEqual([
    ['bergamot-de-en', 3000],
    ['bergamot-en-uk', 4000],
  ]);
  expect(entries[0]?.files[0]).toEqual({
    path: 'model.deen.intgemm.alphas.bin',
    url: 'https://bergamot.s3.amazonaws.com/models/deen/model.deen.intgemm.alphas.bin',
    gzip: true,
    unpackedBytes: 1000,
    sha256: HASH,
  });
  const elsewhere = JSON.stringify(BERGAMOT).replace('bergamot.s3.amazonaws.com/models/deen/lex', 'elsewhere.test/lex');
  expect(readBergamot(elsewhere).map(({ id }) => id)).toEqual(['bergamot-en-uk']);
});

it('Argos’ index gives the newest package of each pair, from hosts that are named', () => {
  expect(readArgos(JSON.stringify(ARGOS)).map(({ from, to, files }) => [from, to, files[0]?.url])).toEqual([
    [['sq'], ['en'], 'https://argos-net.com/v1/translate-sq_en-1_10.argosmodel'],
    [['zh-Hant'], ['pt-BR'], 'https://data.argosopentech.com/argospm/v1/translate-zt_pb-1_0.argosmodel'],
  ]);
});

describe('a repository of the Hub', () => {
  it('is its quantised graphs and what is read beside them', () => {
    const entry = readHub('Xenova/opus-mt-en-de', JSON.stringify(HUB));
    expect(entry).toMatchObject({
      id: 'hub-xenova-opus-mt-en-de',
      kind: 'translation',
      from: ['en'],
      to: ['de'],
      licence: 'cc-by-4.0',
      bytes: 1400 + 293 + 5_000_000 + 300 + 59_000_000 + 52_000_000,
      page: 'https://huggingface.co/Xenova/opus-mt-en-de',
    });
    expect(entry.files.map(({ path }) => path)).toEqual([
      'config.json',
      'generation_config.json',
      'tokenizer.json',
      'tokenizer_config.json',
      'onnx/decoder_model_merged_quantized.onnx',
      'onnx/encoder_model_quantized.onnx',
    ]);
    expect(entry.files[4]).toEqual({
      path: 'onnx/decoder_model_merged_quantized.onnx',
      url: 'https://huggingface.co/Xenova/opus-mt-en-de/resolve/main/onnx/decoder_model_merged_quantized.onnx',
      bytes: 59_000_000,
      sha256: HASH,
    });
  });

  it('takes the whole graphs where there are no quantised ones, with the weights that lie beside them', () => {
    const siblings = [
      ...HUB.siblings.filter(({ rfilename }) => !rfilename.includes('quantized')),
      { rfilename: 'onnx/encoder_model.onnx_data', size: 7 },
    ];
    const entry = readHub('owner/name', JSON.stringify({ ...HUB, siblings }));
    expect(entry.files.map(({ path }) => path).filter((path) => path.startsWith('onnx/'))).toEqual([
      'onnx/decoder_model_merged.onnx',
      'onnx/encoder_model.onnx',
      'onnx/encoder_model.onnx_data',
    ]);
  });

  it('is its decoder and that of later steps where none is merged', () => {
    const siblings = HUB.siblings.flatMap((sibling) =>
      sibling.rfilename.includes('merged')
        ? ['decoder_model', 'decoder_with_past_model'].map((graph) => ({
            ...sibling,
            rfilename: sibling.rfilename.replace('decoder_model_merged', graph),
          }))
        : [sibling],
    );
    const entry = readHub('owner/name', JSON.stringify({ ...HUB, siblings }));
    expect(entry.files.map(({ path }) => path).filter((path) => path.startsWith('onnx/'))).toEqual([
      'onnx/decoder_model_quantized.onnx',
      'onnx/decoder_with_past_model_quantized.onnx',
      'onnx/encoder_model_quantized.onnx',
    ]);
  });

  it('may be a Whisper', () => {
    const siblings = [...HUB.siblings, { rfilename: 'preprocessor_config.json', size: 340 }];
    const told = { ...HUB, siblings, pipeline_tag: 'automatic-speech-recognition' };
    const entry = readHub('onnx-community/whisper-base', JSON.stringify(told));
    expect(entry).toMatchObject({ kind: 'speech', from: [], to: [] });
    expect(entry.files.map(({ path }) => path)).toContain('preprocessor_config.json');
  });

  it('says what it lacks', () => {
    const siblings = HUB.siblings.filter(({ rfilename }) => !rfilename.includes('merged'));
    expect(() => readHub('owner/name', JSON.stringify({ ...HUB, siblings }))).toThrow(/decoder_model_merged/);
  });

  it('is named by its owner and its name', () => {
    expect(['Xenova/opus-mt-en-de', 'a/b'].every(isRepository)).toBe(true);
    const others = [
      '',
      'a',
      '/b',
      'a/',
      'a/b/c',
      '../b',
      'a/..',
      'a b/c',
      'a/b?x',
      'https://huggingface.co/a/b',
      'a/b#c',
      'a/%2e',
    ];
    expect(others.filter(isRepository)).toEqual([]);
  });
});

it('refuses what is no index, in one sentence', () => {
  for (const text of ['', '<!doctype html>', '[]', '{"models":1}', 'null'])
    expect(() => readMozilla(text)).toThrow(EngineError);
});

const FIXTURES = { mozilla: MOZILLA, bergamot: BERGAMOT, argos: ARGOS, hub: HUB } as const;

it.each(SOURCE_IDS)('whatever the index of %s says, an entry is one that can be installed', (id) => {
  const { read } = CATALOGUES[id];
  const text = JSON.stringify(FIXTURES[id]);
  const holds = (entry: CatalogueEntry): boolean =>
    v.is(entrySchema, entry) && entry.files.every(({ url }) => isAddressOf(sourceNamed(id), url));
  fc.assert(
    fc.property(fc.nat(text.length), fc.nat(60), fc.string({ maxLength: 60 }), (at, length, words) => {
      const changed = text.slice(0, at) + words + text.slice(at + length);
      try {
        return read(changed, 'owner/name').every(holds);
      } catch (error) {
        return error instanceof EngineError && ['not-a-model', 'unsupported-model'].includes(error.code);
      }
    }),
    { numRuns: 300 },
  );
  expect(read(text, 'owner/name').every(holds)).toBe(true);
});

it('a copy of a source lies under the names that it has there', () => {
  expect([
    mirrorPath('mozilla', CATALOGUES.mozilla.index('')),
    mirrorPath('mozilla', readMozilla(JSON.stringify(MOZILLA))[1]?.files[0]?.url ?? ''),
    mirrorPath('bergamot', CATALOGUES.bergamot.index('')),
    mirrorPath('bergamot', 'https://bergamot.s3.amazonaws.com/models/deen/vocab.deen.spm'),
    mirrorPath('argos', CATALOGUES.argos.index('')),
    mirrorPath('argos', 'https://argos-net.com/v1/translate-sq_en-1_9.argosmodel'),
    mirrorPath('hub', CATALOGUES.hub.index('owner/name')),
    mirrorPath('hub', 'https://huggingface.co/owner/name/resolve/main/onnx/encoder_model.onnx'),
  ]).toEqual([
    'mirror/mozilla/db/models.json',
    'mirror/mozilla/models/en-zh_hant/x/model.bin.gz',
    'mirror/bergamot/index.json',
    'mirror/bergamot/deen/vocab.deen.spm',
    'mirror/argos/index.json',
    'mirror/argos/translate-sq_en-1_9.argosmodel',
    'mirror/hub/api/models/owner/name',
    'mirror/hub/owner/name/resolve/main/onnx/encoder_model.onnx',
  ]);
  for (const url of ['https://elsewhere.test/x', `${BUCKET}/..%2F..%2Fx?alt=media`, `${BUCKET}/a%2F..%2F..%2Fx`])
    expect(() => mirrorPath('mozilla', url)).toThrow(EngineError);
});
