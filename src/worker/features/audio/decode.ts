import type { AudioSample, AudioSampleSink, Input, InputAudioTrack } from 'mediabunny';
import { EngineError, throwIfAborted } from '../../../protocol/errors.ts';
import { checkSampleTables } from './checkSampleTables.ts';
import { guardSource } from './guardSource.ts';

/** A piece of decoded sound, mixed to one channel, -1..1. */
export interface SoundPiece {
  samples: Float32Array;
  sampleRateHz: number;
  /** When it is to be played, by the clock of the file; may be negative. */
  startS: number;
}

/** The sound of a file that was opened. */
export interface Sound {
  /** When its sound ends. */
  durationS: number;
  /** Decodes from the packet that `fromS` is in, a few packets ahead of the reader. */
  pieces(signal: AbortSignal, fromS: number): AsyncGenerator<SoundPiece, void, undefined>;
  close(): void;
}

/** No recording is longer than a month: one that claims it has a clock that does not tick, or that jumped, and would be mostly silence. */
const LONGEST_S = 31 * 24 * 3600;

/**
 * Opens an audio or video file (MP4, MOV, M4A, WebM, Matroska, MP3, AAC, WAV, FLAC, Ogg, MPEG-TS) and finds its sound. Reads
 * only what it needs of the file, however long that is.
 * @throws EngineError bad-input: not such a file, no sound in it, or sound that this browser cannot decode
 */
export async function openSound(file: Blob): Promise<Sound> {
  if (file.size === 0) throw new EngineError('bad-input', 'The file is empty: choose another.');
  const media = await import('mediabunny');
  await checkSampleTables(file);
  const input = new media.Input({
    // All but playlists, which would fetch what they name.
    formats: media.ALL_FORMATS.filter((format) => format !== media.HLS),
    source: guardSource(new media.BlobSource(file)),
  });
  try {
    const track = await findTrack(input);
    const durationS = await track.computeDuration();
    if (!(durationS <= LONGEST_S)) throw damaged(new RangeError('Its clock is wrong.'));
    if (durationS <= 0) throw new EngineError('bad-input', 'The sound of this file is empty: choose another.');
    return {
      durationS,
      pieces: (signal, fromS) => decode(new media.AudioSampleSink(track), signal, fromS),
      close: () => input.dispose(),
    };
  } catch (error) {
    input.dispose();
    if (error instanceof EngineError) throw error;
    if (error instanceof media.UnsupportedInputFormatError) {
      throw new EngineError('bad-input', 'This is not an audio or video file that can be read: choose another.', {
        cause: error,
      });
    }
    throw damaged(error);
  }
}

async function findTrack(input: Input): Promise<InputAudioTrack> {
  const track = await input.getPrimaryAudioTrack();
  if (!track) {
    const [other] = await input.getTracks();
    throw new EngineError(
      'bad-input',
      other
        ? 'There is no sound in this file: choose one with sound.'
        : 'There is nothing to play in this file: it may not have been saved to its end. Choose another.',
    );
  }
  if (await track.canDecode()) return track;
  const codec = (await track.getCodec()) ?? 'an unknown format';
  throw new EngineError(
    'bad-input',
    `The sound of this file is in ${codec}, which this browser cannot decode: convert it to MP3 or WAV first.`,
  );
}

async function* decode(
  sink: AudioSampleSink,
  signal: AbortSignal,
  fromS: number,
): AsyncGenerator<SoundPiece, void, undefined> {
  try {
    for await (const sample of fromS > 0 ? sink.samples(fromS) : sink.samples()) {
      try {
        throwIfAborted(signal);
        yield { samples: mixToMono(sample), sampleRateHz: sample.sampleRate, startS: sample.timestamp };
      } finally {
        sample.close();
      }
    }
  } catch (error) {
    throw error instanceof EngineError ? error : damaged(error);
  }
}

function damaged(cause: unknown): EngineError {
  return new EngineError('bad-input', 'This file is damaged: its sound cannot be read further.', { cause });
}

/** The mean of the channels. */
function mixToMono(sample: AudioSample): Float32Array {
  const { numberOfChannels, numberOfFrames } = sample;
  const mono = new Float32Array(numberOfFrames);
  sample.copyTo(mono, { planeIndex: 0, format: 'f32-planar' });
  if (numberOfChannels === 1) return mono;
  const channel = new Float32Array(numberOfFrames);
  for (let planeIndex = 1; planeIndex < numberOfChannels; planeIndex++) {
    sample.copyTo(channel, { planeIndex, format: 'f32-planar' });
    for (let i = 0; i < numberOfFrames; i++) mono[i]! += channel[i]!;
  }
  for (let i = 0; i < numberOfFrames; i++) mono[i]! /= numberOfChannels;
  return mono;
}
