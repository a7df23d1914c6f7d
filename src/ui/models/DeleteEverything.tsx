import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Icon } from '../shared/Icon.tsx';
import { deleteEverything } from './deleteEverything.ts';
import { useGettingReady, useInstalls } from './useInstalls.ts';

/** The way back to the first visit: asks once more, deletes all there is, and loads the page again. */
export function DeleteEverything() {
  const { t } = useTranslation();
  const { installs, shown } = useInstalls();
  const { getting } = useGettingReady();
  const [state, setState] = useState<'offered' | 'confirming' | 'deleting' | 'failed'>('offered');

  const start = async (): Promise<void> => {
    setState('deleting');
    await getting.pause();
    await Promise.all([...shown.keys()].map((id) => installs.pause(id)));
    if (await deleteEverything()) location.replace(location.pathname + location.search);
    else setState('failed');
  };

  if (state === 'offered')
    return (
      <Button className="button danger" onPress={() => setState('confirming')}>
        <Icon name="trash" size={18} />
        {t('everything.delete')}
      </Button>
    );
  return (
    <div className="note" role="alert">
      <p>{t(state === 'failed' ? 'everything.failed' : 'everything.confirm')}</p>
      <p className="note-actions">
        <Button className="button danger" isDisabled={state === 'deleting'} onPress={() => void start()}>
          {t('everything.delete')}
        </Button>
        <Button
          className="button"
          autoFocus
          isDisabled={state === 'deleting'}
          onPress={() => setState('offered')}
        >
          {t('cancel')}
        </Button>
      </p>
    </div>
  );
}
