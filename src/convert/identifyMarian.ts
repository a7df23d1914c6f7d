import * as v from 'valibot';
import { isMarianLexicon } from '../formats/lexicon.ts';
import { isMarian } from '../formats/marian.ts';
import { EngineError } from '../protocol/errors.ts';
import { foldersOf, nameOf, withBytes, type ForeignFile, type ForeignFormat } from './foreign.ts';
import { isWhole, languagePair, pairInName, UNKNOWN_PAIR } from './languageCodes.ts';
import { convertMarian } from './marian.ts';
import { readJson } from './readJson.ts';

/** As much of a file as says what it is. */
const HEAD_BYTES = 64;

/** What lies beside the models of Firefox (`metadata.json`) and of translateLocally (`model_info.json`). */
const describedSchema = v.object({
  sourceLanguage: v.optional(v.string()),
  targetLanguage: v.optional(v.string()),
  modelName: v.optional(v.string()),
  srcTags: v.optional(v.record(v.string(), v.string())),
  trgTag: v.optional(v.string()),
});

/** A student of Firefox Translations or Bergamot: `model.*.bin`, `vocab.*.spm` or one for each language, and `lex.*.bin` if there is one. */
export const marian: ForeignFormat = async (files) => {
  const binaries = await Promise.all(
    files
      .filter((file) => nameOf(file).endsWith('.bin'))
      .map(async (file) => ({ file, head: await file.bytes(HEAD_BYTES) })),
  );
  const models = binaries.filter(({ head }) => isMarian(head)).map(({ file }) => file);
  const [model] = models;
  if (!model) return null;
  if (models.length > 1)
    throw new EngineError(
      'unsupported-model',
      `There are ${models.length} models: ${models.map(nameOf).join(', ').slice(0, 200)}. Choose the files of one.`,
    );
  const lexicon = binaries.find(({ head }) => isMarianLexicon(head))?.file;
  const { vocabulary, sourceVocabulary } = findVocabularies(files);
  const described = await readDescription(files);
  const pair =
    [described.pair, ...[nameOf(model), nameOf(vocabulary), ...foldersOf(model)].map(pairInName)].find(isWhole) ??
    UNKNOWN_PAIR;
  return {
    format: 'Firefox Translations',
    kind: 'translation',
    name: described.name ?? ['Firefox Translations', [...pair.from, ...pair.to].join('-')].join(' ').trim(),
    ...pair,
    convert: () =>
      withBytes(model, async (bytes) =>
        convertMarian({
          model: bytes,
          vocabulary: await vocabulary.bytes(),
          ...(sourceVocabulary && { sourceVocabulary: await sourceVocabulary.bytes() }),
          ...(lexicon && { lexicon: await lexicon.bytes() }),
        }),
      ),
  };
};

function findVocabularies(files: readonly ForeignFile[]): {
  vocabulary: ForeignFile;
  sourceVocabulary?: ForeignFile;
} {
  const vocabularies = files.filter((file) => nameOf(file).endsWith('.spm'));
  const called = (name: RegExp): ForeignFile | undefined => vocabularies.find((file) => name.test(nameOf(file)));
  const sourceVocabulary = called(/^(src|source)/i);
  const targetVocabulary = called(/^(trg|tgt|target)/i);
  if (sourceVocabulary && targetVocabulary) return { vocabulary: targetVocabulary, sourceVocabulary };
  const missing = sourceVocabulary ? 'trgvocab' : targetVocabulary ? 'srcvocab' : 'vocab';
  const [vocabulary, another] = vocabularies;
  if (vocabulary && !another && missing === 'vocab') return { vocabulary };
  throw new EngineError(
    'unsupported-model',
    another && missing === 'vocab'
      ? `There are ${vocabularies.length} vocabularies (.spm), and nothing says which is whose. Choose the files of one model.`
      : `The model’s vocabulary is missing: there is no ${missing}.*.spm. Choose all the files of its folder.`,
  );
}

async function readDescription(
  files: readonly ForeignFile[],
): Promise<{ name?: string | undefined; pair: ReturnType<typeof languagePair> }> {
  const file = files.find((each) => ['metadata.json', 'model_info.json'].includes(nameOf(each)));
  const described = file && (await readJson(file, describedSchema));
  if (!described) return { pair: UNKNOWN_PAIR };
  const { sourceLanguage, targetLanguage, srcTags, trgTag, modelName } = described;
  return {
    name: modelName,
    pair: languagePair(sourceLanguage ?? Object.keys(srcTags ?? {})[0], targetLanguage ?? trgTag),
  };
}
