import { Fourier } from './fourier.ts';

/** What speech models hear at. */
export const SAMPLE_RATE_HZ = 16_000;
/** Samples from one frame of the features to the next: 10 ms. */
export const HOP_SAMPLES = 160;

/** Samples that one frame looks at, of which its middle is the frame's time. */
const FRAME_SAMPLES = 400;
const BINS = FRAME_SAMPLES / 2 + 1;
/** Powers below this count as this. */
const FLOOR = 1e-10;
/** log10 of how far below the loudest a value may lie. */
const RANGE = 8;

/** Log-mel features of one window. */
export interface Mel {
  /** [mels, frames], row-major. */
  data: Float32Array;
  /** 10 ms each. */
  frames: number;
}

/** A triangle of the filter bank: the weights of the bins from `first` on. */
interface Band {
  first: number;
  weights: Float64Array;
}

/** Whisper's features, as openai/whisper's `log_mel_spectrogram` computes them. Keeps its tables and buffers from call to call. */
export class LogMel {
  readonly mels: number;
  readonly #bands: Band[];
  readonly #fourier = new Fourier(FRAME_SAMPLES);
  /** Hann's, periodic. */
  readonly #window = Float64Array.from(
    { length: FRAME_SAMPLES },
    (_, n) => 0.5 - 0.5 * Math.cos((2 * Math.PI * n) / FRAME_SAMPLES),
  );
  readonly #powers: [Float64Array, Float64Array] = [new Float64Array(BINS), new Float64Array(BINS)];

  /** @param mels bands between 0 and 8 kHz: the architecture's */
  constructor(mels: number) {
    this.mels = mels;
    this.#bands = melBands(mels);
  }

  /**
   * @param samples 16 kHz, mono, -1..1; at most frames * 160 of them, the rest of the window is silence
   * @param frames of the window: 3000 for Whisper's 30 s, fewer for a shortened context
   */
  extract(samples: Float32Array, frames: number): Mel {
    const { mels } = this;
    if (samples.length > frames * HOP_SAMPLES) {
      throw new RangeError(`${samples.length} samples do not fit into ${frames} frames of ${HOP_SAMPLES}.`);
    }
    const data = new Float32Array(mels * frames);
    // Frames that lie wholly in the silence after the samples need no transform.
    const heard = Math.min(frames, Math.ceil((samples.length + FRAME_SAMPLES / 2) / HOP_SAMPLES));
    const length = frames * HOP_SAMPLES;
    let loudest = Math.log10(FLOOR);
    for (let frame = 0; frame < heard; frame += 2) {
      this.#load(this.#fourier.first, samples, length, frame);
      if (frame + 1 < heard) this.#load(this.#fourier.second, samples, length, frame + 1);
      else this.#fourier.second.fill(0);
      this.#fourier.powers(...this.#powers);
      for (let half = 0; half < 2 && frame + half < heard; half++) {
        const power = this.#powers[half === 0 ? 0 : 1];
        for (let band = 0; band < mels; band++) {
          const { first, weights } = this.#bands[band]!;
          let sum = 0;
          for (let i = 0; i < weights.length; i++) sum += weights[i]! * power[first + i]!;
          const value = Math.log10(Math.max(sum, FLOOR));
          if (value > loudest) loudest = value;
          data[band * frames + frame + half] = value;
        }
      }
    }
    for (let band = 0; band < mels; band++) {
      data.fill(Math.log10(FLOOR), band * frames + heard, (band + 1) * frames);
    }
    const least = loudest - RANGE;
    for (let i = 0; i < data.length; i++) data[i] = (Math.max(data[i]!, least) + 4) / 4;
    return { data, frames };
  }

  /** One windowed frame of the samples, which are followed by silence up to `length` and mirrored beyond both ends. */
  #load(target: Float64Array, samples: Float32Array, length: number, frame: number): void {
    const start = frame * HOP_SAMPLES - FRAME_SAMPLES / 2;
    if (start >= 0 && start + FRAME_SAMPLES <= samples.length) {
      for (let n = 0; n < FRAME_SAMPLES; n++) target[n] = samples[start + n]! * this.#window[n]!;
      return;
    }
    for (let n = 0; n < FRAME_SAMPLES; n++) {
      const at = start + n;
      const mirrored = at < 0 ? -at : at >= length ? 2 * (length - 1) - at : at;
      target[n] = (samples[mirrored] ?? 0) * this.#window[n]!;
    }
  }
}

/** Slaney's mel scale: linear up to 1 kHz, then 27 steps for a factor of 6.4. */
function hertzOfMel(mel: number): number {
  const linearMels = 15;
  return mel < linearMels ? (mel * 200) / 3 : 1000 * Math.exp((Math.log(6.4) / 27) * (mel - linearMels));
}

function melOfHertz(hertz: number): number {
  return hertz < 1000 ? (hertz * 3) / 200 : 15 + (27 * Math.log(hertz / 1000)) / Math.log(6.4);
}

/** `librosa.filters.mel(sr=16000, n_fft=400, n_mels=mels)`: triangles of equal area. */
function melBands(mels: number): Band[] {
  const highest = melOfHertz(SAMPLE_RATE_HZ / 2);
  const corners = Array.from({ length: mels + 2 }, (_, i) => hertzOfMel((highest * i) / (mels + 1)));
  return Array.from({ length: mels }, (_, band) => {
    const [low, middle, high] = [corners[band]!, corners[band + 1]!, corners[band + 2]!];
    const weights = Array.from({ length: BINS }, (_, bin) => {
      const hertz = (bin * SAMPLE_RATE_HZ) / FRAME_SAMPLES;
      const height = Math.min((hertz - low) / (middle - low), (high - hertz) / (high - middle));
      // float32 as in the reference, whose filters are stored so.
      return Math.fround((Math.max(0, height) * 2) / (high - low));
    });
    const first = Math.max(
      0,
      weights.findIndex((weight) => weight > 0),
    );
    return {
      first,
      weights: Float64Array.from(weights.slice(first, weights.findLastIndex((weight) => weight > 0) + 1)),
    };
  });
}
