import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { speechWindows, type SpeechWindow } from './windows.ts';

const RATE_HZ = 16_000;
const VOICE_SAMPLES = 512;

interface Part {
  seconds: number;
  loudness: number;
}

/** Audio whose voice is told by its loudness; sample n is known by its place, so that nothing can be mixed up unnoticed. */
function audioOf(parts: Part[]): Float32Array {
  return Float32Array.from(
    parts.flatMap(({ seconds, loudness }) => Array.from({ length: Math.round(seconds * RATE_HZ) }, () => loudness)),
  );
}

async function* inPieces(audio: Float32Array, length: number): AsyncGenerator<Float32Array> {
  for (let from = 0; from < audio.length; from += length) yield audio.subarray(from, from + length);
}

/** As sure of a voice as the audio is loud. */
async function loudness(samples: Float32Array): Promise<Float32Array> {
  expect(samples.length % VOICE_SAMPLES).toBe(0);
  return Float32Array.from({ length: samples.length / VOICE_SAMPLES }, (_, i) =>
    Math.max(...samples.subarray(i * VOICE_SAMPLES, (i + 1) * VOICE_SAMPLES)),
  );
}

async function windowsOf(
  parts: Part[],
  { pieceLength = 5000, ...over }: { pieceLength?: number; wantedS?: number } = {},
): Promise<{ audio: Float32Array; windows: SpeechWindow[] }> {
  const audio = audioOf(parts);
  const windows: SpeechWindow[] = [];
  const options = { voice: loudness, voiceSamples: VOICE_SAMPLES, ...over };
  for await (const window of speechWindows(inPieces(audio, pieceLength), options)) windows.push(window);
  return { audio, windows };
}

const speech = (seconds: number): Part => ({ seconds, loudness: 0.9 });
const silence = (seconds: number): Part => ({ seconds, loudness: 0 });
const endS = ({ startS, samples }: SpeechWindow): number => startS + samples.length / RATE_HZ;

describe('windows of speech', () => {
  it('there are none in silence, nor in nothing', async () => {
    expect((await windowsOf([silence(100)])).windows).toEqual([]);
    expect((await windowsOf([])).windows).toEqual([]);
  });

  it('hold speech with a margin, and leave out long silences', async () => {
    const { windows } = await windowsOf([silence(5), speech(4), silence(10), speech(2), silence(60)]);
    expect(windows).toHaveLength(2);
    const [first, second] = windows;
    expect(first!.startS).toBeCloseTo(4.6, 1);
    expect(endS(first!)).toBeCloseTo(9.4, 1);
    expect(second!.startS).toBeCloseTo(18.6, 1);
    expect(endS(second!)).toBeCloseTo(21.4, 1);
  });

  it('hold several phrases with short pauses between them', async () => {
    const { windows } = await windowsOf([speech(4), silence(1), speech(4), silence(2), speech(4)], { wantedS: 30 });
    expect(windows).toHaveLength(1);
    expect(windows[0]!.startS).toBe(0);
    expect(endS(windows[0]!)).toBeCloseTo(15, 1);
  });

  it('are cut at a pause before they are too long', async () => {
    const { windows } = await windowsOf([speech(14), silence(0.6), speech(13), silence(0.5), speech(9)], {
      wantedS: 30,
    });
    expect(windows.map(({ startS }) => startS)).toEqual([0, expect.closeTo(27.85, 1)]);
    expect(endS(windows[0]!)).toBeCloseTo(27.85, 1);
    expect(windows.map(({ overlapS }) => overlapS)).toEqual([0, 0]);
  });

  it('prefer a long pause to a short one that comes a little later', async () => {
    const { windows } = await windowsOf([speech(20), silence(1.2), speech(5), silence(0.3), speech(20)], {
      wantedS: 30,
    });
    expect(endS(windows[0]!)).toBeCloseTo(20.4, 1);
  });

  it('overlap where speech has no pause, at its quietest place', async () => {
    const { windows } = await windowsOf([speech(25), { seconds: 0.1, loudness: 0.6 }, speech(25)]);
    expect(windows).toHaveLength(2);
    const [first, second] = windows;
    expect(endS(first!)).toBeCloseTo(26.05, 1);
    expect(second!.startS).toBeCloseTo(24.05, 1);
    expect(second!.overlapS).toBeCloseTo(endS(first!) - second!.startS, 3);
    expect(second!.overlapS).toBe(2);
    expect(windows.map(({ goesOn }) => goesOn)).toEqual([true, false]);
  });

  it('end at a pause once they are long enough, and wait for one', async () => {
    const parts = [speech(7), silence(0.4), speech(7), silence(0.4), speech(3), silence(0.4), speech(8)];
    const { windows } = await windowsOf(parts, { wantedS: 12 });
    expect(windows).toHaveLength(3);
    for (const [i, endsS] of [7.2, 17.9, 26.2].entries()) expect(endS(windows[i]!)).toBeCloseTo(endsS, 0);
    const late = await windowsOf([speech(2), silence(0.4), speech(20), silence(0.4), speech(4)], { wantedS: 12 });
    expect(endS(late.windows[0]!)).toBeCloseTo(22.6, 1);
  });

  it('hold all speech, once but for overlaps, in order, none too long, whatever is said when', async () => {
    const part = fc.record({
      seconds: fc.double({ min: 0.1, max: 40, noNaN: true }),
      loudness: fc.constantFrom(0, 0.2, 0.4, 0.9),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(part, { maxLength: 8 }),
        fc.integer({ min: 100, max: 50_000 }),
        async (parts, pieceLength) => {
          const { audio, windows } = await windowsOf(parts, { pieceLength });
          const held = new Uint8Array(audio.length);
          let beforeS = 0;
          for (const window of windows) {
            const { startS, samples, overlapS } = window;
            const from = Math.round(startS * RATE_HZ);
            expect(samples.length).toBeLessThanOrEqual(30 * RATE_HZ);
            expect(samples.length).toBeGreaterThan(0);
            expect(Buffer.compare(bytesOf(samples), bytesOf(audio.subarray(from, from + samples.length)))).toBe(0);
            expect(startS + overlapS).toBeGreaterThanOrEqual(beforeS - 1e-9);
            if (overlapS > 0) expect(startS + overlapS).toBeCloseTo(beforeS, 6);
            beforeS = endS(window);
            for (let n = from; n < from + samples.length; n++) held[n] = 1;
          }
          // Loud for long enough to be a voice, and in no window: lost.
          let at = 0;
          for (const { seconds, loudness } of parts) {
            const next = at + Math.round(seconds * RATE_HZ);
            if (loudness === 0.9) expect(held.subarray(at, next).includes(0)).toBe(false);
            at = next;
          }
        },
      ),
      { numRuns: 30 },
    );
  });

  it('say how far the audio was heard', async () => {
    const heard: number[] = [];
    const audio = audioOf([silence(3.3)]);
    const options = {
      voice: loudness,
      voiceSamples: VOICE_SAMPLES,
      onHeard: (seconds: number) => void heard.push(seconds),
    };
    for await (const window of speechWindows(inPieces(audio, 999), options)) expect(window).toBeUndefined();
    expect(heard.at(-1)).toBeCloseTo(3.3, 6);
    expect(heard).toEqual(heard.toSorted((a, b) => a - b));
  });
});

function bytesOf(samples: Float32Array): Uint8Array {
  return new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength);
}
