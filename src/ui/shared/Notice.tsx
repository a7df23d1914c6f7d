import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { IconButton } from './IconButton.tsx';

interface Notice {
  text: string;
  action?: { label: string; run(): void };
}

/** Says something in one sentence, at the foot of the page and to screen readers. */
type Notify = (text: string, action?: Notice['action']) => void;

const NotifyContext = createContext<Notify>(() => undefined);

/** A notice without an action goes by itself; one with an action waits for the reader, behind such a one if need be. */
const SHOWN_MS = 6000;

export const useNotify = (): Notify => useContext(NotifyContext);

export function NoticeProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [passing, setPassing] = useState<Notice | null>(null);
  const [standing, setStanding] = useState<Notice | null>(null);
  const notify = useCallback<Notify>((text, action) => {
    setPassing(action ? null : { text });
    if (action) setStanding({ text, action });
  }, []);
  const notice = passing ?? standing;
  const dismiss = (): void => (passing ? setPassing : setStanding)(null);

  useEffect(() => {
    if (!passing) return;
    const timer = setTimeout(() => setPassing(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [passing]);

  return (
    <NotifyContext value={notify}>
      {children}
      <div className="notice-place" role="status">
        {notice && (
          <div className="notice">
            <span>{notice.text}</span>
            {notice.action && (
              <Button
                className="button text-button"
                onPress={() => {
                  dismiss();
                  notice.action?.run();
                }}
              >
                {notice.action.label}
              </Button>
            )}
            <IconButton icon="close" label={t('dismiss')} onPress={dismiss} />
          </div>
        )}
      </div>
    </NotifyContext>
  );
}

/** Tells of a rejected write to the library: the page goes on, but the reader should know that it keeps nothing. */
export function useKeepOrTell(): (kept: Promise<unknown>) => void {
  const notify = useNotify();
  const { t } = useTranslation();
  return useMemo(() => (kept) => void kept.catch(() => notify(t('errors.library'))), [notify, t]);
}
