import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import { Button, SwitchButton, SwitchField } from 'react-aria-components';
import { isLocale, type Locale, LOCALES } from '../../i18n/i18n.ts';
import { deleteLibrary, exportLibrary } from '../../library/everything.ts';
import { DEFAULT_SETTINGS } from '../../library/settings.ts';
import { EMPTY_DRAFT, useDesk } from '../DeskContext.tsx';
import { useSettings } from '../SettingsContext.tsx';
import { Choice } from '../shared/Choice.tsx';
import { Icon } from '../shared/Icon.tsx';
import { useKeepOrTell, useNotify } from '../shared/Notice.tsx';
import { Panel } from '../shared/Panel.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { useDevice } from '../shared/useDevice.ts';
import type { PanelProps } from '../shell/panel.ts';

const LOCALE_NAMES = Object.keys(LOCALES).filter(isLocale);

/** How the page looks, speaks and computes, and what it keeps. */
export default function SettingsPanel({ onClose }: PanelProps) {
  const { t, i18n } = useTranslation();
  const { settings, change } = useSettings();
  const { changeDraft, reloadTerms } = useDesk();
  const keepOrTell = useKeepOrTell();
  const notify = useNotify();
  const device = useDevice();
  const [confirming, setConfirming] = useState(false);
  const locale: Locale = isLocale(i18n.language) ? i18n.language : 'en';

  const exportAll = async (): Promise<void> => {
    saveFile('glossa-library.json', JSON.stringify(await exportLibrary(), null, 2), 'application/json');
  };
  const deleteAll = async (): Promise<void> => {
    await deleteLibrary();
    change(DEFAULT_SETTINGS);
    changeDraft({ ...EMPTY_DRAFT });
    reloadTerms();
    setConfirming(false);
    notify(t('settings.deleted'));
  };

  return (
    <Panel title={t('panels.settings')} onClose={onClose}>
      <Choice
        label={t('settings.language')}
        value={locale}
        options={LOCALE_NAMES.map((id) => ({ id, label: LOCALES[id] }))}
        onChange={(id) => change({ locale: id })}
      />
      <Choice
        label={t('settings.theme')}
        value={settings.theme}
        options={[
          { id: 'system', label: t('settings.themeSystem') },
          { id: 'light', label: t('settings.themeLight') },
          { id: 'dark', label: t('settings.themeDark') },
        ]}
        onChange={(theme) => change({ theme })}
      />
      <Choice
        label={t('settings.search')}
        value={settings.beams === 4 ? 'careful' : 'quick'}
        options={[
          { id: 'quick', label: t('settings.quick'), note: t('settings.quickNote') },
          { id: 'careful', label: t('settings.careful'), note: t('settings.carefulNote') },
        ]}
        onChange={(id) => change({ beams: id === 'careful' ? 4 : 1 })}
      />
      <Choice
        label={t('settings.provider')}
        value={settings.provider}
        options={[
          { id: 'auto', label: t('settings.providerAuto') },
          { id: 'wasm', label: 'WebAssembly' },
          { id: 'webgpu', label: 'WebGPU', ...('gpu' in navigator ? {} : { note: t('settings.noWebgpu') }) },
        ]}
        onChange={(provider) => change({ provider })}
      />
      {device && (
        <p className="quiet">
          {t('settings.device', { count: device.threads })}{' '}
          {device.isolated ? t('settings.isolated') : t('settings.notIsolated')}
        </p>
      )}
      <SwitchField isSelected={settings.keepHistory} onChange={(keepHistory) => change({ keepHistory })}>
        <SwitchButton className="switch">
          <span className="switch-track" />
          {t('settings.keepHistory')}
        </SwitchButton>
      </SwitchField>
      <div className="panel-tools">
        <Button className="button" onPress={() => keepOrTell(exportAll())}>
          <Icon name="save" size={18} />
          {t('settings.export')}
        </Button>
        {!confirming && (
          <Button className="button danger" onPress={() => setConfirming(true)}>
            <Icon name="trash" size={18} />
            {t('settings.deleteAll')}
          </Button>
        )}
      </div>
      {confirming && (
        <div className="note" role="alert">
          <p>{t('settings.confirm')}</p>
          <p className="note-actions">
            <Button className="button danger" onPress={() => keepOrTell(deleteAll())}>
              {t('settings.deleteAll')}
            </Button>
            <Button className="button" autoFocus onPress={() => setConfirming(false)}>
              {t('cancel')}
            </Button>
          </p>
        </div>
      )}
    </Panel>
  );
}
