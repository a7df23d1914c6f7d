import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { I18nProvider } from 'react-aria-components';
import { isLocale, matchLocale, speak } from '../i18n/i18n.ts';
import { keepSettings, type Settings } from '../library/settings.ts';
import { useKeepOrTell } from './shared/Notice.tsx';

interface SettingsValue {
  settings: Settings;
  change: (patch: Partial<Settings>) => void;
}

const SettingsContext = createContext<SettingsValue | null>(null);

export function useSettings(): SettingsValue {
  const value = useContext(SettingsContext);
  if (!value) throw new Error('useSettings needs a SettingsProvider above it.');
  return value;
}

/** Holds the settings, keeps them on the device, and puts language and theme into effect. */
export function SettingsProvider({ initial, children }: { initial: Settings; children: ReactNode }) {
  const { i18n } = useTranslation();
  const keepOrTell = useKeepOrTell();
  const [settings, setSettings] = useState(initial);
  const change = useCallback(
    (patch: Partial<Settings>) => {
      const next = { ...settings, ...patch };
      setSettings(next);
      keepOrTell(keepSettings(next));
    },
    [settings, keepOrTell],
  );

  useEffect(() => {
    const chosen = settings.locale;
    void speak(chosen !== null && isLocale(chosen) ? chosen : matchLocale(navigator.languages));
  }, [settings.locale]);
  useEffect(() => {
    document.documentElement.lang = i18n.language;
  }, [i18n.language]);
  useEffect(() => {
    if (settings.theme === 'system') delete document.documentElement.dataset['theme'];
    else document.documentElement.dataset['theme'] = settings.theme;
  }, [settings.theme]);

  const value = useMemo(() => ({ settings, change }), [settings, change]);
  return (
    <SettingsContext value={value}>
      <I18nProvider locale={i18n.language}>{children}</I18nProvider>
    </SettingsContext>
  );
}
