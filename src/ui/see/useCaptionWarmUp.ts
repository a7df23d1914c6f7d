import { useEffect } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { useTask } from '../useTask.ts';

/** Loads the model before there is a picture, so that the first caption comes quickly. What fails is told by the first job. */
export function useCaptionWarmUp(wanted: boolean, model: string | undefined, provider: ProviderChoice): void {
  const { run } = useTask();
  useEffect(() => {
    if (wanted && model !== undefined) {
      void run((glossa, { signal }) => glossa.warmUpCaption({ model, provider, signal }));
    }
  }, [wanted, model, provider, run]);
}
