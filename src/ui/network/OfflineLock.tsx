import { useTranslation } from 'react-i18next';
import { SwitchButton, SwitchField } from 'react-aria-components';
import { OUTSIDE_HOSTS } from '../../protocol/hosts.ts';
import { Choice } from '../shared/Choice.tsx';
import { useKeepOrTell } from '../shared/Notice.tsx';
import { isGuarded, useRules } from './useRules.ts';

/** What the app may ask of the network at all. */
export function OfflineLock() {
  const { t } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const { rules, change } = useRules();
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
        onChange={(lock) => keepOrTell(change({ lock }))}
      />
      {OUTSIDE_HOSTS.map((host) => (
        <SwitchField
          key={host}
          isSelected={rules.hosts.includes(host)}
          isDisabled={rules.lock !== 'open'}
          onChange={(on) =>
            keepOrTell(change({ hosts: [...rules.hosts.filter((each) => each !== host), ...(on ? [host] : [])] }))
          }
        >
          <SwitchButton className="switch">
            <span className="switch-track" />
            {new URL(host).host}
          </SwitchButton>
        </SwitchField>
      ))}
    </>
  );
}
