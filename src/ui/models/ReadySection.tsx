import { useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, CheckboxButton, CheckboxField, CheckboxGroup, Label } from 'react-aria-components';
import { readOfflinePlan } from '../../library/offlinePlan.ts';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { modelName } from '../shared/modelName.ts';
import { useNotify } from '../shared/Notice.tsx';
import { captionModels, speechModel } from '../useModels.ts';
import { isReadying } from './gettingReady.ts';
import { isPageKept } from './keepPage.ts';
import { RoomNote } from './RoomNote.tsx';
import { useGettingReady } from './useInstalls.ts';

/** Has everything fetched and checked that the chosen doors need, and says when the reader can do without a network. */
export function ReadySection({ list }: { list: ModelInfo[] }) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const notify = useNotify();
  const { getting, readying } = useGettingReady();
  const offered = whatDoorsNeed(list);
  const [chosen, choose] = useChosen(offered.map(({ model }) => model.id));
  const [isKept, setKept] = useState(false);
  const { state } = readying;
  useEffect(() => void isPageKept().then(setKept), [state]);

  const wanted = offered.map(({ model }) => model).filter(({ id }) => chosen.includes(id));
  const missing = wanted.reduce((sum, { downloadBytes, storedBytes }) => sum + downloadBytes - storedBytes, 0);
  const running = isReadying(readying);
  const isReady = isKept && wanted.length > 0 && wanted.every((model) => model.state === 'installed');
  const bytes = (value: number): string => formatBytes(value, i18n.language);

  const start = async (): Promise<void> => {
    const end = await getting.run(wanted.map(({ id }) => id));
    await models.refresh();
    if (end.state === 'ready') notify(t('ready.notice'));
  };
  const pause = async (): Promise<void> => {
    await getting.pause();
    await models.refresh();
  };

  return (
    <section className="ready" aria-labelledby="ready-title">
      <h3 id="ready-title">{t('ready.title')}</h3>
      <p className="quiet">{t('ready.lead')}</p>
      <CheckboxGroup className="choice" value={chosen} onChange={choose} isDisabled={running}>
        <Label>{t('ready.choose')}</Label>
        {offered.map(({ model, door }) => (
          <CheckboxField key={model.id} value={model.id}>
            <CheckboxButton className="checkbox">
              <span className="checkbox-box">
                <Icon name="check" size={16} />
              </span>
              <span>
                {door === 'see'
                  ? t('doors.see')
                  : t('ready.item', { door: t(`doors.${door}`), model: modelName(t, model, i18n.language) })}{' '}
                <span className="quiet">
                  {model.state === 'installed' ? t('ready.here') : bytes(model.downloadBytes - model.storedBytes)}
                </span>
              </span>
            </CheckboxButton>
          </CheckboxField>
        ))}
      </CheckboxGroup>
      {running ? (
        <JobProgress
          progress={readying.state === 'fetching' || readying.state === 'checking' ? readying.progress : null}
          label={t('ready.page')}
          doing={t('ready.checking')}
          stopLabel={t('models.pause')}
          stopIcon="pause"
          onStop={() => void pause()}
        />
      ) : (
        <Button className="button primary" isDisabled={wanted.length === 0} onPress={() => void start()}>
          <Icon name="offline" size={18} />
          {state === 'paused' || state === 'failed'
            ? t('ready.goOn')
            : missing > 0
              ? t('ready.startSize', { size: bytes(missing) })
              : t('ready.start')}
        </Button>
      )}
      <div role="status">
        {!running && isReady && (
          <p className="note ready-done">
            <Icon name="check" size={20} />
            {t('ready.done')}
          </p>
        )}
        {state === 'paused' && <p className="note">{t('ready.paused')}</p>}
        {state === 'no-page' && <p className="note">{t('ready.noPage')}</p>}
        {readying.state === 'broken' && (
          <p className="note">{t('ready.broken', { model: nameOf(list, readying.model) })}</p>
        )}
      </div>
      {readying.state === 'failed' && readying.failure.shortage && (
        <RoomNote
          shortage={readying.failure.shortage}
          wanted={wanted.map(({ id }) => id)}
          onFreed={() => void start()}
        />
      )}
      {readying.state === 'failed' && !readying.failure.shortage && (
        <p className="note" role="alert">
          {t(`errors.${readying.failure.code}`)} <span className="quiet">{t('ready.paused')}</span>
        </p>
      )}
    </section>
  );

  function nameOf(known: ModelInfo[], id: string): string {
    const model = known.find((candidate) => candidate.id === id);
    return model ? modelName(t, model, i18n.language) : id;
  }
}

interface Needed {
  door: 'translate' | 'listen' | 'see';
  model: ModelInfo;
}

/** A model for each direction, one that hears and one that sees: those that the doors use by themselves. */
function whatDoorsNeed(list: ModelInfo[]): Needed[] {
  const hears = speechModel(list, null);
  const captioners = captionModels(list);
  const sees = captioners.find((model) => model.state === 'installed') ?? captioners[0];
  return [
    ...list
      .filter(({ kind }) => kind === 'translation')
      .map((model): Needed => ({ door: 'translate', model })),
    ...(hears ? [{ door: 'listen', model: hears } as const] : []),
    ...(sees ? [{ door: 'see', model: sees } as const] : []),
  ];
}

/** What was chosen last time, otherwise all of it. */
function useChosen(offered: string[]): [string[], (chosen: string[]) => void] {
  const [chosen, choose] = useState<string[] | null>(null);
  useEffect(() => {
    void readOfflinePlan().then(
      (plan) => plan && choose((already) => already ?? plan.models),
      () => null,
    );
  }, []);
  return [chosen ?? offered, choose];
}
