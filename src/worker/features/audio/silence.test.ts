import { describe, expect, it } from 'vitest';
import { SpeechDetector, type VoiceChange } from './silence.ts';

const WINDOW = 512;

/** One probability a character: 0..9 for tenths. Changes in windows. */
function changes(probabilities: string, shortestSilence = 4): { type: string; at: number; known: number }[] {
  const detector = new SpeechDetector({ windowSamples: WINDOW, shortestSilence: shortestSilence * WINDOW });
  const found: { type: string; at: number; known: number }[] = [];
  const note = (change: VoiceChange | undefined, known: number): void => {
    if (change) found.push({ type: change.type, at: change.sample / WINDOW, known });
  };
  Array.from(probabilities).forEach((digit, i) => note(detector.push(Number(digit) / 10), i));
  note(detector.flush(), probabilities.length);
  return found;
}

describe('a speech detector', () => {
  it('hears nothing in silence, nor in a click', () => {
    expect(changes('0000000000')).toEqual([]);
    expect(changes('0009000000')).toEqual([]);
    expect(changes('')).toEqual([]);
  });

  it('says where speech began and ended, once it is sure', () => {
    expect(changes('000999990000000')).toEqual([
      { type: 'start', at: 3, known: 4 },
      { type: 'end', at: 8, known: 11 },
    ]);
  });

  it('bridges short pauses, and probabilities in between', () => {
    expect(changes('0099000990000')).toEqual([
      { type: 'start', at: 2, known: 3 },
      { type: 'end', at: 9, known: 12 },
    ]);
    expect(changes('0099444444440000')).toEqual([
      { type: 'start', at: 2, known: 3 },
      { type: 'end', at: 12, known: 15 },
    ]);
  });

  it('begins anew after a pause', () => {
    expect(changes('99000099')).toEqual([
      { type: 'start', at: 0, known: 1 },
      { type: 'end', at: 2, known: 5 },
      { type: 'start', at: 6, known: 7 },
      { type: 'end', at: 8, known: 8 },
    ]);
  });

  it('tells of a pause before it is long enough to be an end', () => {
    const detector = new SpeechDetector({ windowSamples: WINDOW, shortestSilence: 4 * WINDOW });
    for (const probability of [0.9, 0.9, 0.9]) detector.push(probability);
    expect([detector.speaking, detector.paused]).toEqual([true, undefined]);
    detector.push(0.1);
    expect([detector.speaking, detector.paused]).toEqual([true, 3 * WINDOW]);
    detector.push(0.9);
    expect(detector.paused).toBeUndefined();
    expect(detector.heard).toBe(5 * WINDOW);
  });
});
