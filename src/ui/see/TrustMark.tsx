import { useTranslation } from 'react-i18next';
import type { Caption } from '../../protocol/types.ts';
import { Icon } from '../shared/Icon.tsx';
import { trustIn } from './captionText.ts';

const ICONS = { sure: 'check', fair: 'question', unsure: 'warning' } as const;

/** How far a caption can be trusted, in words. */
export function TrustMark({ caption, size = 18 }: { caption: Caption; size?: number }) {
  const { t, i18n } = useTranslation();
  const trust = trustIn(caption);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(caption.confidence);
  return (
    <span className={`trust trust-${trust}`} title={t('alt.confidence', { percent })}>
      <Icon name={ICONS[trust]} size={size} />
      {t(`alt.trust.${trust}`)}
    </span>
  );
}
