import { expect, it } from 'vitest';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { setTimeout } from 'node:timers/promises';
import type { ListenEvent, LiveAudio } from '../../protocol/messages.ts';
import { LiveAudioQueue } from './liveAudio.ts';
import { LiveCaptions } from './liveCaptions.ts';
import type { Heard } from './recogniser.ts';

const RATE = 16_000;
const MINUTE = 60 * RATE;
const TIME0 = 1000;

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Half a minute of talk with pauses, now and then none, and half a minute of silence. */
function speaks(atS: number): number {
  const second = atS % 60;
  if (second > 30) return 0;
  return second % 5 < 4 || second > 15 ? 1 : 0;
}

/** What somebody says who says a word every half second. */
function heardOf(startS: number, endS: number, agreed: Int32Array): Heard {
  const first = Math.ceil(startS * 2) + agreed.filter((id) => id < TIME0).length;
  const words = [];
  for (let n = first; n / 2 + 0.4 < endS; n++) {
    words.push({ text: ` w${n}`, startS: n / 2, endS: n / 2 + 0.4, probability: 1, idsEnd: words.length + 1 });
  }
  const ids = Int32Array.from(words, (_, i) => i);
  return {
    segments: words.length > 0 ? [{ words, timesS: [null, null] }] : [],
    ids,
    silent: false,
    reliable: true,
    spoken: { language: 'en' },
    languageSure: true,
  };
}

it('keeps no sound of the hour it has listened to', async () => {
  const { port1, port2 } = new MessageChannel();
  const { signal } = new AbortController();
  const queue = new LiveAudioQueue(port2, signal);
  let phrases = 0;
  let longestPassS = 0;
  const captions = new LiveCaptions({
    voice: {
      windowSamples: 512,
      probabilities: (samples) =>
        Promise.resolve(Float32Array.from({ length: samples.length / 512 }, (_, i) => samples[i * 512]!)),
    },
    hear: ({ samples, startS }, { agreed }) => {
      longestPassS = Math.max(longestPassS, samples.length / RATE);
      return Promise.resolve(heardOf(startS, startS + samples.length / RATE, agreed));
    },
    emit: (event: ListenEvent) => {
      if (event.type === 'phrase') phrases++;
    },
    words: false,
    firstTimeId: TIME0,
  });
  const listenForMinutes = async (from: number, to: number): Promise<void> => {
    for (let at = from * MINUTE; at < to * MINUTE; at += RATE) {
      const audio: LiveAudio = {
        samples: Float32Array.from({ length: RATE }, (_, i) => speaks((at + i) / RATE)),
        sampleRateHz: RATE,
      };
      port1.postMessage(audio, [audio.samples.buffer]);
      const piece = await queue.next(Infinity, signal);
      if (piece.type === 'samples') await captions.push(piece.samples, queue.waitingS);
    }
  };
  const soundBytes = async (): Promise<number> => {
    let least = Infinity;
    // Buffers are swept away beside the program, some time after the collection that found them.
    for (let i = 0; i < 20; i++) {
      collectGarbage();
      await setTimeout(25);
      least = Math.min(least, process.memoryUsage().arrayBuffers);
    }
    return least;
  };
  await listenForMinutes(0, 5);
  const before = await soundBytes();
  await listenForMinutes(5, 60);
  expect((await soundBytes()) - before).toBeLessThan(10 * RATE * Float32Array.BYTES_PER_ELEMENT);
  expect(queue.receivedS).toBe(60 * 60);
  expect(phrases).toBeGreaterThan(60 * 3);
  expect(longestPassS).toBeLessThan(15);
  queue.close();
  port1.close();
}, 60_000);
