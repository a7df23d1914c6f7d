import type { ProviderChoice } from '../protocol/messages.ts';
import type { Progress, Segment, SummaryLength } from '../protocol/types.ts';

/** What every call takes. */
export interface RunOptions {
  signal?: AbortSignal;
  onProgress?: (progress: Progress) => void;
  /** A model's id; absent: the installed model that fits. */
  model?: string;
  provider?: ProviderChoice;
  /** Inputs are copied to the worker unless this is true. */
  transfer?: boolean;
}

export interface SpeechOptions extends RunOptions {
  /** BCP-47 tag of what is spoken; with `auto` (the default) a model that knows several says of each segment which it is. */
  language?: string;
  /** The languages that `auto` chooses among; absent or empty: all that the model knows. */
  among?: string[];
  /** `translate` is the speech model's own translation into English. */
  task?: 'transcribe' | 'translate';
  /** `word` gives segments words with their times, where the model shows them; `segment` is the default. */
  timestamps?: 'segment' | 'word';
  /** Width of the beam search, from 1 (greedy, the default) to 8: several times slower, a little better. */
  beams?: number;
}

export interface TranscribeOptions extends SpeechOptions {
  /** Where to begin, in seconds of the audio: to go on where an earlier call was stopped. 0 unless told. */
  fromS?: number;
  /** Where to end, in seconds of the audio; at its end unless told. */
  untilS?: number;
  /** Called with each segment as it comes, in the order of their times. */
  onSegment?: (segment: Segment) => void;
}

export interface ListenOptions extends SpeechOptions {
  /** Every finished phrase is translated into this language, too: see the event `translation`. */
  to?: string;
}

export interface TranslateSegmentsOptions extends RunOptions {
  /** BCP-47 tag or `auto`. */
  from: string;
  to: string;
}

export interface SummariseOptions extends RunOptions {
  /** `medium` unless told. */
  length?: SummaryLength;
  /** Called with the summary as it grows. */
  onPartial?: (text: string) => void;
}

export interface CaptionOptions extends RunOptions {
  /** Hypotheses kept at a time; 3 unless told. */
  beams?: number;
  /** How many other captions to give; 0 unless told. */
  alternatives?: number;
  /**
   * Whether it is one of many that are asked for at the same time: each then runs on one thread, and as many at once as the
   * device has cores. That is quicker for all of them, and slower for one alone.
   */
  parallel?: boolean;
  /** Called with the caption as it grows. */
  onPartial?: (text: string) => void;
}
