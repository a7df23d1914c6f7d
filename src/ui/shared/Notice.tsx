import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { IconButton } from './IconButton.tsx';

interface Said {
  text: string;
  action?: { label: string; run(): void };
}

/** Says something in one sentence, at the foot of the page and to screen readers. */
type Notify = (text: string, action?: Said['action']) => void;

const NotifyContext = createContext<Notify>(() => undefined);

/** A notice without an action goes by itself; one with an action waits for the reader. */
const SHOWN_MS = 6000;

export const useNotify = (): Notify => useContext(NotifyContext);

export function NoticeProvider({ children }: { children: ReactNode }) {
  const [remark, setRemark] = useState<Said | null>(null);
  // What is only said does not take the place of what can still be done, which may be the way back to a text.
  const [offer, setOffer] = useState<Said | null>(null);
  const notify = useCallback<Notify>((text, action) => {
    if (action) {
      setOffer({ text, action });
      setRemark(null);
    } else setRemark({ text });
  }, []);

  useEffect(() => {
    if (!remark) return;
    const timer = setTimeout(() => setRemark(null), SHOWN_MS);
    return () => clearTimeout(timer);
  }, [remark]);

  return (
    <NotifyContext value={notify}>
      {children}
      <div className="notice-place" role="status">
        {offer && <Notice said={offer} onClose={() => setOffer(null)} />}
        {remark && <Notice said={remark} onClose={() => setRemark(null)} />}
      </div>
    </NotifyContext>
  );
}

function Notice({ said: { text, action }, onClose }: { said: Said; onClose: () => void }) {
  const { t } = useTranslation();
  return (
    <div className="notice">
      <span>{text}</span>
      {action && (
        <Button
          className="button text-button"
          onPress={() => {
            onClose();
            action.run();
          }}
        >
          {action.label}
        </Button>
      )}
      <IconButton icon="close" label={t('dismiss')} onPress={onClose} />
    </div>
  );
}

/** Tells of a rejected write to the library: the page goes on, but the reader should know that it keeps nothing. */
export function useKeepOrTell(): (kept: Promise<unknown>) => void {
  const notify = useNotify();
  const { t } = useTranslation();
  return useMemo(() => (kept) => void kept.catch(() => notify(t('errors.library'))), [notify, t]);
}
