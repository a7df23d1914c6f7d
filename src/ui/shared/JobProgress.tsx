import { useTranslation } from 'react-i18next';
import { Button, Label, ProgressBar } from 'react-aria-components';
import type { Progress } from '../../protocol/types.ts';
import { formatBytes, formatDuration } from './format.ts';
import { Icon, type IconName } from './Icon.tsx';
import { useTimeLeft } from './useTimeLeft.ts';

interface Props {
  /** null: begun, and nothing known yet. */
  progress: Progress | null;
  label: string;
  /** What is done with items, where they are not translated; they are counted then. */
  doing?: string;
  /** What stopping is called where what came is kept. */
  stopLabel?: string;
  stopIcon?: IconName;
  onStop: () => void;
}

/** What a long job is doing, how much is left, and Stop. */
export function JobProgress({ progress, label, doing, stopLabel, stopIcon = 'stop', onStop }: Props) {
  const { t, i18n } = useTranslation();
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const left = useTimeLeft(progress);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(share);
  const bytes = (value: number): string => formatBytes(value, i18n.language);
  const amountOf = ({ done, total, unit }: Progress): string => {
    if (unit === 'bytes') return t('progress.of', { done: bytes(done), total: bytes(total) });
    const counted = doing !== undefined && unit === 'items' ? t('progress.of', { done, total }) : percent;
    return left === null
      ? counted
      : `${counted} · ${t('progress.left', { time: formatDuration(left, i18n.language) })}`;
  };
  const doingNow = ({ stage, unit }: Progress): string => {
    if (unit === 'items' && doing !== undefined) return doing;
    return t(unit === 'seconds' ? 'progress.hear' : `progress.${stage}`);
  };
  const amount = progress ? amountOf(progress) : '';
  return (
    <div className="job-progress">
      <ProgressBar className="progress" value={share * 100} isIndeterminate={progress === null} valueLabel={amount}>
        <Label>{progress ? doingNow(progress) : label}</Label>
        <span className="progress-value">{amount}</span>
        <span className="progress-track">
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </ProgressBar>
      <Button className="button stop-button" onPress={onStop}>
        <Icon name={stopIcon} size={18} />
        {stopLabel ?? t('stop')}
      </Button>
    </div>
  );
}
