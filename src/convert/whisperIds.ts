import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import type { WhisperArchitecture } from '../protocol/manifest.ts';

/** What CTranslate2's converter writes into `config.json` beside the model. */
function configSchema({ vocabulary, heads, layers }: Sizes) {
  const below = (least: number, end: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(end - 1));
  return v.object({
    alignment_heads: v.pipe(v.array(v.tuple([below(0, layers), below(0, heads)])), v.nonEmpty()),
    lang_ids: v.array(below(0, vocabulary)),
    // -1 stands for the symbols, which the converter lists as well.
    suppress_ids: v.array(below(-1, vocabulary)),
    suppress_ids_begin: v.array(below(0, vocabulary)),
  });
}

/** Of the model: what its configuration may name. */
interface Sizes {
  vocabulary: number;
  heads: number;
  /** Of the decoder. */
  layers: number;
}

/** English-only models have this many tokens, the others more. They list the other languages too, but were never taught to use them. */
const ENGLISH_VOCABULARY = 51864;

type WhisperIds = Pick<
  WhisperArchitecture,
  | 'vocabulary'
  | 'sotId'
  | 'eotId'
  | 'noSpeechId'
  | 'noTimestampsId'
  | 'timestampBeginId'
  | 'transcribeId'
  | 'translateId'
  | 'languageIds'
  | 'suppressIds'
  | 'suppressFirstIds'
  | 'alignmentHeads'
>;

/**
 * Whisper's special tokens, found by their names.
 * @param config the bytes of `config.json`
 * @param vocabulary the bytes of `vocabulary.txt`
 * @throws EngineError `unsupported-model`
 */
export function readWhisperIds(config: Uint8Array, vocabulary: Uint8Array, sizes: Sizes): WhisperIds {
  const size = sizes.vocabulary;
  const tokens = new TextDecoder().decode(vocabulary).replace(/\n$/, '').split('\n');
  if (tokens.length !== size) {
    throw new EngineError(
      'unsupported-model',
      `The vocabulary has ${tokens.length} tokens and the model ${size}: they do not belong together. Choose the files of one model.`,
    );
  }
  const parsed = v.safeParse(v.pipe(v.string(), v.parseJson(), configSchema(sizes)), new TextDecoder().decode(config));
  if (!parsed.success)
    throw new EngineError('unsupported-model', 'The config.json beside the model is not that of a Whisper.');
  const id = (...names: string[]): number => {
    const found = tokens.findIndex((token) => names.includes(token));
    if (found < 0) throw new EngineError('unsupported-model', `The vocabulary has no ${names.join(' or ')}.`);
    return found;
  };
  const { alignment_heads, lang_ids, suppress_ids, suppress_ids_begin } = parsed.output;
  const noTimestampsId = id('<|notimestamps|>');
  const sotId = id('<|startoftranscript|>');
  const multilingual = size > ENGLISH_VOCABULARY;
  const languages = lang_ids.map((languageId): [string, number] => {
    const tag = /^<\|([a-z]{2,3})\|>$/.exec(tokens[languageId] ?? '')?.[1];
    if (tag === undefined)
      throw new EngineError('unsupported-model', `Token ${languageId} of the vocabulary is no language.`);
    return [tag, languageId];
  });
  return {
    vocabulary: size,
    sotId,
    eotId: id('<|endoftext|>'),
    noSpeechId: id('<|nospeech|>', '<|nocaptions|>'),
    noTimestampsId,
    timestampBeginId: noTimestampsId + 1,
    transcribeId: multilingual ? id('<|transcribe|>') : null,
    translateId: multilingual ? id('<|translate|>') : null,
    languageIds: multilingual ? Object.fromEntries(languages) : {},
    suppressIds: suppress_ids.filter((suppressed) => suppressed >= 0),
    suppressFirstIds: suppress_ids_begin,
    alignmentHeads: alignment_heads,
  };
}
