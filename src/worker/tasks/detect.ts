import type { Task } from './task.ts';

/** Enough text to be sure of a language; more costs time and changes nothing. */
const SAMPLE_LENGTH = 2000;

/**
 * Below about five words the detector takes one language in Latin letters for another every tenth time (measured on the
 * first words of 500 sentences), whatever it says of its own reliability.
 */
const RELIABLE_LATIN_LETTERS = 20;

/** Guesses the language of a text. The detector is fetched when it is first asked. */
export const detectLanguage: Task<'detectLanguage'> = async ({ text }) => {
  const { eld } = await import('eld/extrasmall');
  eld.enableTextCleanup(true); // URLs and addresses are in no language
  const sample = text.slice(0, SAMPLE_LENGTH);
  const result = eld.detect(sample);
  if (result.language === '') return { language: null, confidence: 0, reliable: false };
  const latinLetters = sample.match(/\p{Script=Latin}/gu)?.length ?? 0;
  const enough = latinLetters === 0 || latinLetters >= RELIABLE_LATIN_LETTERS;
  return {
    language: result.language,
    confidence: result.getScores()[result.language] ?? 0,
    reliable: enough && result.isReliable(),
  };
};
