import { EngineError } from '../../protocol/errors.ts';
import type { Manifest } from '../../protocol/manifest.ts';
import type { Warning } from '../../protocol/types.ts';
import type { PreparedSentence } from '../features/carry.ts';
import { detectLanguage } from '../features/language.ts';
import { primaryLanguage } from '../features/primaryLanguage.ts';
import type { Tokeniser } from '../features/tokeniser.ts';

/** Of a sentence with more of its letters in such words the model could only make something up. */
const MOST_UNKNOWN_LETTERS = 0.3;
/** A model repeats what it does not understand: as much of a translation as this, and its source may be in another language. */
const SUSPICIOUS_COPY = 0.5;
/** Fewer words say nothing. */
const FEWEST_WORDS = 3;

/** @throws EngineError `unsupported-language` for a pair that the model does not translate. */
export function requireLanguages({ from, to }: { from: string; to: string }, manifest: Manifest): void {
  // `pt` answers for `pt-BR`.
  const has = (tags: string[], tag: string): boolean =>
    tags.some((other) => primaryLanguage(other) === primaryLanguage(tag));
  if (has(manifest.from, from) && has(manifest.to, to)) return;
  throw new EngineError(
    'unsupported-language',
    `The model ${manifest.id} translates from ${manifest.from.join(', ')} to ${manifest.to.join(', ')}, not from ${from} to ${to}. Choose another model.`,
  );
}

/** Whether a sentence is in a script that the vocabulary lacks: too many of its letters are in words that it cannot spell. */
export function isUnreadable({ source, carried }: PreparedSentence, tokeniser: Tokeniser): boolean {
  let unknown = 0;
  for (const { range } of carried) {
    const letters = source.slice(...range).match(/\p{L}/gu) ?? [];
    if (letters.some((letter) => !tokeniser.covers(letter))) unknown += letters.length;
  }
  return unknown > MOST_UNKNOWN_LETTERS * (source.match(/\p{L}/gu)?.length ?? 0);
}

export function otherScript(): Warning {
  return { code: 'other-language', message: 'This is in a script that the model does not read; it was kept as it is.' };
}

/**
 * Notices a text in another language. Detection takes a second file and its time, so it is only asked where the model
 * stumbles: where most of the translation is the source again, or sentences could not be read.
 */
export class LanguageWatch {
  #words = 0;
  #copied = 0;
  #unreadable = false;

  note({ text, kept }: { text: string; kept: Warning | null }, target: string): void {
    if (kept) {
      this.#unreadable ||= kept.code === 'other-language';
      return;
    }
    const known = new Set(words(text));
    for (const word of words(target)) {
      this.#words++;
      if (known.has(word)) this.#copied++;
    }
  }

  /** A warning if the text is in another language than `from`, as far as the detector can tell. */
  async warnings(text: string, from: string): Promise<Warning[]> {
    const suspicious = this.#words >= FEWEST_WORDS && this.#copied > SUSPICIOUS_COPY * this.#words;
    if (!suspicious && !this.#unreadable) return [];
    const { language, reliable } = await detectLanguage(text);
    if (language === null || !reliable || primaryLanguage(language) === primaryLanguage(from)) return [];
    const message = `The text seems to be in another language (${language}) than ${from}: do not rely on its translation.`;
    return [{ code: 'other-language', message, found: language }];
  }
}

function words(text: string): string[] {
  return text.toLowerCase().match(/\p{L}{2,}/gu) ?? [];
}
