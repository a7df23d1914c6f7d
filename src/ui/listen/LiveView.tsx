import { useEffect, useState } from 'react';
import { createPortal } from 'react-dom';
import { useTranslation } from 'react-i18next';
import { Button } from 'react-aria-components';
import { formatNumber } from '../shared/format.ts';
import { Icon } from '../shared/Icon.tsx';
import { IconButton } from '../shared/IconButton.tsx';
import { Announcer } from './Announcer.tsx';
import { CaptionSettings } from './CaptionSettings.tsx';
import { CaptionStage } from './CaptionStage.tsx';
import { formatClock } from './clock.ts';
import { LiveFailureText } from './LiveFailureText.tsx';
import { LevelMeter } from './LevelMeter.tsx';
import { SoFar } from './SoFar.tsx';
import { useFullScreen, useLittleWindow } from './useBigPicture.ts';
import type { Live, LiveNow } from './useLive.ts';
import type { Listening } from './useListening.ts';
import { useOpenTranscript } from './useOpenTranscript.ts';

/** Less than this nobody notices, and in smaller steps it would be told to screen readers all the time. Seconds. */
const BEHIND_S = 3;
const STEP_S = 5;

interface Props {
  live: Live;
  now: LiveNow;
  listening: Listening;
  onStop: () => void;
}

/** Live captions: the stage they roll on, everything said so far, and what can be done about it. */
export function LiveView({ live, now, listening, onStop }: Props) {
  const { t, i18n } = useTranslation();
  const { choices } = listening;
  const { record, lines } = useOpenTranscript(now.transcript);
  const fullScreen = useFullScreen();
  const little = useLittleWindow();
  const ended = now.state === 'ended';
  const paused = now.state === 'paused';

  const stage = (
    <CaptionStage lines={lines} stable={now.stable} tail={now.tail} record={record} to={record.to} choices={choices}>
      {t(now.state === 'starting' ? 'live.starting' : paused ? 'live.paused' : 'live.waiting')}
    </CaptionStage>
  );

  return (
    <section className="sheet live" aria-label={t('live.label')}>
      <div className={`live-frame captions-${choices.captionPosition}${fullScreen.full ? ' full' : ''}`}>
        {little.body ? <p className="caption-elsewhere">{t('live.elsewhere')}</p> : stage}
        {!fullScreen.full && <SoFar lines={lines} record={record} to={record.to} />}
        <div className="live-notes">
          {now.behindS >= BEHIND_S && !ended && (
            <p className="note amber" role="status">
              {t('live.behind', { seconds: formatNumber(Math.round(now.behindS / STEP_S) * STEP_S, i18n.language) })}
            </p>
          )}
          {now.failure && (
            <p className="note" role="alert">
              <LiveFailureText failure={now.failure} />
              {ended && ` ${t('live.broke')}`}
            </p>
          )}
        </div>
        <div className="live-controls">
          {ended ? (
            <Button className="button primary" onPress={onStop}>
              <Icon name="document" size={18} />
              {t('live.toTranscript')}
            </Button>
          ) : (
            <>
              <Button className="button primary" onPress={onStop}>
                <Icon name="stop" size={18} />
                {t('live.finish')}
              </Button>
              <Button className="button live-pause" onPress={paused ? live.resume : live.pause}>
                <Icon name={paused ? 'play' : 'pause'} size={18} />
                <span>{paused ? t('live.resume') : t('live.pause')}</span>
              </Button>
            </>
          )}
          <span className={`live-state ${now.state}`}>
            <span className="live-dot" aria-hidden="true" />
            {!ended && <LevelMeter session={now.session} paused={paused} />}
            <span className="live-state-text">{t(`live.states.${now.state}`)}</span>
            <Elapsed running={now.state === 'listening'} />
          </span>
          <span className="live-source" title={now.sourceName}>
            {now.sourceName}
          </span>
          <CaptionSettings listening={listening} translated={record.to !== null} />
          {little.available && (
            <IconButton
              icon="littleWindow"
              label={t(little.body ? 'captions.windowBack' : 'captions.window')}
              onPress={little.toggle}
            />
          )}
          {fullScreen.available && (
            <IconButton
              icon={fullScreen.full ? 'shrink' : 'grow'}
              label={t(fullScreen.full ? 'captions.shrink' : 'captions.grow')}
              onPress={fullScreen.toggle}
            />
          )}
        </div>
      </div>
      {little.body && createPortal(stage, little.body)}
      {choices.announce && (
        <Announcer
          lines={lines}
          language={record.textLanguage ?? record.language}
          to={choices.translationPlace === 'only' ? record.to : null}
        />
      )}
    </section>
  );
}

/** How long was listened, pauses not counted. */
function Elapsed({ running }: { running: boolean }) {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    if (!running) return;
    const timer = setInterval(() => setSeconds((before) => before + 1), 1000);
    return () => clearInterval(timer);
  }, [running]);
  return <span className="live-clock">{formatClock(seconds)}</span>;
}
