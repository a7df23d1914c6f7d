import { useEffect, useRef } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptLine, TranscriptRecord } from '../../library/transcriptTypes.ts';
import { formatClock } from './clock.ts';
import { writtenIn } from './lineLanguages.ts';

/** Beyond this, the transcript itself is the place to read; a live page stays light for hours. */
const DRAWN = 200;

interface Props {
  lines: readonly TranscriptLine[];
  record: TranscriptRecord;
  to: string | null;
}

/** Everything said so far, the newest at the foot; stays there unless the reader scrolled up. */
export function SoFar({ lines, record, to }: Props) {
  const { t } = useTranslation();
  const box = useRef<HTMLDivElement>(null);
  const atFoot = useRef(true);
  useEffect(() => {
    const element = box.current;
    if (element && atFoot.current) element.scrollTop = element.scrollHeight;
  }, [lines]);
  return (
    <div
      ref={box}
      className="so-far"
      role="region"
      aria-label={t('live.soFar')}
      tabIndex={0}
      onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
        atFoot.current = scrollHeight - scrollTop - clientHeight < 40;
      }}
    >
      <ol>
        {/* The last one is on the stage. */}
        {lines.slice(-DRAWN, -1).map((line) => (
          <li key={line.id}>
            <span className="so-far-time">{formatClock(line.startS)}</span>
            <span>
              <span lang={writtenIn(line, record)}>{line.text}</span>
              {to !== null && line.translation !== undefined && (
                <span className="line-translation" lang={to}>
                  {line.translation}
                </span>
              )}
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
