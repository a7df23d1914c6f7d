import { useTranslation } from 'react-i18next';
import { formatNumber, languageName } from '../shared/format.ts';
import { RanWhere } from '../shared/StatusLine.tsx';
import type { Translator } from './useTranslator.ts';

/** For the curious: where a translation was made, and how fast. */
export function TranslationRan({ ran }: { ran: NonNullable<Translator['ran']> }) {
  const { t, i18n } = useTranslation();
  const number = (value: number): string => formatNumber(value, i18n.language);
  return (
    <span data-testid="ran">
      {ran.via !== undefined && `${t('pivot.via', { language: languageName(ran.via, i18n.language) })} · `}
      <RanWhere ran={ran} />
      {' · '}
      {t('ran.ms', { ms: number(ran.ms) })}
      {ran.ms > 0 && ran.words > 0 && ` · ${t('ran.speed', { speed: number((ran.words * 1000) / ran.ms) })}`}
    </span>
  );
}
