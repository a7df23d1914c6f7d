import type { EngineError } from '../protocol/errors.ts';
import type { Segment, Transcript, Word } from '../protocol/types.ts';

export type LiveState = 'starting' | 'listening' | 'paused' | 'ended';

/** What a live session tells. Times are seconds of audio since it began; pauses are not counted. */
export interface LiveEvents {
  /** Words that follow the stable words of the open phrase, and from now on never change. */
  stable: { words: Word[] };
  /** What follows the stable words and may still change; empty when there is none. */
  tail: { text: string };
  /**
   * The open phrase ended: its text begins with its stable words, letter for letter; only where speech without a pause is cut
   * does it end within them, and the rest of them is told again as the next phrase's. `spokenEndS`: when the voice ended.
   */
  phrase: { index: number; segment: Segment; spokenEndS: number };
  /** The translation of a phrase. Comes again for a phrase whose sentence went on in the next one. */
  translation: { index: number; text: string };
  /** Of the sound that comes in, about thirty times a second; 1 is full scale. */
  level: { rms: number; peak: number };
  /** How much sound waits to be heard; 0 once caught up. Nothing of it is thrown away. */
  behind: { seconds: number };
  state: LiveState;
  /**
   * What went wrong. The session goes on where it can: a worker that was lost is replaced, and hears again what it had not told
   * yet (its stable words are told as a phrase). After an error that ends the session, `state` says `ended`.
   */
  error: EngineError;
}

/** A microphone (or another stream) being listened to. */
export interface LiveSession {
  readonly state: LiveState;
  /** Listens to an event; the function it returns stops that. */
  on<K extends keyof LiveEvents>(type: K, listener: (event: LiveEvents[K]) => void): () => void;
  /** What comes in is not heard until `resume`; the open phrase is finished. */
  pause(): void;
  resume(): void;
  /** Ends the session and gives all that was said, also after an error. The stream's tracks are left to their owner. */
  stop(): Promise<Transcript>;
}
