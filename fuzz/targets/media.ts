import * as media from 'mediabunny';
import { openAudio } from '../../src/worker/features/audio/audio.ts';
import { expect } from '../expect.ts';
import type { Target } from '../target.ts';

/** Of a file's sound, so much is read: a longer one goes on in the same way. */
const READ_S = 30;

/** Stands for the browser's decoders, which Node has not: every packet is some silence. */
class SilentDecoder extends media.CustomAudioDecoder {
  static override supports(_codec: media.AudioCodec, config: AudioDecoderConfig): boolean {
    return config.numberOfChannels > 0 && config.sampleRate > 0;
  }
  override init(): void {}
  override decode(packet: media.EncodedPacket): void {
    const { numberOfChannels, sampleRate } = this.config;
    const data = new Float32Array(128 * numberOfChannels);
    this.onSample(
      new media.AudioSample({ data, format: 'f32', numberOfChannels, sampleRate, timestamp: packet.timestamp }),
    );
  }
  override flush(): void {}
  override close(): void {}
}
media.registerDecoder(SilentDecoder);

interface Track {
  format: media.OutputFormat;
  codec: media.AudioCodec;
  packet: Uint8Array;
  description?: Uint8Array;
  sampleRate: number;
}

/** A file of three packets. */
async function write({ format, codec, packet, description, sampleRate }: Track): Promise<Uint8Array> {
  const target = new media.BufferTarget();
  const output = new media.Output({ format, target });
  const source = new media.EncodedAudioPacketSource(codec);
  output.addAudioTrack(source);
  await output.start();
  for (let i = 0; i < 3; i++) {
    await source.add(new media.EncodedPacket(packet, 'key', 0.02 * i, 0.02), {
      decoderConfig: {
        codec: codec === 'aac' ? 'mp4a.40.2' : codec,
        numberOfChannels: 1,
        sampleRate,
        ...(description ? { description } : {}),
      },
    });
  }
  await output.finalize();
  if (!target.buffer) throw new Error('nothing was written');
  return new Uint8Array(target.buffer);
}

const mp3Frame = Uint8Array.from({ length: 417 }, (_, i) => [0xff, 0xfb, 0x90, 0xc0][i] ?? 0);
const opusHead = Uint8Array.of(...new TextEncoder().encode('OpusHead'), 1, 1, 56, 1, 0x80, 0xbb, 0, 0, 0, 0, 0);
const opus = {
  codec: 'opus' as const,
  packet: Uint8Array.of(0xf8, 0xff, 0xfe),
  description: opusHead,
  sampleRate: 48_000,
};
const aac = {
  codec: 'aac' as const,
  packet: Uint8Array.of(1, 64, 34, 128),
  description: Uint8Array.of(0x12, 0x08),
  sampleRate: 44_100,
};

const waves = (): Promise<Uint8Array[]> =>
  Promise.all([
    write({
      format: new media.WavOutputFormat(),
      codec: 'pcm-s16',
      packet: new Uint8Array(64).fill(3),
      sampleRate: 16_000,
    }),
    write({ format: new media.WavOutputFormat(), codec: 'pcm-f32', packet: new Uint8Array(64), sampleRate: 44_100 }),
  ]);

const containers = (): Promise<Uint8Array[]> =>
  Promise.all([
    write({ format: new media.Mp4OutputFormat(), ...aac }),
    write({ format: new media.WebMOutputFormat(), ...opus }),
    write({ format: new media.OggOutputFormat(), ...opus }),
    write({ format: new media.Mp3OutputFormat(), codec: 'mp3', packet: mp3Frame, sampleRate: 44_100 }),
    write({ format: new media.AdtsOutputFormat(), ...aac }),
  ]);

/** Opens a file and reads the beginning of its sound, as a recogniser does. */
async function listen(file: Uint8Array<ArrayBuffer>): Promise<unknown> {
  const audio = await openAudio(new Blob([file]));
  try {
    expect(Number.isFinite(audio.durationS) && audio.durationS > 0, 'the duration is a time');
    let count = 0;
    let sum = 0;
    for await (const piece of audio.samples(new AbortController().signal, 0)) {
      count += piece.length;
      for (const sample of piece) sum += Math.abs(sample);
      if (count > READ_S * 16_000) break;
    }
    expect(Number.isFinite(sum), 'samples are numbers');
    return [audio.durationS, count, sum];
  } finally {
    audio.close();
  }
}

export const mediaTargets: Target[] = [
  {
    name: 'wav',
    seeds: waves,
    words: ['RIFF', 'RF64', 'WAVE', 'fmt ', 'data', 'LIST', 'ds64', 'fact'],
    read: listen,
    refusals: ['bad-input'],
  },
  {
    name: 'media',
    seeds: containers,
    words: [
      'ftyp',
      'moov',
      'moof',
      'mdat',
      'trak',
      'stts',
      'stsz',
      'stco',
      'elst',
      'OggS',
      'OpusHead',
      'ID3',
      'fLaC',
      'Xing',
    ].concat(['\x1aE\xdf\xa3']),
    read: listen,
    refusals: ['bad-input'],
  },
];
