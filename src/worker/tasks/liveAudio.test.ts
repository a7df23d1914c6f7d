import { afterEach, describe, expect, it } from 'vitest';
import type { LiveAudio } from '../../protocol/messages.ts';
import { LiveAudioQueue } from './liveAudio.ts';

const open: MessagePort[] = [];
afterEach(() => {
  for (const port of open.splice(0)) port.close();
});

function queue(signal = new AbortController().signal) {
  const { port1, port2 } = new MessageChannel();
  open.push(port1, port2);
  return { send: (audio: LiveAudio) => port1.postMessage(audio), signal, audio: new LiveAudioQueue(port2, signal) };
}

const sound = (length: number, sampleRateHz = 16_000, value = 1): LiveAudio => ({
  samples: new Float32Array(length).fill(value),
  sampleRateHz,
});

describe('LiveAudioQueue', () => {
  it('gives what came meanwhile at once, at most about a second of it, and says how much waits', async () => {
    const { send, audio, signal } = queue();
    for (let i = 0; i < 20; i++) send(sound(1600));
    send(null);
    const lengths: number[] = [];
    for (;;) {
      const piece = await audio.next(Infinity, signal);
      if (piece.type !== 'samples') break;
      lengths.push(piece.samples.length);
      if (lengths.length === 1) await new Promise((resolve) => setTimeout(resolve, 20));
    }
    expect(lengths.reduce((sum, length) => sum + length, 0)).toBe(32_000);
    expect(Math.max(...lengths)).toBeLessThanOrEqual(17_600);
    expect(lengths.length).toBeLessThan(5);
    expect(audio.waitingS).toBe(0);
  });

  it.each([8000, 44_100, 48_000, 96_000])('resamples %i Hz, from piece to piece', async (rateHz) => {
    const { send, audio, signal } = queue();
    for (let i = 0; i < 10; i++) send(sound(rateHz / 100, rateHz));
    send(null);
    let length = 0;
    for (let piece = await audio.next(Infinity, signal); piece.type === 'samples';) {
      length += piece.samples.length;
      piece = await audio.next(Infinity, signal);
    }
    expect(length).toBe(1600);
  });

  it('goes on where the rate changes', async () => {
    const { send, audio, signal } = queue();
    send(sound(480, 48_000));
    send(sound(441, 44_100));
    send(null);
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(audio.waitingS).toBeCloseTo(0.02, 3);
    expect((await audio.next(Infinity, signal)).type).toBe('samples');
    expect((await audio.next(Infinity, signal)).type).toBe('end');
  });

  it('says when nothing comes, and goes on afterwards', async () => {
    const { send, audio, signal } = queue();
    expect(await audio.next(5, signal)).toEqual({ type: 'stall' });
    const next = audio.next(Infinity, signal);
    send(sound(16));
    expect((await next).type).toBe('samples');
  });

  it('wakes up when it is stopped', async () => {
    const abort = new AbortController();
    const { audio } = queue(abort.signal);
    const next = audio.next(Infinity, abort.signal);
    abort.abort();
    expect((await next).type).toBe('stall');
  });

  it('refuses sound of no rate', async () => {
    const { send, audio, signal } = queue();
    send(sound(16, 0));
    await expect(audio.next(Infinity, signal)).rejects.toMatchObject({ code: 'bad-input' });
  });
});
