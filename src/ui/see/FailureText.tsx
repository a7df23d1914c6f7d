import { useTranslation } from 'react-i18next';
import type { Failure } from '../useTask.ts';

/** Why a picture has no caption, and what to do about it. */
export function FailureText({ failure: { code, message } }: { failure: Failure }) {
  const { t } = useTranslation();
  return (
    <>
      {code === 'bad-input' ? t('alt.unreadable') : t(`errors.${code}`)} <span className="quiet">{message}</span>
    </>
  );
}
