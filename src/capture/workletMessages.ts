import type { Level } from './levels.ts';

/** Seconds of sound in a message of live audio, about: a window of the voice-activity model. */
export const CHUNK_S = 0.032;

/** Seconds of sound that can be heard again by another worker. */
export const HISTORY_S = 60;

/**
 * What the page tells the worklet. `port` receives LiveAudio: what was heard from `fromS` on, as far as that is known, and what
 * comes.
 */
export type ToWorklet = { type: 'start'; port: MessagePort; fromS: number } | { type: 'pause' | 'resume' | 'stop' };

/** What it tells the page: how loud each chunk was, and from when on a port was given what was heard. */
export type FromWorklet = Level | { fromS: number };
