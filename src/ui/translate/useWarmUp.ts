import { useEffect } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { useTask } from '../useTask.ts';

/** Loads the model before the first letter is typed, so that the first translation is quick. What fails is told by that one. */
export function useWarmUp(from: string | null, to: string, provider: ProviderChoice): void {
  const { run } = useTask();
  useEffect(() => {
    if (from === null) return;
    void run((glossa, { signal }) => glossa.warmUp({ from, to, provider, signal }));
  }, [from, to, provider, run]);
}
