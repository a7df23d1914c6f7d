/** Where somebody speaks: samples `[from, to)`. */
export interface Stretch {
  from: number;
  to: number;
}

/** A change between silence and speech; `sample` is where it happened, which is some time before it was sure. */
export interface VoiceChange {
  type: 'start' | 'end';
  sample: number;
}

export interface DetectorOptions {
  /** Samples that each probability stands for. */
  windowSamples: number;
  /** Speech begins at a probability from this on... */
  threshold?: number;
  /** ...and ends below this: probabilities in between change nothing. */
  lowThreshold?: number;
  /** Shorter sounds are not speech: in samples. */
  shortestSpeech?: number;
  /** A pause of at least so many samples ends a stretch. */
  shortestSilence: number;
}

/**
 * From voice-activity probabilities to changes between silence and speech, as they come: the hysteresis of Silero's
 * `get_speech_timestamps`.
 */
export class SpeechDetector {
  readonly #windowSamples: number;
  readonly #threshold: number;
  readonly #lowThreshold: number;
  readonly #shortestSpeech: number;
  readonly #shortestSilence: number;
  /** Samples judged so far. */
  #heard = 0;
  /** Where the voice that is heard now began, whether it has lasted long enough to be speech or not. */
  #began: number | undefined;
  /** Where the pause began that may become the end of it. */
  #paused: number | undefined;
  #speaking = false;

  constructor({ windowSamples, threshold = 0.5, lowThreshold, shortestSpeech, shortestSilence }: DetectorOptions) {
    this.#windowSamples = windowSamples;
    this.#threshold = threshold;
    this.#lowThreshold = lowThreshold ?? Math.max(threshold - 0.15, 0.01);
    this.#shortestSpeech = shortestSpeech ?? 2 * windowSamples;
    this.#shortestSilence = shortestSilence;
  }

  /** Whether the last change was a start. */
  get speaking(): boolean {
    return this.#speaking;
  }

  /** Samples judged so far. */
  get heard(): number {
    return this.#heard;
  }

  /** Where the pause began that is heard now within speech. */
  get paused(): number | undefined {
    return this.#speaking ? this.#paused : undefined;
  }

  /** Takes the next window's probability. */
  push(probability: number): VoiceChange | undefined {
    const from = this.#heard;
    this.#heard += this.#windowSamples;
    if (probability >= this.#threshold) {
      this.#began ??= from;
      this.#paused = undefined;
    } else if (probability < this.#lowThreshold) {
      this.#paused ??= from;
    }
    if (this.#began === undefined) return undefined;
    const voiceEnd = this.#paused ?? this.#heard;
    if (!this.#speaking && voiceEnd - this.#began >= this.#shortestSpeech) {
      this.#speaking = true;
      return { type: 'start', sample: this.#began };
    }
    if (this.#paused === undefined || this.#heard - this.#paused < this.#shortestSilence) return undefined;
    return this.#end();
  }

  /** The end of the audio ends what is being said. */
  flush(): VoiceChange | undefined {
    this.#paused ??= this.#heard;
    return this.#end();
  }

  #end(): VoiceChange | undefined {
    const [spoke, sample] = [this.#speaking, this.#paused];
    this.#began = undefined;
    this.#paused = undefined;
    this.#speaking = false;
    return spoke && sample !== undefined ? { type: 'end', sample } : undefined;
  }
}
