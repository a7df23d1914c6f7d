import { SAMPLE_RATE_HZ } from './logMel.ts';
import { SpeechDetector, type Stretch } from './silence.ts';

/** A piece of audio to be recognised at once. */
export interface SpeechWindow {
  /** When its first sample is heard, in seconds of the audio. */
  startS: number;
  /** 16 kHz. */
  samples: Float32Array;
  /** Seconds at its start that the window before has too: 0 unless speech without a pause had to be cut. */
  overlapS: number;
  /** Whether it was cut where nobody paused: the window after it overlaps it. */
  goesOn: boolean;
}

export interface WindowOptions {
  /** Probability of speech, one for each `voiceSamples` of the samples, which are a multiple of it. Called in order. */
  voice: (samples: Float32Array) => Promise<Float32Array>;
  /** 512 for Silero. */
  voiceSamples: number;
  /** A window of this length is cut at the next pause: several short ones are recognised at once quicker than a long one. */
  wantedS?: number;
  /** Longest window, cut even where nobody pauses: the model's. */
  longestS?: number;
  /** Told how far the audio has been listened to, in seconds. */
  onHeard?: (seconds: number) => void;
}

/** Windows of `voiceSamples` that are judged in one call: four seconds of Silero's, so that calls cost little. */
const VOICE_BATCH = 128;
/** Of these, how many are listened to between two looks at whether a window is complete. */
const STEP = 16;
/** A pause of this length is a place to cut at. */
const PAUSE = 0.25 * SAMPLE_RATE_HZ;
/** A pause of this length ends the window: silence in it would only cost time. */
const LONG_PAUSE = 3 * SAMPLE_RATE_HZ;
/** How much of a pause counts when places to cut at are compared. */
const FULL_PAUSE = 1.5 * SAMPLE_RATE_HZ;
/** Silence kept around speech, where voices begin and fade unnoticed. */
const MARGIN = 0.4 * SAMPLE_RATE_HZ;
/** Where speech has no pause, both sides of the cut have this much; it is cut in the last third of the window. */
const OVERLAP = 2 * SAMPLE_RATE_HZ;
/** A pause earlier in a window than this share of the length that is wanted is no reason to end it. */
const LEAST_SHARE = 0.5;
/** Loudness is compared over so many samples. */
const QUIET = 0.1 * SAMPLE_RATE_HZ;

/**
 * Cuts audio at its silences into windows for a recogniser; what is silence throughout is in none. Reads ahead no further
 * than one window and one call of `voice`.
 * @param audio 16 kHz mono
 */
export async function* speechWindows(
  audio: AsyncIterable<Float32Array>,
  { voice, voiceSamples, wantedS = 12, longestS = 30, onHeard }: WindowOptions,
): AsyncGenerator<SpeechWindow, void, undefined> {
  const cutter = new Cutter(voiceSamples, wantedS * SAMPLE_RATE_HZ, Math.round(longestS * SAMPLE_RATE_HZ));
  for await (const batch of rechunk(audio, VOICE_BATCH * voiceSamples)) {
    const padded = new Float32Array(Math.ceil(batch.length / voiceSamples) * voiceSamples);
    padded.set(batch);
    const probabilities = await voice(padded);
    for (let first = 0; first < probabilities.length; first += STEP) {
      const samples = batch.subarray(first * voiceSamples, (first + STEP) * voiceSamples);
      const window = cutter.push(samples, probabilities.subarray(first, first + STEP));
      if (window) yield window;
    }
    onHeard?.(cutter.heard / SAMPLE_RATE_HZ);
  }
  const last = cutter.flush();
  if (last) yield last;
}

/** The same samples in chunks of one length, the last one shorter. A chunk is good until the next is asked for. */
async function* rechunk(audio: AsyncIterable<Float32Array>, length: number): AsyncGenerator<Float32Array> {
  const chunk = new Float32Array(length);
  let filled = 0;
  for await (const piece of audio) {
    for (let from = 0; from < piece.length;) {
      const taken = piece.subarray(from, from + length - filled);
      chunk.set(taken, filled);
      from += taken.length;
      filled += taken.length;
      if (filled < length) continue;
      yield chunk;
      filled = 0;
    }
  }
  if (filled > 0) yield chunk.subarray(0, filled);
}

/** What has been heard and not yet given away: at most one window and a little more. Positions count samples of the audio. */
class Cutter {
  readonly #wanted: number;
  readonly #longest: number;
  readonly #detector: SpeechDetector;
  /** The samples from `#origin` to `heard`. */
  readonly #buffer: Float32Array;
  #origin = 0;
  heard = 0;
  /** Speech not yet given away. The last one is still going on where the detector is speaking: its end is not known. */
  #stretches: Stretch[] = [];
  /** Up to where everything was given away, and how much of what follows was, too. */
  #given = 0;
  #overlap = 0;

