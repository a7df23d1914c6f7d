import { useEffect } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { useTask } from '../useTask.ts';

/** Loads the model before anything is said, so that the first words come quickly. What fails is told by the first job. */
export function useSpeechWarmUp(wanted: boolean, model: string | undefined, provider: ProviderChoice): void {
  const { run } = useTask();
  useEffect(() => {
    if (wanted) void run((glossa, { signal }) => glossa.warmUpSpeech({ ...(model && { model }), provider, signal }));
  }, [wanted, model, provider, run]);
}
