import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger } from 'react-aria-components';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { modelName } from '../shared/modelName.ts';
import { useNotify } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';
import { useTask } from '../useTask.ts';

/** What is on the device and what can be: fetch, check, delete, bring your own. */
export default function ModelsPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const notify = useNotify();
  const { run, running, progress, failure, stop } = useTask();
  const storage = useStorageEstimate(models.list);
  const bytes = (value: number): string => formatBytes(value, i18n.language);

  const importFiles = async (files: File[]): Promise<void> => {
    const outcome = await run((glossa, options) => glossa.models.import(files, options));
    if (outcome.state === 'done') notify(t('models.imported', { model: modelName(t, outcome.value, i18n.language) }));
    await models.refresh();
  };

  return (
    <Panel title={t('panels.models')} onClose={onClose}>
      <p className="quiet">{t('models.what')}</p>
      {models.failure && <p className="note" role="alert">{t(`errors.${models.failure.code}`)}</p>}
      <ul className="models">
        {models.list
          ?.filter(({ kind }) => kind !== 'voice-activity')
          .map((model) => (
            <ModelRow key={model.id} model={model} refresh={models.refresh} />
          ))}
      </ul>
      {storage && (
        <p className="quiet">{t('models.storage', { used: bytes(storage.used), free: bytes(storage.free) })}</p>
      )}
      {running && <JobProgress progress={progress} label={t('models.importing')} onStop={stop} />}
      {failure && (
        <p className="note" role="alert">
          {t(`errors.${failure.code}`)} <span className="quiet">{failure.message}</span>
        </p>
      )}
      <div className="panel-tools">
        <FileTrigger allowsMultiple onSelect={(files) => files && void importFiles([...files])}>
          <Button className="button" isDisabled={running}>
            <Icon name="open" size={18} />
            {t('models.import')}
          </Button>
        </FileTrigger>
        <span className="quiet">{t('models.importHint')}</span>
      </div>
    </Panel>
  );
}

function ModelRow({ model, refresh }: { model: ModelInfo; refresh: () => Promise<void> }) {
  const { t, i18n } = useTranslation();
  const notify = useNotify();
  const { run, running, progress, failure, stop } = useTask();
  const name = modelName(t, model, i18n.language);
  const size = formatBytes(model.downloadBytes, i18n.language);
  const state = {
    installed: t('models.installed', { size: formatBytes(model.storedBytes, i18n.language) }),
    partial: t('models.partial', { done: formatBytes(model.storedBytes, i18n.language), size }),
    available: t('models.available', { size }),
  }[model.state];

  const install = async (): Promise<void> => {
    await run((glossa, options) => glossa.models.install(model.id, options));
    await refresh();
  };
  const remove = async (): Promise<void> => {
    const outcome = await run((glossa) => glossa.models.remove(model.id));
    if (outcome.state === 'done') notify(t('models.removed', { model: name }));
    await refresh();
  };
  const verify = async (): Promise<void> => {
    const outcome = await run((glossa) => glossa.models.verify(model.id));
    if (outcome.state !== 'done') return;
    const { ok, broken } = outcome.value;
    notify(ok ? t('models.sound', { model: name }) : t('models.broken', { parts: broken.join(', ') }));
    await refresh();
  };

  return (
    <li className="model">
      <div>
        <h3>{name}</h3>
        <p className="quiet">
          {state} · {model.licence}
        </p>
      </div>
      {running ? (
        <JobProgress progress={progress} label={t('models.working')} onStop={stop} />
      ) : (
        <div className="model-actions">
          {model.state !== 'installed' && (
            <Button className="button primary" onPress={() => void install()}>
              <Icon name="save" size={18} />
              {model.state === 'partial' ? t('models.resume') : t('models.fetch')}
            </Button>
          )}
          {model.state === 'installed' && (
            <Button className="button" onPress={() => void verify()}>
              <Icon name="check" size={18} />
              {t('models.verify')}
            </Button>
          )}
          {model.state !== 'available' && (
            <Button className="button danger" onPress={() => void remove()}>
              <Icon name="trash" size={18} />
              {t('models.remove')}
            </Button>
          )}
        </div>
      )}
      {failure && <p className="note" role="alert">{t(`errors.${failure.code}`)}</p>}
    </li>
  );
}

/** What this site uses and may still use, as the browser estimates it; asked again when the models change. */
function useStorageEstimate(models: ModelInfo[] | null): { used: number; free: number } | null {
  const [estimate, setEstimate] = useState<{ used: number; free: number } | null>(null);
  useEffect(() => {
    let gone = false;
    void navigator.storage
      .estimate()
      .then(({ usage = 0, quota = 0 }) => {
        if (!gone) setEstimate({ used: usage, free: Math.max(0, quota - usage) });
      })
      .catch(() => undefined);
    return () => {
      gone = true;
    };
  }, [models]);
  return estimate;
}
