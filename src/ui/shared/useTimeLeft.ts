import { useEffect, useRef, useState } from 'react';
import type { Progress } from '../../protocol/types.ts';

/** Before this much is known, a guess would jump about. */
const LEARN_MS = 3000;
/** How often it is guessed anew. */
const LOOK_MS = 500;
/** Less is not worth a word. Seconds. */
const WORTH_S = 5;

/** How many seconds a job has still to go, from how it went so far; null while that cannot be told, or is next to nothing. */
export function useTimeLeft(progress: Progress | null): number | null {
  const [left, setLeft] = useState<number | null>(null);
  const latest = useRef(progress);
  useEffect(() => {
    latest.current = progress;
  }, [progress]);
  const isTimed = progress?.unit === 'seconds' || progress?.unit === 'items';
  useEffect(() => {
    if (!isTimed) return;
    const begun = { atMs: performance.now(), done: latest.current?.done ?? 0 };
    const timer = setInterval(() => {
      if (latest.current) setLeft(timeLeft(latest.current, begun));
    }, LOOK_MS);
    return () => {
      clearInterval(timer);
      setLeft(null);
    };
  }, [isTimed]);
  return isTimed ? left : null;
}

function timeLeft({ done, total }: Progress, begun: { atMs: number; done: number }): number | null {
  const passedMs = performance.now() - begun.atMs;
  const gone = done - begun.done;
  if (passedMs < LEARN_MS || gone <= 0) return null;
  const seconds = ((total - done) * passedMs) / gone / 1000;
  return seconds >= WORTH_S ? seconds : null;
}