  constructor(voiceSamples: number, wanted: number, longest: number) {
    this.#wanted = wanted;
    this.#longest = longest;
    this.#detector = new SpeechDetector({ windowSamples: voiceSamples, shortestSilence: PAUSE });
    this.#buffer = new Float32Array(longest + 2 * MARGIN + 4 * STEP * voiceSamples);
  }

  /** Takes the next samples, with the probabilities of speech in them. */
  push(samples: Float32Array, probabilities: Float32Array): SpeechWindow | undefined {
    this.#buffer.set(samples, this.heard - this.#origin);
    this.heard += samples.length;
    for (const probability of probabilities) {
      const change = this.#detector.push(probability);
      if (change?.type === 'start') this.#stretches.push({ from: change.sample, to: Infinity });
      else if (change) this.#end(change.sample);
    }
    const [first] = this.#stretches;
    if (!first) {
      // The beginning of a voice is only known when it has lasted a little.
      this.#forget(this.heard - MARGIN - PAUSE);
      return undefined;
    }
    const start = this.#startOf(first);
    if (this.heard - start >= this.#longest || (this.heard - start >= this.#wanted && this.#hasPause(start))) {
      return this.#cut(start);
    }
    const last = this.#stretches.at(-1)!;
    if (this.heard - last.to >= LONG_PAUSE) return this.#give(start, last.to + MARGIN, this.#stretches.length);
    return undefined;
  }

  /** The rest, once the audio has ended. */
  flush(): SpeechWindow | undefined {
    const change = this.#detector.flush();
    if (change) this.#end(Math.min(change.sample, this.heard));
    const [first] = this.#stretches;
    const last = this.#stretches.at(-1);
    return first && last ? this.#give(this.#startOf(first), last.to + MARGIN, this.#stretches.length) : undefined;
  }

  /** Whether there is a pause to cut at that leaves no scrap of a window. */
  #hasPause(start: number): boolean {
    return this.#stretches.some(({ to }) => to - start >= LEAST_SHARE * this.#wanted && to <= this.heard);
  }

  #end(sample: number): void {
    this.#stretches.at(-1)!.to = sample;
  }

  #startOf(first: Stretch): number {
    return this.#overlap > 0 ? this.#given - this.#overlap : Math.max(this.#given, first.from - MARGIN);
  }

  /** A full window: up to the pause that is long and late, or else to the quietest place. */
  #cut(start: number): SpeechWindow {
    const limit = Math.min(start + this.#longest, this.heard);
    const length = limit - start;
    let best = -1;
    let bestScore = -Infinity;
    for (const [i, { to }] of this.#stretches.entries()) {
      if (to > limit) break;
      const pause = Math.min((this.#stretches[i + 1]?.from ?? this.heard) - to, FULL_PAUSE);
      const score = pause / FULL_PAUSE + (to - start) / length;
      if (score > bestScore) [best, bestScore] = [i, score];
    }
    const chosen = this.#stretches[best];
    if (chosen) {
      const next = this.#stretches[best + 1]?.from ?? Infinity;
      return this.#give(start, Math.min(chosen.to + MARGIN, (chosen.to + next) / 2, limit), best + 1);
    }
    const middle = this.#quietest(limit - length / 3, limit - OVERLAP / 2);
    const window = this.#take(start, middle + OVERLAP / 2, true);
    this.#given = middle + OVERLAP / 2;
    this.#overlap = OVERLAP;
    this.#stretches[0]!.from = middle - OVERLAP / 2;
    this.#forget(middle - OVERLAP / 2);
    return window;
  }

  /** A window that ends in silence, with the first `count` stretches. */
  #give(start: number, end: number, count: number): SpeechWindow {
    const window = this.#take(start, Math.min(Math.floor(end), this.heard), false);
    this.#stretches.splice(0, count);
    this.#given = Math.min(Math.floor(end), this.heard);
    this.#overlap = 0;
    this.#forget(this.#stretches.length > 0 ? this.#given : Math.max(this.#given, this.heard - MARGIN - PAUSE));
    return window;
  }

  #take(start: number, end: number, goesOn: boolean): SpeechWindow {
    return {
      startS: start / SAMPLE_RATE_HZ,
      samples: this.#buffer.slice(start - this.#origin, end - this.#origin),
      overlapS: this.#overlap / SAMPLE_RATE_HZ,
      goesOn,
    };
  }

  /** The middle of the quietest tenth of a second in a part of the audio. */
  #quietest(from: number, to: number): number {
    let energy = 0;
    let least = Infinity;
    let middle = from;
    for (let end = Math.round(from); end < to; end++) {
      energy += this.#buffer[end - this.#origin]! ** 2;
      if (end - from < QUIET) continue;
      energy -= this.#buffer[end - QUIET - this.#origin]! ** 2;
      if (energy < least) [least, middle] = [energy, end - QUIET / 2];
    }
    return Math.round(middle);
  }

  #forget(before: number): void {
    const count = Math.floor(before) - this.#origin;
    if (count <= 0) return;
    this.#buffer.copyWithin(0, count, this.heard - this.#origin);
    this.#origin += count;
  }
}
