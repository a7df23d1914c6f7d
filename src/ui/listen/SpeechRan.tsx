import { useTranslation } from 'react-i18next';
import { RanWhere } from '../shared/StatusLine.tsx';
import { formatClock } from './clock.ts';
import type { FileRun } from './useFileJobs.ts';

/** For the curious: where a file was heard, and how much faster than it plays. */
export function SpeechRan({ ran }: { ran: FileRun }) {
  const { t, i18n } = useTranslation();
  const times = new Intl.NumberFormat(i18n.language, { maximumSignificantDigits: 2 });
  return (
    <span data-testid="ran">
      <RanWhere ran={ran} />
      {' · '}
      {formatClock(ran.ms / 1000, ran.ms < 60_000)}
      {ran.ms > 0 && ` · ${t('ran.times', { times: times.format((ran.audioS * 1000) / ran.ms) })}`}
    </span>
  );
}
