import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Progress } from '../protocol/types.ts';
import { ProgressReporter } from './progress.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

function reporter() {
  const sent: Progress[] = [];
  return { sent, progress: new ProgressReporter((value) => sent.push(value)) };
}

const bytes = (done: number, total = 100): Progress => ({ stage: 'download', done, total, unit: 'bytes' });
const items = (done: number, total = 4): Progress => ({ stage: 'decode', done, total, unit: 'items' });

describe('ProgressReporter', () => {
  it('sends the first value at once and then about ten a second', () => {
    const { sent, progress } = reporter();
    for (let ms = 0; ms < 1000; ms += 5) {
      progress.report(bytes(ms, 1000));
      vi.advanceTimersByTime(5);
    }
    expect(sent[0]).toEqual(bytes(0, 1000));
    expect(sent.length).toBeGreaterThan(8);
    expect(sent.length).toBeLessThan(12);
  });

  it('sends what the throttle held back when nothing follows', () => {
    const { sent, progress } = reporter();
    progress.report(bytes(1));
    progress.report(bytes(2));
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([bytes(1), bytes(2)]);
  });

  it('fills a stage that is over', () => {
    const { sent, progress } = reporter();
    progress.report(bytes(1));
    progress.report(items(1));
    progress.finish();
    expect(sent).toEqual([bytes(1), bytes(100), items(1), items(4)]);
  });

  it('says nothing after it was stopped', () => {
    const { sent, progress } = reporter();
    progress.report(bytes(1));
    progress.report(bytes(2));
    progress.stop();
    vi.advanceTimersByTime(1000);
    expect(sent).toEqual([bytes(1)]);
  });

  it('never decreases, never changes a total and ends full, whatever it is told', () => {
    const value = fc.record({ done: fc.nat(200), total: fc.integer({ min: 1, max: 150 }), pause: fc.nat(150) });
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const { sent, progress } = reporter();
        for (const { done, total, pause } of values) {
          progress.report(bytes(done, total));
          vi.advanceTimersByTime(pause);
        }
        progress.finish();
        expect(new Set(sent.map(({ total }) => total))).toEqual(new Set([values[0]?.total]));
        expect(sent.map(({ done }) => done)).toEqual(sent.map(({ done }) => done).sort((a, b) => a - b));
        expect(sent.at(-1)?.done).toBe(values[0]?.total);
      }),
    );
  });
});
