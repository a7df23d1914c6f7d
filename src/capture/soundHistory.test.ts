import { describe, expect, it } from 'vitest';
import { SoundHistory } from './soundHistory.ts';

/** A history that the numbers from 0 to `count` went through, three at a time. */
function historyOf(count: number, capacity: number): SoundHistory {
  const history = new SoundHistory(capacity);
  for (let from = 0; from < count; from += 3) {
    history.push(Float32Array.from({ length: Math.min(3, count - from) }, (_, i) => from + i));
  }
  return history;
}

const heard = ({ chunks }: { chunks: Float32Array[] }): number[] => chunks.flatMap((chunk) => [...chunk]);

describe('SoundHistory', () => {
  it('gives what came from a position on, in the middle of a chunk, too', () => {
    const history = historyOf(10, 100);
    expect(heard(history.since(0))).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(history.since(4).from).toBe(4);
    expect(heard(history.since(4))).toEqual([4, 5, 6, 7, 8, 9]);
    expect(history.since(10)).toEqual({ from: 10, chunks: [] });
  });

  it('keeps what it was made for, and says where that begins', () => {
    const history = historyOf(1000, 7);
    const { from, chunks } = history.since(0);
    expect(heard({ chunks })).toEqual(Array.from({ length: 1000 - from }, (_, i) => from + i));
    expect(1000 - from).toBeGreaterThanOrEqual(7);
    expect(1000 - from).toBeLessThan(10);
  });

  it('gives nothing of what is still to come', () => {
    expect(historyOf(10, 100).since(50)).toEqual({ from: 10, chunks: [] });
    expect(new SoundHistory(5).since(0)).toEqual({ from: 0, chunks: [] });
  });
});
