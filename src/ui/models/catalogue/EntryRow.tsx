import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { CatalogueEntry } from '../../../protocol/catalogue.ts';
import { sourceNamed } from '../../../protocol/hosts.ts';
import { useDesk } from '../../DeskContext.tsx';
import { formatBytes } from '../../shared/format.ts';
import { Icon } from '../../shared/Icon.tsx';
import { JobProgress } from '../../shared/JobProgress.tsx';
import { useNotify } from '../../shared/Notice.tsx';
import { useKeptFocus } from '../../shared/useKeptFocus.ts';
import { type Failure, useGlossa } from '../../useTask.ts';
import { RoomNote } from '../RoomNote.tsx';
import { useInstalls } from '../useInstalls.ts';
import { entryName } from './searchEntries.ts';

interface Props {
  entry: CatalogueEntry;
  /** What is here of it from an earlier try; null where it was not begun. */
  begunBytes: number | null;
  onChange: () => Promise<void>;
}

/** A model that a source offers: how large it is, whose, and the means to have it. */
export function EntryRow({ entry, begunBytes, onChange }: Props) {
  const { t, i18n } = useTranslation();
  const { models } = useDesk();
  const glossa = useGlossa();
  const notify = useNotify();
  const { installs, shown } = useInstalls();
  const install = shown.get(entry.id);
  const failure = install?.state === 'failed' ? install.failure : null;
  const installed = models.list?.some(({ id, state }) => id === entry.id && state === 'installed') === true;
  const keptFocus = useKeptFocus<HTMLLIElement>();
  const name = entryName(entry, i18n.language);
  const bytes = (value: number): string => formatBytes(value, i18n.language);

  const start = async (): Promise<void> => {
    const end = await installs.start(entry.id, undefined, (options) => glossa.models.installFrom(entry, options));
    if (end === 'done') notify(t('catalogue.done', { model: name }));
    await Promise.all([models.refresh(), onChange()]);
  };
  const stop = async (): Promise<void> => {
    await installs.pause(entry.id);
    await onChange();
  };
  const forget = async (): Promise<void> => {
    await glossa.models.forgetBegun(entry.id).catch(() => undefined);
    await onChange();
  };
  const size =
    entry.bytes === undefined
      ? t('catalogue.sizeUnknown')
      : t(entry.about ? 'catalogue.sizeAbout' : 'catalogue.size', { size: bytes(entry.bytes) });

  return (
    <li {...keptFocus} className="model" aria-label={name}>
      <div className="model-head">
        <h4>{name}</h4>
        <p className={installed ? 'model-state here' : 'model-state'}>
          {installed && <Icon name="check" size={16} />}
          {installed ? t('catalogue.installed') : begunBytes === null ? size : t('catalogue.begun', { done: bytes(begunBytes) })}
        </p>
      </div>
      <p className="quiet entry-facts">
        <a href={entry.page} target="_blank" rel="noreferrer">
          {sourceNamed(entry.source).name}
        </a>
        {' · '}
        {entry.licence === undefined ? (
          t('catalogue.licenceUnknown')
        ) : entry.licenceUrl === undefined ? (
          t('catalogue.licence', { licence: entry.licence })
        ) : (
          <a href={entry.licenceUrl} target="_blank" rel="noreferrer">
            {t('catalogue.licence', { licence: entry.licence })}
          </a>
        )}
      </p>
      {install?.state === 'running' ? (
        <JobProgress progress={install.progress} label={t('models.waiting')} onStop={() => void stop()} />
      ) : (
        !installed && (
          <div className="model-actions">
            <Button
              className="button primary"
              aria-label={t(begunBytes === null ? 'catalogue.installOf' : 'catalogue.resumeOf', { model: name })}
              onPress={() => void start()}
            >
              <Icon name="save" size={18} />
              {begunBytes === null ? t('catalogue.install') : t('catalogue.resume')}
            </Button>
            {begunBytes !== null && (
              <Button
                className="button danger"
                aria-label={t('catalogue.forgetOf', { model: name })}
                onPress={() => void forget()}
              >
                <Icon name="trash" size={18} />
                {t('catalogue.forget')}
              </Button>
            )}
          </div>
        )
      )}
      {failure?.shortage && (
        <RoomNote shortage={failure.shortage} wanted={[entry.id]} onFreed={() => void start()} />
      )}
      {failure && !failure.shortage && <WhatFailed entry={entry} failure={failure} />}
    </li>
  );
}

/** Where a page cannot fetch the files, a reader still can. */
const BY_HAND: readonly Failure['code'][] = ['host-unreachable', 'access-denied'];

function WhatFailed({ entry: { files }, failure: { code, message } }: { entry: CatalogueEntry; failure: Failure }) {
  const { t } = useTranslation();
  return (
    <div className="note" role="alert">
      <p>
        {code === 'model-corrupt' ? t('catalogue.damaged') : t(`errors.${code}`)}{' '}
        <span className="quiet">{message}</span>
      </p>
      {BY_HAND.includes(code) && (
        <>
          <p>{t('catalogue.byHand', { add: t('bring.title') })}</p>
          <ul className="by-hand">
            {files.map(({ path, url }) => (
              <li key={path}>
                <a href={url} target="_blank" rel="noreferrer">
                  {path}
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </div>
  );
}
