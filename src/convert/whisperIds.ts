import * as v from 'valibot';
import { EngineError } from '../protocol/errors.ts';
import type { WhisperArchitecture } from '../protocol/manifest.ts';
import { defaultAlignmentHeads } from './whisperAlignment.ts';

/** Of the model: what its configuration may name. */
interface Sizes {
  vocabulary: number;
  heads: number;
  decoderLayers: number;
}

/**
 * What CTranslate2's converter writes into `config.json` beside the model. Some older files have no lists: the converter wrote
 * null where the model's own configuration had nothing.
 */
function configSchema(vocabulary: number) {
  const id = (least: number) => v.pipe(v.number(), v.integer(), v.minValue(least), v.maxValue(vocabulary - 1));
  const count = v.pipe(v.number(), v.integer(), v.minValue(0));
  return v.object({
    alignment_heads: v.nullish(v.array(v.tuple([count, count])), []),
    // -1 stands for the symbols, which the converter lists as well.
    suppress_ids: v.nullish(v.array(id(-1)), []),
    suppress_ids_begin: v.nullish(v.array(id(0)), []),
  });
}

/** English-only models have this many tokens, the others more. They list the other languages too, but were never taught to use them. */
const ENGLISH_VOCABULARY = 51864;
/** How the vocabulary writes a space. */
const SPACE = 'Ġ';
const STEP_S = 0.02;

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
 * Whisper's special tokens, found by their names. Languages are those of the vocabulary, whatever `lang_ids` says: converters have
 * listed other special tokens there. Alignment heads that the model has not (a distilled model may list its teacher's) are left out.
 * @param config the bytes of `config.json`
 * @param tokens the vocabulary
 * @throws EngineError `unsupported-model`
 */
export function readWhisperIds(config: Uint8Array, tokens: readonly string[], sizes: Sizes): WhisperIds {
  const { vocabulary, heads, decoderLayers } = sizes;
  if (tokens.length !== vocabulary) {
    throw new EngineError(
      'unsupported-model',
      `The vocabulary has ${tokens.length} tokens and the model ${vocabulary}: they do not belong together. Choose the files of one model.`,
    );
  }
  const parsed = v.safeParse(
    v.pipe(
      v.string(),
      v.parseJson(),
      v.check((json) => !Array.isArray(json)),
      configSchema(vocabulary),
    ),
    new TextDecoder().decode(config),
  );
  if (!parsed.success)
    throw new EngineError('unsupported-model', 'The config.json beside the model is not that of a Whisper.');
  if (tokens.some((token) => /[\r\n]/.test(token)))
    throw new EngineError('unsupported-model', 'The vocabulary has a token with a line break in it, which none has.');
  const id = (...names: string[]): number => {
    const found = tokens.findIndex((token) => names.includes(token));
    if (found < 0) throw new EngineError('unsupported-model', `The vocabulary has no ${names.join(' or ')}.`);
    return found;
  };
  const { alignment_heads, suppress_ids, suppress_ids_begin } = parsed.output;
  const eotId = id('<|endoftext|>');
  const sotId = id('<|startoftranscript|>');
  const noTimestampsId = id('<|notimestamps|>');
  const timestampBeginId = noTimestampsId + 1;
  checkTimes(tokens, timestampBeginId);
  const multilingual = vocabulary > ENGLISH_VOCABULARY;
  const known = alignment_heads.filter(([layer, head]) => layer < decoderLayers && head < heads);
  return {
    vocabulary,
    sotId,
    eotId,
    noSpeechId: id('<|nospeech|>', '<|nocaptions|>'),
    noTimestampsId,
    timestampBeginId,
    transcribeId: multilingual ? id('<|transcribe|>') : null,
    translateId: multilingual ? id('<|translate|>') : null,
    languageIds: multilingual ? languagesOf(tokens, sotId) : {},
    suppressIds: suppress_ids.filter((suppressed) => suppressed >= 0),
    suppressFirstIds:
      suppress_ids_begin.length > 0 ? suppress_ids_begin : [tokens.indexOf(SPACE), eotId].filter((each) => each >= 0),
    alignmentHeads: known.length > 0 ? known : defaultAlignmentHeads(sizes),
  };
}

/** The languages that a Whisper of this vocabulary hears, by their BCP-47 tags. */
export function languagesHeard(tokens: readonly string[]): string[] {
  if (tokens.length <= ENGLISH_VOCABULARY) return ['en'];
  return Object.keys(languagesOf(tokens, tokens.indexOf('<|startoftranscript|>')));
}

/** The tokens after the start of the transcript, `<|en|>` and so on, by their BCP-47 tags: Whisper says jw where others say jv. */
function languagesOf(tokens: readonly string[], sotId: number): Record<string, number> {
  const languages: [tag: string, id: number][] = [];
  for (let id = sotId + 1; ; id++) {
    const name = /^<\|([a-z]{2,3})\|>$/.exec(tokens[id] ?? '')?.[1];
    if (name === undefined) break;
    const [tag = name] = Intl.getCanonicalLocales(name);
    languages.push([tag, id]);
  }
  if (languages.length === 0)
    throw new EngineError('unsupported-model', 'The vocabulary has no languages after <|startoftranscript|>.');
  return Object.fromEntries(languages);
}

/** Everything after <|notimestamps|> is a time, in steps of 0.02 s: that is how ids are read. */
function checkTimes(tokens: readonly string[], begin: number): void {
  const wrong = tokens.slice(begin).findIndex((token, i) => token !== `<|${(i * STEP_S).toFixed(2)}|>`);
  if (wrong < 0 && begin < tokens.length) return;
  throw new EngineError(
    'unsupported-model',
    `The vocabulary of this Whisper has no time <|${(Math.max(0, wrong) * STEP_S).toFixed(2)}|> where it should be.`,
  );
}
