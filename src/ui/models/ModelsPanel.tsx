import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, FileTrigger } from 'react-aria-components';
import { useDesk } from '../DeskContext.tsx';
import type { ModelInfo } from '../../protocol/types.ts';
import { DropZone } from '../shared/DropZone.tsx';
import { Icon } from '../shared/Icon.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { modelName } from '../shared/modelName.ts';
import { useNotify } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';
import { useTask } from '../useTask.ts';
import { MemorySection } from './MemorySection.tsx';
import { ModelRow } from './ModelRow.tsx';
import { ReadySection } from './ReadySection.tsx';
import { StorageSection } from './StorageSection.tsx';
import './models.css';

/** Which models each door uses. A voice-activity model comes with those that need it. */
const DOORS = [
  ['translate', 'translation'],
  ['listen', 'speech'],
  ['see', 'captioning'],
  ['summarise', 'summary'],
] as const;

/** What is on the device and what can be: get ready for offline, fetch, pause, check, delete, bring your own, unload. */
export default function ModelsPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const notify = useNotify();
  const { run, running, progress, failure, stop } = useTask();
  const list = models.list ?? [];
  const { refresh } = models;
  // Another tab, or a script, may have fetched or deleted some.
  useEffect(() => void refresh(), [refresh]);

  const importFiles = async (files: File[]): Promise<void> => {
    const outcome = await run((glossa, options) => glossa.models.import(files, options));
    if (outcome.state === 'done') notify(t('models.imported', { model: modelName(t, outcome.value, i18n.language) }));
    await models.refresh();
  };
  const ofKind = (kind: ModelInfo['kind']): ModelInfo[] => list.filter((model) => model.kind === kind);

  return (
    <Panel title={t('panels.models')} size="wide" onClose={onClose}>
      <DropZone className="models-panel" label={t('models.drop')} onFiles={importFiles}>
        <p className="quiet">{t('models.what')}</p>
        {models.failure && (
          <p className="note" role="alert">
            {t(`errors.${models.failure.code}`)}
          </p>
        )}
        {list.length > 0 && <ReadySection list={list} />}
        {DOORS.filter(([, kind]) => ofKind(kind).length > 0).map(([door, kind]) => (
          <section key={door} aria-labelledby={`models-${door}`}>
            <h3 id={`models-${door}`}>{t(`doors.${door}`)}</h3>
            <ul className="models">
              {ofKind(kind).map((model) => (
                <ModelRow key={model.id} model={model} />
              ))}
            </ul>
          </section>
        ))}
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
        <MemorySection list={list} />
        <StorageSection list={list} />
      </DropZone>
    </Panel>
  );
}
