import { EngineError, throwIfAborted } from '../../../protocol/errors.ts';
import type { Samples } from '../../../protocol/messages.ts';
import { openSound, type SoundPiece } from './decode.ts';
import { SAMPLE_RATE_HZ } from './logMel.ts';
import { Resampler } from './resample.ts';

/** Audio of any origin and length as speech models hear it. */
export interface Audio {
  /** As the file says: what is decoded may end a packet later. */
  durationS: number;
  /** 16 kHz mono, in pieces of about a tenth of a second to a second; sample n is what is heard at fromS + n / 16000 s. Once only. */
  samples(signal: AbortSignal, fromS: number): AsyncGenerator<Float32Array, void, undefined>;
  close(): void;
}

/** Samples of raw audio that are resampled at once. */
const PIECE_S = 1;
/** Full scale is 1; a float file may go beyond it, but not so far. */
const LOUDEST = 1000;
/** Packets' times are rounded in their files: only a gap longer than this is silence. */
const LONGEST_JITTER_S = 0.05;

/**
 * Opens a media file, or samples as they are.
 * @throws EngineError bad-input: no sound in it that can be used
 */
export async function openAudio(audio: Blob | Samples): Promise<Audio> {
  if (audio instanceof Blob) {
    const sound = await openSound(audio);
    return { ...sound, samples: (signal, fromS) => toSpeechRate(sound.pieces(signal, fromS), fromS) };
  }
  const { samples, sampleRateHz } = audio;
  // Says at once what is wrong with the rate.
  new Resampler(sampleRateHz, SAMPLE_RATE_HZ);
  if (samples.length === 0) throw new EngineError('bad-input', 'There is no audio: it has 0 samples.');
  return {
    durationS: samples.length / sampleRateHz,
    samples: (signal, fromS) => toSpeechRate(cut(audio, signal, fromS), fromS),
    close: () => undefined,
  };
}

/** As many of 16 kHz samples as there are in so many seconds. */
export async function* firstSeconds(
  pieces: AsyncIterable<Float32Array>,
  seconds: number,
): AsyncGenerator<Float32Array, void, undefined> {
  let left = Math.round(seconds * SAMPLE_RATE_HZ);
  for await (const samples of pieces) {
    if (left <= 0) return;
    yield samples.length <= left ? samples : samples.subarray(0, left);
    left -= samples.length;
  }
}

async function* cut(
  { samples, sampleRateHz }: Samples,
  signal: AbortSignal,
  fromS: number,
): AsyncGenerator<SoundPiece> {
  const length = Math.round(sampleRateHz * PIECE_S);
  for (let from = Math.round(fromS * sampleRateHz); from < samples.length; from += length) {
    throwIfAborted(signal);
    yield { samples: samples.subarray(from, from + length), sampleRateHz, startS: from / sampleRateHz };
  }
}

/** Samples as they are, but for those of float files that are no loudness at all: they would silence all that comes after. */
function audible(samples: Float32Array): Float32Array {
  const isAudible = (sample: number): boolean => Math.abs(sample) <= LOUDEST;
  return samples.every(isAudible) ? samples : samples.map((sample) => (isAudible(sample) ? sample : 0));
}

/** Resamples pieces and puts them where their times say: gaps are silence, and what comes before `fromS` is left out. */
async function* toSpeechRate(
  pieces: AsyncIterable<SoundPiece>,
  fromS: number,
): AsyncGenerator<Float32Array, void, undefined> {
  let resampler: Resampler | undefined;
  let rateHz = 0;
  /** What the resampler has been given, in its samples, and when its first one is heard. */
  let fed = 0;
  let originS = fromS;
  for await (const { samples, sampleRateHz, startS } of pieces) {
    if (!resampler || sampleRateHz !== rateHz) {
      if (resampler) {
        yield resampler.flush();
        originS += fed / rateHz;
      }
      resampler = new Resampler(sampleRateHz, SAMPLE_RATE_HZ);
      rateHz = sampleRateHz;
      fed = 0;
    }
    const gap = Math.round((startS - originS) * rateHz) - fed;
    let kept = audible(samples);
    if (gap > LONGEST_JITTER_S * rateHz) {
      for (let missing = gap; missing > 0; missing -= rateHz) {
        yield resampler.push(new Float32Array(Math.min(missing, rateHz)));
      }
      fed += gap;
    } else if (gap < -LONGEST_JITTER_S * rateHz || (fed === 0 && gap < 0)) {
      kept = kept.subarray(Math.min(samples.length, -gap));
    }
    fed += kept.length;
    if (kept.length > 0) yield resampler.push(kept);
  }
  if (resampler) yield resampler.flush();
}
