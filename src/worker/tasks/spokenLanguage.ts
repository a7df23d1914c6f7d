import { EngineError } from '../../protocol/errors.ts';
import type { ManifestOf } from '../../protocol/manifest.ts';
import type { SpeechInput } from '../../protocol/messages.ts';
import { primaryLanguage } from '../features/primaryLanguage.ts';

/** A language that was detected. */
export interface DetectedLanguage {
  /** BCP-47. */
  language: string;
  /** 0..1 */
  probability: number;
  /** Whether more sound would hardly change it. */
  sure: boolean;
}

/** In less than this nobody can tell a language: the one before goes on. */
const SHORTEST_S = 1.5;
/** Another language than the one before is believed if it is so many times as likely... */
const SWITCH_ODDS = 4;
/** ...and likely at all. */
const SWITCH_PROBABILITY = 0.5;
/** What is as likely, or was heard for so long, stays. */
const SURE_PROBABILITY = 0.8;
const SURE_S = 2.5;

/**
 * The languages that may be spoken: the one that is named, or those to choose among; one alone needs no detection.
 * @throws EngineError unsupported-language
 */
export function possibleLanguages(
  { language, among }: Pick<SpeechInput, 'language' | 'among'>,
  { name, from }: Pick<ManifestOf<'speech'>, 'name' | 'from'>,
): string[] {
  const wanted = language === 'auto' ? among : [language];
  const known =
    wanted.length === 0
      ? from
      : from.filter((tag) => wanted.some((each) => primaryLanguage(each) === primaryLanguage(tag)));
  if (known.length > 0) return known;
  const message = `The model "${name}" does not know "${wanted.join(', ')}". It knows: ${from.join(', ')}.`;
  throw new EngineError('unsupported-language', message);
}

/**
 * Which language is spoken in a window. People seldom change it, and short windows mislead: the one before stays unless
 * another is clearly likelier in a window that is long enough.
 * @param chances of each possible language; never empty
 * @param before what was spoken before; undefined: nothing
 */
export function chooseLanguage(
  chances: ReadonlyMap<string, number>,
  before: string | undefined,
  durationS: number,
): DetectedLanguage {
  const [first] = chances;
  if (!first) throw new RangeError('There is no language to choose.');
  let [language, probability] = [...chances].reduce((a, b) => (b[1] > a[1] ? b : a), first);
  const chanceBefore = before === undefined ? undefined : chances.get(before);
  if (before !== undefined && chanceBefore !== undefined && before !== language) {
    const isClear = probability >= SWITCH_PROBABILITY && probability >= SWITCH_ODDS * chanceBefore;
    if (durationS < SHORTEST_S || !isClear) [language, probability] = [before, chanceBefore];
  }
  return { language, probability, sure: probability >= SURE_PROBABILITY || durationS >= SURE_S };
}
