import { useEffect } from 'react';
import { useTranslation } from 'react-i18next';
import { useDesk } from '../DeskContext.tsx';
import type { ModelInfo } from '../../protocol/types.ts';
import { DropZone } from '../shared/DropZone.tsx';
import { Panel } from '../shared/Panel.tsx';
import type { PanelProps } from '../shell/panel.ts';
import { CatalogueSection } from './catalogue/CatalogueSection.tsx';
import { BRING_TITLE, ImportSection } from './ImportSection.tsx';
import { MemorySection } from './MemorySection.tsx';
import { ModelRow } from './ModelRow.tsx';
import { ReadySection } from './ReadySection.tsx';
import { StorageSection } from './StorageSection.tsx';
import { useImport } from './useImport.ts';
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
  const { t } = useTranslation();
  const { models, broughtModel, bringModel } = useDesk();
  const bringing = useImport();
  const list = models.list ?? [];
  const { refresh } = models;
  const { look } = bringing;
  useEffect(() => {
    if (!broughtModel) return;
    bringModel(null);
    void look(broughtModel);
    document.getElementById(BRING_TITLE)?.scrollIntoView();
  }, [broughtModel, bringModel, look]);
  // Another tab, or a script, may have fetched or deleted some.
  useEffect(() => void refresh(), [refresh]);

  const ofKind = (kind: ModelInfo['kind']): ModelInfo[] => list.filter((model) => model.kind === kind);

  return (
    <Panel title={t('panels.models')} size="wide" onClose={onClose}>
      <DropZone className="models-panel" label={t('models.drop')} onFiles={look}>
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
        <ImportSection bringing={bringing} />
        <CatalogueSection />
        <MemorySection list={list} />
        <StorageSection list={list} />
      </DropZone>
    </Panel>
  );
}
