import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../shared/Notice.tsx';

/** Empties a field, and offers to bring back what was in it. */
export function useUndoableClear(text: string, onChange: (text: string) => void): () => void {
  const { t } = useTranslation();
  const notify = useNotify();
  return useCallback(() => {
    onChange('');
    notify(t('summarise.cleared'), { label: t('undo'), run: () => onChange(text) });
  }, [text, onChange, notify, t]);
}
