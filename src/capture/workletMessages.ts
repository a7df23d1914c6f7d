import type { Level } from './levels.ts';

/** Seconds of sound in a message of live audio, about: a window of the voice-activity model. */
export const CHUNK_S = 0.032;

/** What the page tells the worklet. `port` receives LiveAudio. */
export type ToWorklet = { type: 'start'; port: MessagePort } | { type: 'pause' | 'resume' | 'stop' };

/** What it tells the page: how loud each chunk was, and that it has sent the last. */
export type FromWorklet = Level | 'stopped';
