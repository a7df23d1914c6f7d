import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { ModelInfo } from '../../protocol/types.ts';
import { useDesk } from '../DeskContext.tsx';
import { formatBytes } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { modelName } from '../shared/modelName.ts';
import { useNotify } from '../shared/Notice.tsx';
import { useKeptFocus } from '../shared/useKeptFocus.ts';
import { useTask } from '../useTask.ts';
import { ModelFacts } from './ModelFacts.tsx';
import { RoomNote } from './RoomNote.tsx';
import { useInstalls } from './useInstalls.ts';

/** One model: what it is, what is here of it, and what can be done with it. */
export function ModelRow({ model }: { model: ModelInfo }) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const notify = useNotify();
  const { run, running, progress, stop } = useTask();
  const { installs, shown } = useInstalls();
  const install = shown.get(model.id);
  const failure = install?.state === 'failed' ? install.failure : null;
  const keptFocus = useKeptFocus<HTMLLIElement>();
  const name = modelName(t, model, i18n.language);
  const bytes = (value: number): string => formatBytes(value, i18n.language);
  const state = {
    installed: t('models.installed', { size: bytes(model.diskBytes) }),
    partial: t('models.partial', { done: bytes(model.storedBytes), size: bytes(model.downloadBytes) }),
    available: t('models.available', { size: bytes(model.downloadBytes), disk: bytes(model.unpackedBytes) }),
  }[model.state];

  const fetch = async (): Promise<void> => {
    await installs.start(model.id);
    await models.refresh();
  };
  const pause = async (): Promise<void> => {
    await installs.pause(model.id);
    await models.refresh();
  };
  const remove = async (): Promise<void> => {
    await installs.pause(model.id);
    const outcome = await run((glossa) => glossa.models.remove(model.id));
    if (outcome.state === 'done') notify(t('models.removed', { model: name }));
    await models.refresh();
  };
  const verify = async (): Promise<void> => {
    const outcome = await run((glossa, options) => glossa.models.verify(model.id, options));
    await models.refresh();
    if (outcome.state !== 'done') return;
    const { ok, broken } = outcome.value;
    notify(ok ? t('models.sound', { model: name }) : t('models.broken', { parts: broken.join(', ') }));
    if (!ok) await fetch();
  };

  return (
    <li {...keptFocus} className="model" aria-label={name}>
      <div className="model-head">
        <h4>{name}</h4>
        <p className={model.state === 'installed' ? 'model-state here' : 'model-state'}>
          {model.state === 'installed' && <Icon name="check" size={16} />}
          {state}
          {model.brought && ` · ${t('bring.brought')}`}
        </p>
      </div>
      <ModelFacts model={model} />
      {install?.state === 'running' ? (
        <JobProgress
          progress={install.progress}
          label={t('models.waiting')}
          stopLabel={t('models.pause')}
          stopIcon="pause"
          onStop={() => void pause()}
        />
      ) : running ? (
        <JobProgress progress={progress} label={t('models.checking')} onStop={stop} />
      ) : (
        <div className="model-actions">
          {model.state !== 'installed' && (
            <Button
              className="button primary"
              aria-label={t(model.state === 'partial' ? 'models.resumeOf' : 'models.fetchOf', { model: name })}
              onPress={() => void fetch()}
            >
              <Icon name="save" size={18} />
              {model.state === 'partial' ? t('models.resume') : t('models.fetch')}
            </Button>
          )}
          {model.state === 'installed' && (
            <Button
              className="button"
              aria-label={t('models.verifyOf', { model: name })}
              onPress={() => void verify()}
            >
              <Icon name="check" size={18} />
              {t('models.verify')}
            </Button>
          )}
          {model.state !== 'available' && (
            <Button
              className="button danger"
              aria-label={t('models.removeOf', { model: name })}
              onPress={() => void remove()}
            >
              <Icon name="trash" size={18} />
              {t('models.remove')}
            </Button>
          )}
        </div>
      )}
      {failure?.shortage && (
        <RoomNote shortage={failure.shortage} wanted={[model.id]} onFreed={() => void fetch()} />
      )}
      {failure && !failure.shortage && (
        <p className="note" role="alert">
          {t(`errors.${failure.code}`)}
        </p>
      )}
    </li>
  );
}
