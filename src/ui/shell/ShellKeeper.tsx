import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { hasBegun, isAtWork, whenQuiet } from '../../client/underway.ts';
import { useDesk } from '../DeskContext.tsx';
import { useNotify } from '../shared/Notice.tsx';
import { isMetered } from '../shared/useOnline.ts';
import type { ShellKeeping } from './serviceWorker.ts';

/**
 * Has the page kept for offline use: at once, but where bytes are dear only when there is a model to use it with. Offers
 * a new version when there is one, and takes it when the reader says so and no work is under way.
 */
export function ShellKeeper({ keepShell }: { keepShell: (keeping: ShellKeeping) => void }) {
  const { t } = useTranslation();
  const notify = useNotify();
  const { models, draft } = useDesk();
  const [found] = useState(draft.source);
  const keeping = useRef<ShellKeeping>(null);
  useEffect(() => {
    keeping.current = {
      // A browser that cannot say whether the page was touched is not asked twice.
      isUntouched: () =>
        'userActivation' in navigator &&
        !navigator.userActivation.hasBeenActive &&
        !hasBegun() &&
        draft.source === found,
      offer: (takeOver) => {
        const run = (): void => {
          if (isAtWork()) notify(t('update.waits'));
          void whenQuiet().then(takeOver);
        };
        notify(t('update.ready'), { label: t('update.reload'), run });
      },
    };
  }, [draft, found, notify, t]);

  const due = !isMetered() || models.list?.some(({ state }) => state === 'installed');
  useEffect(() => {
    if (!due) return;
    keepShell({
      isUntouched: () => keeping.current?.isUntouched() ?? false,
      offer: (takeOver) => keeping.current?.offer(takeOver),
    });
  }, [due, keepShell]);
  return null;
}
