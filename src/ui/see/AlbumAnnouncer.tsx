import { useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { PictureFilter } from './pictureFilters.ts';

/** While an album runs, screen readers are told no more often how far it is. */
const EVERY_MS = 15_000;

interface Props {
  isRunning: boolean;
  done: number;
  counts: Record<PictureFilter, number>;
}

/** Tells screen readers how far an album is, now and then, and how it ended. */
export function AlbumAnnouncer({ isRunning, done, counts }: Props) {
  const { t } = useTranslation();
  const [said, setSaid] = useState('');
  const latest = useRef({ t, done, counts });
  useEffect(() => {
    latest.current = { t, done, counts };
  });
  useEffect(() => {
    if (!isRunning) return;
    const tell = (key: 'album.sofar' | 'album.ended'): void => {
      const { t: say, done: made, counts: each } = latest.current;
      const { all, review, failed } = each;
      setSaid(say(key, { count: made, total: all, review, failed }));
    };
    const timer = setInterval(() => tell('album.sofar'), EVERY_MS);
    return () => {
      clearInterval(timer);
      tell('album.ended');
    };
  }, [isRunning]);
  return (
    <p className="visually-hidden" role="status" data-testid="announcer">
      {said}
    </p>
  );
}
