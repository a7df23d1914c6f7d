import type { LiveAudio } from '../../protocol/messages.ts';
import { SAMPLE_RATE_HZ } from '../features/audio/logMel.ts';
import { Resampler } from '../features/audio/resample.ts';

/** What a live session has to hear next. */
export type LivePiece =
  | { type: 'samples'; samples: Float32Array }
  /** Nothing has come for a while: a pause, a hidden page, a microphone that was switched off. */
  | { type: 'stall' }
  | { type: 'end' };

/** Longest piece that is given at once, in samples: a backlog is worked off in steps. */
const LONGEST_PIECE = SAMPLE_RATE_HZ;

/** The sound of a live session at 16 kHz, kept until it is asked for. */
export class LiveAudioQueue {
  readonly #port: MessagePort;
  readonly #pieces: Float32Array[] = [];
  #resampler: { rateHz: number; resampler: Resampler } | null = null;
  #ended = false;
  #failure: { error: unknown } | null = null;
  #wake: () => void = () => undefined;
  /** Samples that have come, and those of them that were asked for. */
  #received = 0;
  #taken = 0;

  constructor(port: MessagePort, signal: AbortSignal) {
    this.#port = port;
    port.onmessage = ({ data }: MessageEvent<LiveAudio>) => {
      try {
        this.#take(data);
      } catch (error) {
        this.#failure = { error };
      }
      this.#wake();
    };
    signal.addEventListener('abort', () => this.#wake());
  }

  /** Seconds of sound that have come. */
  get receivedS(): number {
    return this.#received / SAMPLE_RATE_HZ;
  }

  /** Seconds of it that nobody has asked for yet. */
  get waitingS(): number {
    return (this.#received - this.#taken) / SAMPLE_RATE_HZ;
  }

  /** Waits for sound, `stallMs` at most. */
  async next(stallMs: number, signal: AbortSignal): Promise<LivePiece> {
    if (!this.#isReady(signal)) {
      await new Promise<void>((resolve) => {
        const timer = Number.isFinite(stallMs) ? setTimeout(resolve, stallMs) : undefined;
        this.#wake = () => {
          if (!this.#isReady(signal)) return;
          clearTimeout(timer);
          resolve();
        };
      });
      this.#wake = () => undefined;
    }
    if (this.#failure) throw this.#failure.error;
    if (this.waitingS > 0) return { type: 'samples', samples: this.#drain() };
    return { type: this.#ended ? 'end' : 'stall' };
  }

  close(): void {
    this.#port.onmessage = null;
    this.#port.close();
  }

  #isReady(signal: AbortSignal): boolean {
    return this.#pieces.length > 0 || this.#ended || this.#failure !== null || signal.aborted;
  }

  #take(data: LiveAudio): void {
    if (data === null) {
      if (this.#resampler) this.#keep(this.#resampler.resampler.flush());
      this.#ended = true;
      return;
    }
    const { samples, sampleRateHz } = data;
    if (this.#resampler?.rateHz !== sampleRateHz) {
      if (this.#resampler) this.#keep(this.#resampler.resampler.flush());
      this.#resampler = { rateHz: sampleRateHz, resampler: new Resampler(sampleRateHz, SAMPLE_RATE_HZ) };
    }
    this.#keep(this.#resampler.resampler.push(samples));
  }

  #keep(samples: Float32Array): void {
    if (samples.length === 0) return;
    this.#pieces.push(samples);
    this.#received += samples.length;
  }

  #drain(): Float32Array {
    const taken: Float32Array[] = [];
    let length = 0;
    while (length < LONGEST_PIECE) {
      const piece = this.#pieces.shift();
      if (!piece) break;
      taken.push(piece);
      length += piece.length;
    }
    this.#taken += length;
    const samples = new Float32Array(length);
    let at = 0;
    for (const piece of taken) {
      samples.set(piece, at);
      at += piece.length;
    }
    return samples;
  }
}
