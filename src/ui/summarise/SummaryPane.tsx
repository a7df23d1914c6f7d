import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { JobProgress } from '../shared/JobProgress.tsx';
import { saveFile } from '../shared/saveFile.ts';
import { useCopy } from '../shared/useCopy.ts';
import type { Summarising } from './useSummary.ts';

interface Props {
  summarising: Summarising;
  /** Whether the text or the wanted length changed since. */
  isOld: boolean;
  onAgain: () => void;
}

/** Where the summary stands, and what can be done with it. */
export function SummaryPane({ summarising, isOld, onAgain }: Props) {
  const { t } = useTranslation();
  const { text, summary, running, stopped, progress, failure, stop } = summarising;
  const { copied, copy } = useCopy(t('summarise.copied'));
  return (
    <section className="pane target-pane" aria-label={t('summarise.summary')}>
      <div className="pane-content">
        {text === '' && !running && !failure && <p className="quiet">{t('summarise.what')}</p>}
        {text !== '' && (
          <p className={isOld ? 'reading summary stale' : 'reading summary'} dir="auto" data-testid="summary">
            {text}
          </p>
        )}
        {summary && summary.parts > 1 && <p className="quiet">{t('summarise.parts', { count: summary.parts })}</p>}
        {isOld && !running && <p className="note">{t('summarise.old')}</p>}
        {running && (
          <JobProgress progress={progress} label={t('progress.starting')} doing={t('summarise.doing')} onStop={stop} />
        )}
        {stopped && (
          <p className="note">
            {t('stopped')}
            <Button className="button text-button" onPress={onAgain}>
              {t('retry')}
            </Button>
          </p>
        )}
        {failure && (
          <p className="note" role="alert">
            {t(`errors.${failure.code}`)} <span className="quiet">{failure.message}</span>
            <Button className="button text-button" onPress={onAgain}>
              {t('retry')}
            </Button>
          </p>
        )}
      </div>
      <div className="pane-actions">
        {summary && (
          <>
            <Button className="button primary" onPress={() => void copy(summary.text)}>
              <Icon name={copied === summary.text ? 'check' : 'copy'} size={18} />
              {copied === summary.text ? t('target.copied') : t('target.copy')}
            </Button>
            <span className="pane-actions-space" />
            <IconButton icon="save" label={t('target.save')} onPress={() => saveFile('summary.txt', summary.text)} />
          </>
        )}
      </div>
      <p className="visually-hidden" role="status">
        {summary ? t('summarise.announce') : ''}
      </p>
    </section>
  );
}
