import { useCallback } from 'react';
import { useTranslation } from 'react-i18next';
import { useNotify } from '../shared/Notice.tsx';
import { EDITABLE_LENGTH, readTextFile } from '../translate/textFile.ts';

/** Opens the first of some files as text; what cannot be read is said kindly. */
export function useTextFile(onText: (text: string) => void): (files: File[]) => Promise<void> {
  const { t } = useTranslation();
  const notify = useNotify();
  return useCallback(
    async ([file]: File[]) => {
      if (!file) return;
      const reading = await readTextFile(file);
      const { name } = reading;
      if (!reading.ok) notify(t(`files.refused.${reading.reason}`, { name }));
      else if (reading.text.length > EDITABLE_LENGTH) notify(t('files.refused.size', { name }));
      else {
        onText(reading.text);
        if (reading.encoding === 'windows-1252') notify(t('files.guessed', { name }));
      }
    },
    [onText, notify, t],
  );
}
