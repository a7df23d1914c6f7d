import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import type { Picture } from '../../library/pictureTypes.ts';
import type { Progress } from '../../protocol/types.ts';
import { JobProgress } from '../shared/JobProgress.tsx';
import type { Failure } from '../useTask.ts';
import { FailureText } from './FailureText.tsx';

interface Props {
  picture: Picture;
  /** The caption so far, while this picture is at work; null: it is not. */
  now: string | null;
  /** Whether its album is at work, or waits for it. */
  queued: boolean;
  loading: Progress | null;
  /** Why its album came to a halt. */
  failure: Failure | null;
  isMissing: boolean;
  onStop: () => void;
  onStart: () => void;
  onRetry: () => void;
}

/** What stands where a caption will be: how far it is, or why there is none. */
export function CaptionStatus(props: Props) {
  const { t } = useTranslation();
  const { picture, now, queued, loading, failure, isMissing } = props;
  if (picture.state === 'failed' && picture.failure) {
    return (
      <div className="note" role="alert">
        <FailureText failure={picture.failure} />
        <p className="note-actions">
          <Button className="button" onPress={props.onRetry}>
            {t('retry')}
          </Button>
        </p>
      </div>
    );
  }
  if (picture.state !== 'waiting') return null;
  if (queued && !isMissing) {
    return (
      <div className="caption-growing">
        {now !== null && now !== '' && (
          <p className="caption-words" lang="en" aria-hidden="true">
            {now}…
          </p>
        )}
        {/* Not at once: most captions are there before it could be read. */}
        <div className="slowly">
          <JobProgress progress={loading} label={t('see.looking')} onStop={props.onStop} />
        </div>
      </div>
    );
  }
  return (
    <div className="note" role={failure ? 'alert' : undefined}>
      {isMissing ? t('alt.missing') : failure ? <FailureText failure={failure} /> : t('alt.stopped')}
      {!isMissing && (
        <p className="note-actions">
          <Button className="button primary" onPress={props.onStart}>
            {t('continue')}
          </Button>
        </p>
      )}
    </div>
  );
}
