import { BufferTarget, EncodedAudioPacketSource, EncodedPacket, MovOutputFormat, Output } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { openAudio } from './audio.ts';
import { checkSampleTables } from './checkSampleTables.ts';

const signal = new AbortController().signal;
const ascii = (text: string): number[] => Array.from(text, (letter) => letter.charCodeAt(0));
const u32 = (value: number): number[] => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const little = (value: number): number[] => u32(value).reverse();
const box = (type: string, ...content: number[][]): number[] => {
  const bytes = content.flat();
  return [...u32(8 + bytes.length), ...ascii(type), ...bytes];
};
const blob = (...bytes: number[][]): Blob => new Blob([Uint8Array.from(bytes.flat())]);

/** A WAV file of 32-bit floats. */
function wav(samples: number[]): Blob {
  const data = [...new Uint8Array(Float32Array.from(samples).buffer)];
  const format = [3, 0, 1, 0, ...little(16_000), ...little(64_000), 4, 0, 32, 0];
  const chunks = [ascii('WAVE'), ascii('fmt '), little(16), format, ascii('data'), little(data.length), data].flat();
  return blob(ascii('RIFF'), little(chunks.length), chunks);
}

/** An MP4 whose sound has this box among its tables. */
const withTable = (type: string, ...numbers: number[]): Blob => {
  const tables = box('stbl', box(type, u32(0), ...numbers.map(u32)));
  return blob(box('ftyp', ascii('isom'), u32(0)), box('moov', box('trak', box('mdia', box('minf', tables)))));
};

/** A film's sound, of 16-bit samples at 16 kHz. */
async function mov(): Promise<Uint8Array<ArrayBuffer>> {
  const target = new BufferTarget();
  const output = new Output({ format: new MovOutputFormat(), target });
  const source = new EncodedAudioPacketSource('pcm-s16');
  output.addAudioTrack(source);
  await output.start();
  const decoderConfig = { codec: 'pcm-s16', numberOfChannels: 1, sampleRate: 16_000 };
  await source.add(new EncodedPacket(new Uint8Array(640).fill(1), 'key', 0, 0.02), { decoderConfig });
  await output.finalize();
  return new Uint8Array(target.buffer ?? new ArrayBuffer());
}

describe('hostile media', () => {
  it('refuses sound whose clock does not tick', async () => {
    const film = await mov();
    expect((await openAudio(new Blob([film]))).durationS).toBeCloseTo(0.02);
    const header = new TextDecoder('latin1').decode(film).indexOf('mdhd');
    // After its name come version, two times, and the ticks of a second.
    film.fill(0, header + 16, header + 20);
    await expect(openAudio(new Blob([film]))).rejects.toThrow(/damaged/);
  });

  it('refuses sound that would go on for years', async () => {
    const film = await mov();
    const duration = new DataView(film.buffer, new TextDecoder('latin1').decode(film).indexOf('stts') + 16, 4);
    expect(duration.getUint32(0)).toBeGreaterThan(0);
    duration.setUint32(0, 0xffff_ffff);
    new DataView(film.buffer, new TextDecoder('latin1').decode(film).indexOf('mdhd') + 16, 4).setUint32(0, 1);
    await expect(openAudio(new Blob([film]))).rejects.toThrow(/damaged/);
  });

  it('does not let a sample that is no number into the sound', async () => {
    const audio = await openAudio(wav([0.5, NaN, -0.5, Infinity, 1e38, 0.25]));
    const heard: number[] = [];
    for await (const piece of audio.samples(signal, 0)) heard.push(...piece);
    expect(heard).toEqual([0.5, 0, -0.5, 0, 0, 0.25]);
  });

  it('ends reading a Matroska file that goes on as something else', async () => {
    const ebml = [0x1a, 0x45, 0xdf, 0xa3, 0x87, 0x42, 0x82, 0x84, ...ascii('webm')];
    const segment = [0x18, 0x53, 0x80, 0x67, 0x01, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff];
    await expect(openAudio(blob(ebml, segment, ascii('no Matroska at all')))).rejects.toMatchObject({
      code: 'bad-input',
    });
  });

  it('ends reading AAC whose second frame has no length', async () => {
    const frame = (length: number): number[] => [0xff, 0xf1, 0x50, 0x40, length >> 3, (length & 7) << 5, 0xfc];
    const sound = [...frame(11), 1, 2, 3, 4];
    const silentOrRefused = async (): Promise<number> => {
      const audio = await openAudio(blob(sound, frame(0), sound, sound));
      return audio.durationS;
    };
    await expect(silentOrRefused()).rejects.toMatchObject({ code: 'bad-input' });
  });

  it.each([
    ['a run of samples', withTable('stts', 1, 0xffff_ffff, 1)],
    ['runs that only together are too many', withTable('stts', 3, 60, 1, 60, 1, 60, 1)],
    ['samples of a chunk', withTable('stsc', 1, 1, 0xffff_ffff, 1)],
    ['sizes of samples', withTable('stsz', 0, 0xffff_ffff)],
    ['offsets of samples', withTable('ctts', 1, 0xffff_ffff, 0)],
    ['samples of a fragment', blob(box('moof', box('traf', box('trun', u32(0), u32(0xffff_ffff)))))],
  ])('does not believe a count that is larger than the file: %s', async (_, file) => {
    await expect(checkSampleTables(file)).rejects.toMatchObject({ code: 'bad-input' });
  });

  it('lets tables pass that a file has room for, and files of another kind', async () => {
    await checkSampleTables(withTable('stts', 1, 20, 1024));
    await checkSampleTables(wav([1, 2, 3]));
    await checkSampleTables(blob(ascii('ftyp')));
    await checkSampleTables(blob(box('ftyp', ascii('isom')), [0, 0, 0, 1, ...ascii('mdat'), 0, 0, 0, 0, 0, 0, 0, 0]));
  });
});
