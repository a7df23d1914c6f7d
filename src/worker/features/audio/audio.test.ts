import {
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  MkvOutputFormat,
  Output,
  WavOutputFormat,
} from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { openAudio } from './audio.ts';

const signal = new AbortController().signal;

interface Chunk {
  startS: number;
  /** One array a channel. */
  channels: number[][];
}

/** A file of uncompressed sound. */
async function soundFile(
  format: WavOutputFormat | MkvOutputFormat,
  sampleRate: number,
  chunks: Chunk[],
): Promise<Blob> {
  const output = new Output({ format, target: new BufferTarget() });
  const source = new EncodedAudioPacketSource('pcm-f32');
  output.addAudioTrack(source);
  await output.start();
  for (const { startS, channels } of chunks) {
    const frames = channels[0]!.length;
    const data = new Uint8Array(
      Float32Array.from({ length: frames * channels.length }, (_, i) => {
        return channels[i % channels.length]![Math.floor(i / channels.length)]!;
      }).buffer,
    );
    await source.add(new EncodedPacket(data, 'key', startS, frames / sampleRate), {
      decoderConfig: { codec: 'pcm-f32', numberOfChannels: channels.length, sampleRate },
    });
  }
  await output.finalize();
  return new Blob([output.target.buffer!]);
}

function wav(sampleRate: number, ...channels: number[][]): Promise<Blob> {
  return soundFile(new WavOutputFormat(), sampleRate, [{ startS: 0, channels }]);
}

async function read(
  audio: Parameters<typeof openAudio>[0],
  fromS = 0,
): Promise<{ durationS: number; samples: Float32Array }> {
  const opened = await openAudio(audio);
  const pieces: number[] = [];
  for await (const piece of opened.samples(signal, fromS)) pieces.push(...piece);
  opened.close();
  return { durationS: opened.durationS, samples: Float32Array.from(pieces) };
}

const constant = (length: number, value: number): number[] => new Array<number>(length).fill(value);

describe('audio', () => {
  it('of a file is mixed to one channel', async () => {
    const { durationS, samples } = await read(await wav(16_000, constant(8000, 0.5), constant(8000, -0.25)));
    expect(durationS).toBeCloseTo(0.5, 6);
    expect(samples).toEqual(new Float32Array(8000).fill(0.125));
  });

  it.each([
    [8000, 1],
    [44_100, 2],
    [96_000, 6],
  ])('of %i Hz in %i channels comes at 16 kHz', async (rateHz, channels) => {
    const { samples } = await read(await wav(rateHz, ...Array.from({ length: channels }, () => constant(rateHz, 0.5))));
    expect(samples.length).toBe(16_000);
    expect(samples[8000]).toBeCloseTo(0.5, 5);
  });

  it('stands where the file says: gaps are silent, and what lies before its start is left out', async () => {
    const file = await soundFile(new MkvOutputFormat(), 16_000, [
      { startS: 0.5, channels: [constant(1600, 0.25)] },
      { startS: 0.6, channels: [constant(1600, 0.5)] },
      { startS: 3, channels: [constant(1600, 0.75)] },
    ]);
    const { durationS, samples } = await read(file);
    // The file does not say how long its last packet is.
    expect(durationS).toBeGreaterThanOrEqual(3);
    expect(samples.length).toBe(3.1 * 16_000);
    expect([0, 7999, 8000, 9599, 9600, 11_199, 11_200, 47_999, 48_000, 49_599].map((n) => samples[n])).toEqual([
      0, 0, 0.25, 0.25, 0.5, 0.5, 0, 0, 0.75, 0.75,
    ]);
  });

  it('may be samples', async () => {
    const { durationS, samples } = await read({ samples: new Float32Array(100_001).fill(0.5), sampleRateHz: 48_000 });
    expect(durationS).toBeCloseTo(100_001 / 48_000, 9);
    expect(samples.length).toBe(Math.ceil(100_001 / 3));
    expect(samples[20_000]).toBeCloseTo(0.5, 5);
  });

  it.each<[string, () => Parameters<typeof openAudio>[0] | Promise<Blob>, RegExp]>([
    ['an empty file', () => new Blob([]), /empty/],
    [
      'a text',
      () => new Blob(['It was the best of times, it was the worst of times.'.repeat(100)]),
      /not an audio or video/,
    ],
    ['a video without sound', () => silentVideo(), /no sound/],
    ['no samples', () => ({ samples: new Float32Array(0), sampleRateHz: 16_000 }), /0 samples/],
    ['a rate of nothing', () => ({ samples: new Float32Array(9), sampleRateHz: 0 }), /samples a second/],
    [
      'a playlist',
      () => new Blob(['#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttps://example.org/a.m3u8\n']),
      /not an audio/,
    ],
  ])('cannot be %s, and says so', async (_, make, message) => {
    await expect(openAudio(await make())).rejects.toMatchObject({
      name: 'EngineError',
      code: 'bad-input',
      message: expect.stringMatching(message) as string,
    });
  });

  it('begins where it is told to, in a file and in samples', async () => {
    // A second of each value.
    const steps = [0, 0.25, 0.5, 0.75].flatMap((value) => constant(16_000, value));
    const file = await soundFile(new WavOutputFormat(), 16_000, [{ startS: 0, channels: [steps] }]);
    for (const audio of [file, { samples: Float32Array.from(steps), sampleRateHz: 16_000 }]) {
      const { durationS, samples } = await read(audio, 2.5);
      expect(durationS).toBe(4);
      expect(samples).toHaveLength(1.5 * 16_000);
      expect(samples[4000]).toBeCloseTo(0.5, 3);
      expect(samples[16_000]).toBeCloseTo(0.75, 3);
    }
    expect((await read(file, 9)).samples).toHaveLength(0);
  });

  it('stops when it is told to', async () => {
    const stop = new AbortController();
    const { samples } = await openAudio({ samples: new Float32Array(160_000), sampleRateHz: 16_000 });
    const reader = samples(stop.signal, 0);
    await reader.next();
    stop.abort();
    await expect(reader.next()).rejects.toMatchObject({ code: 'aborted' });
  });
});

async function silentVideo(): Promise<Blob> {
  const output = new Output({ format: new MkvOutputFormat(), target: new BufferTarget() });
  const source = new EncodedVideoPacketSource('vp8');
  output.addVideoTrack(source);
  await output.start();
  await source.add(new EncodedPacket(new Uint8Array(100), 'key', 0, 1), {
    decoderConfig: { codec: 'vp8', codedWidth: 16, codedHeight: 16 },
  });
  await output.finalize();
  return new Blob([output.target.buffer!]);
}
