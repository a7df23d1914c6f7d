import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, SwitchButton, SwitchField } from 'react-aria-components';
import type { CatalogueEntry, SourceInfo } from '../../../protocol/catalogue.ts';
import { Icon } from '../../shared/Icon.tsx';
import { useTask } from '../../useTask.ts';
import { EntryList } from './EntryList.tsx';
import { HubLookUp } from './HubLookUp.tsx';

interface Props {
  source: SourceInfo;
  /** Whether the offline lock keeps it from being asked. */
  locked: boolean;
  /** What was begun of it: shown without asking it, and whether it is on or not. */
  begun: readonly CatalogueEntry[];
  onSwitch: (on: boolean) => void;
  onChange: () => Promise<void>;
}

/** A source: its switch, whom it asks and what it has. It is read when the reader wants to see it, and not before. */
export function SourceBlock({ source, locked, begun, onSwitch, onChange }: Props) {
  const { t } = useTranslation();
  const { run, running, failure } = useTask();
  const [entries, setEntries] = useState<CatalogueEntry[] | null>(null);
  const { id, name, page, hosts, mirrored, on } = source;
  const open = on && !locked;
  const shown = open ? entries : null;
  const listed = [...begun.filter((entry) => !shown?.some((other) => other.id === entry.id)), ...(shown ?? [])];

  const read = async (repository = ''): Promise<void> => {
    const outcome = await run((glossa, { signal }) => glossa.models.catalogue(id, { signal, repository }));
    if (outcome.state === 'done') setEntries(outcome.value);
  };

  return (
    <div className="source" role="group" aria-label={name}>
      <SwitchField isSelected={on} isDisabled={locked} onChange={onSwitch}>
        <SwitchButton className="switch">
          <span className="switch-track" />
          <strong>{name}</strong>
        </SwitchButton>
      </SwitchField>
      <p className="quiet">
        {t(`catalogue.has.${id}`)}{' '}
        <a href={page} target="_blank" rel="noreferrer">
          {t('catalogue.about', { source: name })}
        </a>
      </p>
      <p className="quiet source-hosts">
        {mirrored ? t('catalogue.copy') : t('catalogue.asks', { hosts: hosts.join(', ') })}
      </p>
      {on && locked && <p className="note">{t('catalogue.locked')}</p>}
      {open && id === 'hub' && <HubLookUp isDisabled={running} onLook={(repository) => void read(repository)} />}
      {open && id !== 'hub' && !entries && (
        <Button
          className="button"
          isDisabled={running}
          aria-label={t('catalogue.showOf', { source: name })}
          onPress={() => void read()}
        >
          <Icon name="chevron" size={18} />
          {t('catalogue.show')}
        </Button>
      )}
      <div role="status">
        {running && <p className="quiet">{t('catalogue.reading')}</p>}
        {failure && (
          <p className="note">
            {t(`errors.${failure.code}`)} <span className="quiet">{failure.message}</span>
          </p>
        )}
      </div>
      {(shown || listed.length > 0) && (
        <EntryList
          source={source}
          entries={listed}
          begun={begun}
          onChange={onChange}
          searchable={shown !== null && id !== 'hub'}
        />
      )}
    </div>
  );
}
