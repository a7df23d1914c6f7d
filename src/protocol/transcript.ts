import type { Ran, Segment, Transcript } from './types.ts';

/** A transcript of segments that stand in the order of their times. */
export function transcriptOf(segments: Segment[], language: string, ran: Ran): Transcript {
  return { text: segments.map(({ text }) => text).join(' '), language, segments, ran };
}
