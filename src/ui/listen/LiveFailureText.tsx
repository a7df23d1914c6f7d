import { useTranslation } from 'react-i18next';
import type { LiveFailure } from './useLive.ts';

/** Why there is nothing to hear, and what to do about it. */
export function LiveFailureText({ failure: { code, message, trouble } }: { failure: LiveFailure }) {
  const { t } = useTranslation();
  if (trouble) return t(`capture.${trouble}`);
  if (code !== 'bad-input') return t(`errors.${code}`);
  return (
    <>
      {t('capture.failed')} <span className="quiet">{message}</span>
    </>
  );
}
