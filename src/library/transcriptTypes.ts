import type { Word } from '../protocol/types.ts';

/** A line of a transcript: a caption, as it was heard or as the reader left it. Lines are exchanged, never changed. */
export interface TranscriptLine {
  id: string;
  /** Seconds from the start of the sound. */
  startS: number;
  endS: number;
  text: string;
  /** What is spoken in it, BCP-47; absent where that is the transcript's. */
  language?: string;
  /** How likely the speech model found that, 0..1; absent where nobody asked it. */
  languageProbability?: number;
  /** The language of the text, where the speech model translated what it heard. */
  textLanguage?: string;
  /** Whether the reader changed it: it is not written anew unasked. */
  edited?: true;
  words?: Word[];
  /** The text in the transcript's other language. */
  translation?: string;
  /** The text that the translation was made of; absent where the reader wrote it. */
  translatedFrom?: string;
}

export type Origin = 'microphone' | 'tab' | 'file' | 'subtitles';

/** A transcript without its lines: what a list shows. */
export interface TranscriptRecord {
  id: string;
  title: string;
  /** Milliseconds since 1970, when it was begun. */
  at: number;
  origin: Origin;
  /** What is spoken in it most of the time. BCP-47. */
  language: string;
  /** The language of its text, where the speech model translated what it heard. */
  textLanguage?: string;
  /** The language it is translated into, or null. */
  to: string | null;
  /** `growing` in a page that is not at work on it: that page was closed or broke on the way. */
  state: 'growing' | 'finished' | 'stopped';
  durationS: number;
  /** The beginning of its text. */
  preview: string;
  /** Whether its sound was recorded and is kept with it. */
  recorded: boolean;
}

export interface StoredLine extends TranscriptLine {
  transcript: string;
}

/** A piece of a recording, in the order of `number`. Only all of them together can be played. */
export interface RecordingChunk {
  transcript: string;
  number: number;
  chunk: Blob;
}
