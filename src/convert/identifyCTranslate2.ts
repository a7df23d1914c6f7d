import * as v from 'valibot';
import { readSpecification } from '../formats/ctranslate2.ts';
import { parseTokenList } from '../formats/tokenList.ts';
import { EngineError } from '../protocol/errors.ts';
import { convertTransformer } from './ctranslate2.ts';
import { foldersOf, nameOf, withBytes, type ForeignFile, type ForeignFormat, type ForeignModel } from './foreign.ts';
import { isWhole, languagePair, pairInName, UNKNOWN_PAIR } from './languageCodes.ts';
import { readLanguageTokens } from './languageTokens.ts';
import { readJson } from './readJson.ts';
import { convertWhisper } from './whisper.ts';
import { languagesHeard } from './whisperIds.ts';

/** As much of a file as says what it is. */
const HEAD_BYTES = 256;

/** `metadata.json` of an Argos package. */
const argosSchema = v.object({ from_code: v.string(), to_code: v.string(), target_prefix: v.optional(v.string()) });

/** What lies in the folder of a `model.bin`. */
interface Found {
  model: ForeignFile;
  /** A file beside it, by its name or the first of its names. */
  beside(...names: string[]): ForeignFile | undefined;
  files: readonly ForeignFile[];
}

/** A model that CTranslate2 runs: a translator (Argos, OPUS-MT and others), or a Whisper. */
export const ctranslate2: ForeignFormat = async (files) => {
  const found = await Promise.all(
    files
      .filter((file) => nameOf(file).endsWith('.bin'))
      .map(async (file) => ({ model: file, specification: readSpecification(await file.bytes(HEAD_BYTES)) })),
  );
  const models = found.filter(({ specification }) => specification !== null);
  const [first] = models;
  if (!first) return null;
  if (models.length > 1)
    throw new EngineError(
      'unsupported-model',
      `There are ${models.length} models: ${models
        .map(({ model }) => model.path)
        .join(', ')
        .slice(0, 200)}. Choose the files of one.`,
    );
  const { model, specification } = first;
  const folder = model.path.slice(0, -nameOf(model).length);
  const beside = (...names: string[]): ForeignFile | undefined =>
    names.flatMap((name) => files.find(({ path }) => path === folder + name) ?? [])[0];
  if (specification === 'WhisperSpec') return whisper({ model, beside, files });
  if (specification === 'TransformerSpec') return translator({ model, beside, files });
  throw new EngineError(
    'unsupported-model',
    `This CTranslate2 model is a ${String(specification).slice(0, 60)}; only TransformerSpec (translators) and WhisperSpec can be run. Choose another model.`,
  );
};

async function whisper({ model, beside }: Found): Promise<ForeignModel> {
  const config = beside('config.json');
  const vocabulary = beside('vocabulary.txt', 'vocabulary.json');
  if (!config) throw missing('config.json');
  if (!vocabulary) throw missing('vocabulary.txt or vocabulary.json');
  const tokens = parseTokenList(await vocabulary.bytes());
  const languages = languagesHeard(tokens);
  return {
    format: 'CTranslate2 Whisper',
    kind: 'speech',
    name: foldersOf(model)[0] ?? 'Whisper',
    from: languages,
    to: languages,
    convert: () =>
      withBytes(model, async (bytes) =>
        convertWhisper({
          model: bytes,
          config: await config.bytes(),
          vocabulary: new TextEncoder().encode(`${tokens.join('\n')}\n`),
        }),
      ),
  };
}

async function translator({ model, beside, files }: Found): Promise<ForeignModel> {
  const vocabulary =
    beside('shared_vocabulary.json', 'shared_vocabulary.txt') ??
    beside('target_vocabulary.json', 'target_vocabulary.txt');
  const sourceVocabulary = beside('source_vocabulary.json', 'source_vocabulary.txt');
  if (!vocabulary) throw missing('shared_vocabulary.json or shared_vocabulary.txt');
  const { sentencePiece, sourceSentencePiece } = findSentencePieces(files);
  const config = beside('config.json');
  const metadata = files.find((file) => nameOf(file) === 'metadata.json');
  const argos = metadata && (await readJson(metadata, argosSchema));
  const targetPrefix = argos?.target_prefix;
  const several = targetPrefix
    ? undefined
    : readLanguageTokens(parseTokenList(await (sourceVocabulary ?? vocabulary).bytes()));
  const languages = Object.keys(several?.ids ?? {});
  const pair =
    [argos ? languagePair(argos.from_code, argos.to_code) : UNKNOWN_PAIR, ...foldersOf(model).map(pairInName)].find(
      isWhole,
    ) ?? UNKNOWN_PAIR;
  const format = argos ? 'Argos Translate' : 'CTranslate2';
  return {
    format,
    kind: 'translation',
    name: argos ? `${format} ${[...pair.from, ...pair.to].join('-')}` : (foldersOf(model)[0] ?? format),
    from: several?.source === 'from' ? languages : pair.from,
    to: several ? languages : pair.to,
    convert: () =>
      withBytes(model, async (bytes) =>
        convertTransformer({
          model: bytes,
          vocabulary: await vocabulary.bytes(),
          sentencePiece: await sentencePiece.bytes(),
          ...(sourceSentencePiece && { sourceSentencePiece: await sourceSentencePiece.bytes() }),
          ...(config && { config: await config.bytes() }),
          ...(sourceVocabulary && { sourceVocabulary: await sourceVocabulary.bytes() }),
          ...(targetPrefix && { targetPrefix }),
        }),
      ),
  };
}

/** As Argos, OPUS-MT, M2M-100 and NLLB call them. */
function findSentencePieces(files: readonly ForeignFile[]): {
  sentencePiece: ForeignFile;
  sourceSentencePiece?: ForeignFile;
} {
  const called = (name: RegExp): ForeignFile | undefined => files.find((file) => name.test(nameOf(file)));
  const [source, target] = [called(/^source\.(spm|model)$/i), called(/^target\.(spm|model)$/i)];
  if (source && target) return { sentencePiece: target, sourceSentencePiece: source };
  const shared = called(/^(sentencepiece(\.bpe)?|spiece|spm|tokenizer|bpe)\.(model|spm)$/i) ?? called(/\.spm$/i);
  if (shared && !source && !target) return { sentencePiece: shared };
  throw missing(
    source
      ? 'target.spm'
      : target
        ? 'source.spm'
        : 'SentencePiece model (sentencepiece.model, or source.spm and target.spm)',
  );
}

function missing(name: string): EngineError {
  return new EngineError('unsupported-model', `The model’s ${name} is missing. Choose all the files of its folder.`);
}
