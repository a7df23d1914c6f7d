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

/** A notice without an action goes by itself; one with an action waits for the reader. */
const SHOWN_MS = 6000;

export const useNotify = (): Notify => useContext(NotifyContext);

export function NoticeProvider({ children }: { children: ReactNode }) {
  const { t } = useTranslation();
  const [notice, setNotice] = useState<Notice | null>(null);
  const notify = useCallback<Notify>((text, action) => setNotice(action ? { text, action } : { text }), []);

  useEffect(() => {
    if (!notice || notice.action) return;
    const timer = setTimeout(() => setNotice(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [notice]);

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
                  notice.action?.run();
                  setNotice(null);
                }}
              >
                {notice.action.label}
              </Button>
            )}
            <IconButton icon="close" label={t('dismiss')} onPress={() => setNotice(null)} />
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
