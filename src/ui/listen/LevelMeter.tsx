import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { LiveSession } from '../../client/engine.ts';

/** The quietest level that is drawn. dB below full scale. */
const FLOOR_DB = -60;

/** How loud it is, thirty times a second: drawn without React, and as a picture, because a number that flickers says nothing. */
export function LevelMeter({ session, paused }: { session: LiveSession; paused: boolean }) {
  const { t } = useTranslation();
  const bar = useRef<HTMLSpanElement>(null);
  useEffect(() => {
    const draw = (amplitude: number): void => {
      const db = 20 * Math.log10(Math.max(amplitude, 1e-6));
      const share = Math.min(1, Math.max(0, 1 - db / FLOOR_DB));
      bar.current?.style.setProperty('--level', share.toFixed(3));
    };
    draw(0);
    return paused ? undefined : session.on('level', ({ rms }) => draw(rms));
  }, [session, paused]);
  return (
    <span className="level-meter" role="img" aria-label={t('live.level')}>
      <span ref={bar} />
    </span>
  );
}
