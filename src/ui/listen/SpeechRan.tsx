import { useTranslation } from 'react-i18next';
import { formatNumber } from '../shared/format.ts';
import { RanWhere } from '../shared/StatusLine.tsx';
import { formatClock } from './clock.ts';
import type { FileRun } from './useFileJobs.ts';

/** For the curious: where a file was heard, and how much faster than it plays. */
export function SpeechRan({ ran }: { ran: FileRun }) {
  const { t, i18n } = useTranslation();
  return (
    <span data-testid="ran">
      <RanWhere ran={ran} />
      {' · '}
      {formatClock(ran.ms / 1000, ran.ms < 60_000)}
      {ran.ms > 0 && ` · ${t('ran.times', { times: formatNumber((ran.audioS * 1000) / ran.ms, i18n.language) })}`}
    </span>
  );
}
