import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from './Notice.tsx';

export interface Copying {
  /** What was copied last: a button shows that it is still what it would copy. */
  copied: string | null;
  copy: (text: string) => Promise<void>;
}

/** Copies text, and says so with `notice`. */
export function useCopy(notice: string): Copying {
  const { t } = useTranslation();
  const notify = useNotify();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = useCallback(
    async (text: string) => {
      try {
        await navigator.clipboard.writeText(text);
        setCopied(text);
        notify(notice);
      } catch {
        notify(t('clipboard.refused'));
      }
    },
    [notice, notify, t],
  );
  return { copied, copy };
}
