import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { TranscriptRecord } from '../../library/transcriptTypes.ts';
import { languageName } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { formatClock } from './clock.ts';
import type { FileJobs } from './useFileJobs.ts';

interface Props {
  records: TranscriptRecord[];
  jobs: FileJobs;
  onOpen: (record: TranscriptRecord) => void;
  onRemove: (record: TranscriptRecord) => void;
}

const ICONS = { microphone: 'microphone', tab: 'tab', file: 'media', subtitles: 'document' } as const;

/** Everything that was written down on this device. */
export function TranscriptList({ records, jobs, onOpen, onRemove }: Props) {
  const { t, i18n } = useTranslation();
  const date = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const percent = new Intl.NumberFormat(i18n.language, { style: 'percent' });
  const stateOf = (record: TranscriptRecord): string | null => {
    if (record.id === jobs.running) {
      const { done, total } = jobs.progress ?? { done: 0, total: 1 };
      return t('transcripts.running', { percent: percent.format(total > 0 ? done / total : 0) });
    }
    if (jobs.waiting.includes(record.id)) return t('files.waiting');
    if (record.state === 'stopped') return t('transcripts.stopped');
    return record.state === 'growing' ? t('transcripts.interrupted') : null;
  };
  return (
    <section className="shelf" aria-labelledby="transcripts">
      <h2 id="transcripts">{t('transcripts.title')}</h2>
      <p className="quiet">{t('transcripts.where')}</p>
      <ul className="entries">
        {records.map((record) => (
          <li key={record.id}>
            <Button className="button entry shelf-entry" onPress={() => onOpen(record)}>
              <Icon name={ICONS[record.origin]} />
              <span className="shelf-about">
                <span className="shelf-title">{record.title}</span>
                <span className="entry-head">
                  <time dateTime={new Date(record.at).toISOString()}>{date.format(record.at)}</time>
                  <span>{formatClock(record.durationS)}</span>
                  <span>
                    {languageName(record.language, i18n.language)}
                    {record.to !== null && ` → ${languageName(record.to, i18n.language)}`}
                  </span>
                  {stateOf(record) !== null && <span className="shelf-state">{stateOf(record)}</span>}
                </span>
                {record.preview !== '' && (
                  <span className="shelf-preview" lang={record.language}>
                    {record.preview}
                  </span>
                )}
              </span>
            </Button>
            <IconButton
              icon="trash"
              label={t('transcripts.delete', { title: record.title })}
              isDisabled={record.id === jobs.running}
              onPress={() => onRemove(record)}
            />
          </li>
        ))}
      </ul>
    </section>
  );
}
