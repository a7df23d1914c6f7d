import i18next, { type i18n } from 'i18next';
import { initReactI18next } from 'react-i18next';

/** The interface's languages, each named in itself. */
export const LOCALES = {
  en: 'English',
  pt: 'Português',
  es: 'Español',
  fr: 'Français',
  ja: '日本語',
  zh: '简体中文',
} as const;

export type Locale = keyof typeof LOCALES;

const loaders: { [L in Locale]: () => Promise<{ default: Record<string, unknown> }> } = {
  en: () => import('./en.json'),
  pt: () => import('./pt.json'),
  es: () => import('./es.json'),
  fr: () => import('./fr.json'),
  ja: () => import('./ja.json'),
  zh: () => import('./zh.json'),
};

export const isLocale = (tag: string): tag is Locale => Object.hasOwn(LOCALES, tag);

/** The first of the reader's languages that the interface speaks; English where it speaks none. */
export function matchLocale(preferred: readonly string[]): Locale {
  for (const tag of preferred) {
    const base = tag.toLowerCase().split('-')[0] ?? '';
    if (isLocale(base)) return base;
  }
  return 'en';
}

/** Starts i18next with one language; the files of the others are fetched when they are chosen. */
export async function startI18n(locale: Locale): Promise<i18n> {
  const messages = await loaders[locale]();
  await i18next.use(initReactI18next).init({
    lng: locale,
    resources: { [locale]: { translation: messages.default } },
    fallbackLng: false,
    interpolation: { escapeValue: false },
  });
  return i18next;
}

/** Fetches a language's messages if need be, and speaks it from then on. */
export async function speak(locale: Locale): Promise<void> {
  if (!i18next.hasResourceBundle(locale, 'translation')) {
    i18next.addResourceBundle(locale, 'translation', (await loaders[locale]()).default);
  }
  await i18next.changeLanguage(locale);
}
