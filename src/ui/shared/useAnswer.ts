import { useEffect, useState } from 'react';
import { type Job, useTask } from '../useTask.ts';

/**
 * What the engine answers; null until it has.
 * @param ask - the same function at every rendering, or it is asked again
 */
export function useAnswer<T>(ask: Job<T>): T | null {
  const { run } = useTask();
  const [answer, setAnswer] = useState<T | null>(null);
  useEffect(() => {
    void run(ask).then((outcome) => {
      if (outcome.state === 'done') setAnswer(outcome.value);
    });
  }, [run, ask]);
  return answer;
}
