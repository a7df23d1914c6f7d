import { useTranslation } from 'react-i18next';
import { formatNumber } from '../shared/format.ts';
import { formatClock } from './clock.ts';
import type { LiveFailure } from './useLive.ts';

/** Why there is nothing to hear, and what to do about it. */
export function LiveFailureText({ failure: { code, message, trouble, restarted } }: { failure: LiveFailure }) {
  const { t, i18n } = useTranslation();
  if (restarted === null) return t('live.restarted');
  if (restarted) {
    const { fromS, seconds } = restarted;
    return t('live.restartedLost', { time: formatClock(fromS), seconds: formatNumber(seconds, i18n.language) });
  }
  if (trouble) return t(`capture.${trouble}`);
  if (code !== 'bad-input') return t(`errors.${code}`);
  return (
    <>
      {t('capture.failed')} <span className="quiet">{message}</span>
    </>
  );
}
