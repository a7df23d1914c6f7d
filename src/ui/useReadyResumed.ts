import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { readOfflinePlan } from '../library/offlinePlan.ts';
import { useNotify } from './shared/Notice.tsx';
import { useGlossa } from './useTask.ts';

/** Goes on with getting ready for offline, where the page was closed before it was. */
export function useReadyResumed(refresh: () => Promise<void>): void {
  const glossa = useGlossa();
  const notify = useNotify();
  const { t } = useTranslation();
  useEffect(() => {
    const resume = async (): Promise<void> => {
      const plan = await readOfflinePlan();
      if (!plan?.wanted) return;
      if (!navigator.onLine) await new Promise((resolve) => addEventListener('online', resolve, { once: true }));
      const { gettingReadyOf } = await import('./models/gettingReady.ts');
      const { state } = await gettingReadyOf(glossa).run(plan.models);
      await refresh();
      if (state === 'ready') notify(t('ready.notice'));
    };
    // What cannot be read was not planned.
    resume().catch(() => undefined);
  }, [glossa, notify, refresh, t]);
}
