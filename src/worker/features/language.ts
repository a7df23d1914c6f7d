import type { Detection } from '../../protocol/types.ts';

/** Below this a guess is a coin toss: "ok", "no", "a". */
const FEWEST_LETTERS = 6;
/** Longer texts say nothing more, and detection takes time with length. */
const LONGEST_SAMPLE = 4000;
/** How much better than the next language the best must score to be called reliable. */
const SMALLEST_LEAD = 0.005;

const UNKNOWN: Detection = { language: null, confidence: 0, reliable: false };

/**
 * Guesses the language of a text among about 60, as an ISO 639-1 code; null where the text is too short or has no letters.
 * Fetches the detector (280 kB, gzip) with the first call.
 */
export async function detectLanguage(text: string): Promise<Detection> {
  const sample = readableSample(text);
  // A character of a script without spaces says as much as a short word.
  const letters =
    (sample.match(/\p{L}/gu) ?? []).length +
    4 * (sample.match(/[\p{scx=Han}\p{scx=Hira}\p{scx=Hang}\p{scx=Thai}]/gu) ?? []).length;
  if (letters < FEWEST_LETTERS) return UNKNOWN;
  const { eld } = await import('eld/extrasmall');
  const result = eld.detect(sample);
  if (result.language === '') return UNKNOWN;
  const scores = Object.values(result.getScores()).sort((a, b) => b - a);
  const confidence = Math.min(1, scores[0] ?? 0);
  const lead = confidence - (scores[1] ?? 0);
  return { language: result.language, confidence, reliable: result.isReliable() && lead >= SMALLEST_LEAD };
}

/** Without addresses, tags and numbers, which are in no language. */
function readableSample(text: string): string {
  return text
    .slice(0, LONGEST_SAMPLE)
    .replace(/https?:\/\/\S+|\S+@\S+|<[^<>]*>|\{[^{}]*\}|[\p{N}\p{S}]+/gu, ' ')
    .trim();
}
