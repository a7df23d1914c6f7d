import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from './format.ts';
import { JobProgress } from './JobProgress.tsx';
import { modelName } from './modelName.ts';
import type { Installation } from './useInstallation.ts';

/** What stands in place of results while their model is not on this device. */
export function InstallationNote({ model, installation }: { model: ModelInfo; installation: Installation }) {
  const { t, i18n } = useTranslation();
  const { openPanel } = useDesk();
  const { state, failure, progress } = installation;
  const name = modelName(t, model, i18n.language);
  const size = formatBytes(model.downloadBytes - model.storedBytes, i18n.language);
  if (state === 'fetching' || state === 'waiting') {
    return (
      <div className="note">
        <p>{t('install.fetching', { model: name, size })}</p>
        <JobProgress progress={progress} label={t('install.progress')} onStop={installation.stop} />
        <Button className="button text-button" onPress={() => openPanel('models')}>
          {t('ready.title')}
        </Button>
      </div>
    );
  }
  return (
    <div className="note" role={state === 'failed' ? 'alert' : undefined}>
      <p>
        {state === 'offline' && t('install.offline', { model: name })}
        {state === 'failed' && failure && t(`errors.${failure.code}`)}
        {state === 'ask' && t('install.ask', { model: name, size })}
      </p>
      {state !== 'offline' && (
        <Button className="button primary" onPress={installation.fetch}>
          {state === 'failed' ? t('install.retry') : t('install.fetch', { size })}
        </Button>
      )}
      {failure?.code === 'quota-exceeded' && (
        <Button className="button text-button" onPress={() => openPanel('models')}>
          {t('panels.models')}
        </Button>
      )}
    </div>
  );
}
