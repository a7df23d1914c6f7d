import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { MemoryInfo, ModelInfo, ResidentModel } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from '../shared/format.ts';
import { modelName } from '../shared/modelName.ts';
import { PROVIDERS } from '../shared/StatusLine.tsx';
import { useAnswer } from '../shared/useAnswer.ts';
import { useDevice } from '../shared/useDevice.ts';
import { type Job, useTask } from '../useTask.ts';

/** How often it is looked again at what is loaded, while somebody looks. */
const LOOK_MS = 2000;

const askMemory: Job<MemoryInfo> = (glossa) => glossa.memory();

/** Which models are loaded, what they take, and where they run; each can be unloaded. */
export function MemorySection({ list }: { list: ModelInfo[] }) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const { run } = useTask();
  const { residents, look } = useResidents();
  const device = useDevice();
  // Null while the browser measures.
  const memory = useAnswer(askMemory);
  const bytes = (value: number): string => formatBytes(value, i18n.language);
  const nameOf = (id: string): string => {
    const model = list.find((candidate) => candidate.id === id);
    return model ? modelName(t, model, i18n.language) : id;
  };
  const unload = async (id: string): Promise<void> => {
    await run((glossa) => glossa.models.unload(id));
    look();
    await models.refresh();
  };

  return (
    <section aria-labelledby="memory-title">
      <h3 id="memory-title">{t('memory.title')}</h3>
      {residents?.length === 0 && <p className="quiet">{t('memory.none')}</p>}
      <ul className="residents">
        {residents?.map((resident) => (
          <li key={resident.model}>
            <span>
              {nameOf(resident.model)}{' '}
              <span className="quiet">
                {t('memory.takes', { size: bytes(resident.bytes) })} · {PROVIDERS[resident.provider]}
                {resident.workers > 1 && ` × ${resident.workers}`}
                {resident.busy && ` · ${t('memory.busy')}`}
              </span>
            </span>
            <Button
              className="button"
              aria-label={t('memory.unloadOf', { model: nameOf(resident.model) })}
              onPress={() => void unload(resident.model)}
            >
              {t('memory.unload')}
            </Button>
          </li>
        ))}
      </ul>
      {device && (
        <p className="quiet">
          {t('settings.device', { count: device.threads })}{' '}
          {device.isolated ? t('settings.isolated') : t('settings.notIsolated')}
        </p>
      )}
      {device?.isolated === true && !memory && <p className="quiet">{t('memory.measuring')}</p>}
      {memory && (
        <p className="quiet">
          {memory.measuredBytes !== undefined && t('memory.inUse', { size: bytes(memory.measuredBytes) })}{' '}
          {t('memory.budget', { size: bytes(memory.budgetBytes) })}
        </p>
      )}
    </section>
  );
}

function useResidents(): { residents: ResidentModel[] | null; look: () => void } {
  const { run } = useTask();
  const [residents, setResidents] = useState<ResidentModel[] | null>(null);
  const [looks, setLooks] = useState(0);
  useEffect(() => {
    const look = (): void => {
      void run((glossa) => glossa.models.resident()).then((outcome) => {
        if (outcome.state === 'done') setResidents(outcome.value);
      });
    };
    look();
    const timer = setInterval(look, LOOK_MS);
    return () => clearInterval(timer);
  }, [run, looks]);
  return { residents, look: () => setLooks((before) => before + 1) };
}
