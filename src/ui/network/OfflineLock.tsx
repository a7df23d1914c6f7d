import { useTranslation } from 'react-i18next';
import { SwitchButton, SwitchField } from 'react-aria-components';
import { isGuarded } from '../../client/networkRules.ts';
import { hostsOf, SOURCES } from '../../protocol/hosts.ts';
import { Choice } from '../shared/Choice.tsx';
import { useKeepOrTell } from '../shared/Notice.tsx';
import { useRules } from './useRules.ts';

/** What the app may ask of the network at all. */
export function OfflineLock() {
  const { t } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const { rules, setLock, setSource } = useRules();
  if (!isGuarded()) return <p className="note">{t('network.lockMissing')}</p>;
  return (
    <>
      <Choice
        label={t('network.lock')}
        value={rules.lock}
        options={[
          { id: 'open', label: t('network.lockOpen'), note: t('network.lockOpenNote') },
          { id: 'site', label: t('network.lockSite'), note: t('network.lockSiteNote') },
          { id: 'none', label: t('network.lockNone'), note: t('network.lockNoneNote') },
        ]}
        onChange={(lock) => keepOrTell(setLock(lock))}
      />
      {SOURCES.map((source) => (
        <SwitchField
          key={source.id}
          isSelected={rules.sources.includes(source.id)}
          isDisabled={rules.lock !== 'open'}
          onChange={(on) => keepOrTell(setSource(source.id, on))}
        >
          <SwitchButton className="switch">
            <span className="switch-track" />
            <span>
              {source.name} <span className="quiet">{hostsOf(source).join(', ')}</span>
            </span>
          </SwitchButton>
        </SwitchField>
      ))}
    </>
  );
}
