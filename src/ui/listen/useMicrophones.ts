import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { listMicrophones, type Microphone, watchMicrophones } from '../../capture/microphone.ts';

/** The microphones to choose from: the browser's own choice (the empty id) and each by name. Empty until one was allowed. */
export function useMicrophones(wanted: string | null): { list: Microphone[]; chosen: string } {
  const { t } = useTranslation();
  const [found, setFound] = useState<Microphone[]>([]);
  useEffect(() => {
    // A browser that does not tell offers its own choice.
    const look = (): void => void listMicrophones().then(setFound, () => setFound([]));
    look();
    return watchMicrophones(look);
  }, []);
  const named = found.filter(({ id, label }) => label !== '' && id !== 'default');
  return {
    list: named.length === 0 ? [] : [{ id: '', label: t('home.anyMicrophone') }, ...named],
    chosen: named.some(({ id }) => id === wanted) ? (wanted ?? '') : '',
  };
}
