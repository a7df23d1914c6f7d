import { useTranslation } from 'react-i18next';
import { Button, Label, ProgressBar } from 'react-aria-components';
import type { Progress } from '../../protocol/types.ts';
import { formatBytes, formatDuration } from './format.ts';
import { Icon } from './Icon.tsx';
import { useTimeLeft } from './useTimeLeft.ts';

interface Props {
  /** null: begun, and nothing known yet. */
  progress: Progress | null;
  label: string;
  onStop: () => void;
}

/** What a long job is doing, how much is left, and Stop. */
export function JobProgress({ progress, label, onStop }: Props) {
  const { t, i18n } = useTranslation();
  const share = progress && progress.total > 0 ? progress.done / progress.total : 0;
  const left = useTimeLeft(progress);
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' }).format(share);
  const amount =
    progress?.unit === 'bytes'
      ? t('progress.of', {
          done: formatBytes(progress.done, i18n.language),
          total: formatBytes(progress.total, i18n.language),
        })
      : left === null
        ? percent
        : `${percent} · ${t('progress.left', { time: formatDuration(left, i18n.language) })}`;
  return (
    <div className="job-progress">
      <ProgressBar className="progress" value={share * 100} isIndeterminate={progress === null} valueLabel={amount}>
        <Label>
          {progress ? t(progress.unit === 'seconds' ? 'progress.hear' : `progress.${progress.stage}`) : label}
        </Label>
        <span className="progress-value">{progress && amount}</span>
        <span className="progress-track">
          <span style={{ width: `${share * 100}%` }} />
        </span>
      </ProgressBar>
      <Button className="button stop-button" onPress={onStop}>
        <Icon name="stop" size={18} />
        {t('stop')}
      </Button>
    </div>
  );
}
