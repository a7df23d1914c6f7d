import { useCallback, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from './Notice.tsx';

/** Copies text, and says so. `copied`: what was copied last. */
export function useCopy(): { copied: string | null; copy: (text: string) => Promise<void> } {
  const { t } = useTranslation();
  const notify = useNotify();
  const [copied, setCopied] = useState<string | null>(null);
  const copy = useCallback(
    async (text: string) => {
      try {
        await navigator.clipboard.writeText(text);
        setCopied(text);
        notify(t('export.copied'));
      } catch {
        notify(t('clipboard.refused'));
      }
    },
    [notify, t],
  );
  return { copied, copy };
}
