import type { Ran, Segment, Transcript } from './types.ts';

/**
 * A transcript of segments that stand in the order of their times.
 * @param language of one without segments
 */
export function transcriptOf(segments: Segment[], language: string, ran: Ran): Transcript {
  const textLanguage = segments.find((segment) => segment.textLanguage !== undefined)?.textLanguage;
  return {
    text: segments.map(({ text }) => text).join(' '),
    language: mostSpoken(segments) ?? language,
    ...(textLanguage === undefined ? {} : { textLanguage }),
    segments,
    ran,
  };
}

/** The language that is spoken for the longest time; of those, the first. */
export function mostSpoken(segments: readonly Pick<Segment, 'startS' | 'endS' | 'language'>[]): string | undefined {
  const seconds = new Map<string, number>();
  for (const { language, startS, endS } of segments)
    seconds.set(language, (seconds.get(language) ?? 0) + endS - startS);
  return [...seconds].reduce<[string, number] | undefined>((a, b) => (a && a[1] >= b[1] ? a : b), undefined)?.[0];
}
