import { useEffect, useState } from 'react';
import type { Progress } from '../../protocol/types.ts';

/** Before this much is known, a guess would jump about. */
const LEARN_MS = 3000;
/** Less is not worth a word. Seconds. */
const WORTH_S = 5;

/** How many seconds a job has still to go, from how it went so far; null while that cannot be told, or is next to nothing. */
export function useTimeLeft(progress: Progress | null): number | null {
  const unit = progress?.unit ?? null;
  const [begun, setBegun] = useState<{ at: number; done: number } | null>(null);
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    setBegun(null);
    setLeft(null);
  }, [unit]);
  useEffect(() => {
    if (progress?.unit !== 'seconds') return;
    const now = performance.now();
    if (!begun) {
      setBegun({ at: now, done: progress.done });
      return;
    }
    const passedMs = now - begun.at;
    const done = progress.done - begun.done;
    if (passedMs < LEARN_MS || done <= 0) return;
    const seconds = ((progress.total - progress.done) * passedMs) / done / 1000;
    setLeft(seconds >= WORTH_S ? seconds : null);
  }, [progress, begun]);
  return left;
}
