import { type RefObject, useEffect, useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import { useObjectUrl } from './useObjectUrl.ts';

interface Props {
  player: RefObject<HTMLMediaElement | null>;
  media: Blob;
  video: boolean;
  lines: readonly TranscriptLine[];
  language: string;
}

/** The browser's own player; over a video stand the captions, also when it fills the screen. */
export function Player({ player, media, video, lines, language }: Props) {
  const { t } = useTranslation();
  const url = useObjectUrl(media);
  const [broken, setBroken] = useState(false);
  useEndlessRecording(player, url);
  useCaptionTrack(player, video, lines, language);
  if (broken) return <p className="note">{t('player.broken')}</p>;
  const common = {
    src: url ?? undefined,
    controls: true,
    preload: 'metadata',
    onError: () => setBroken(url !== null),
    'aria-label': t('player.label'),
  } as const;
  return video ? (
    <video {...common} ref={(element) => void (player.current = element)} playsInline />
  ) : (
    <audio {...common} ref={(element) => void (player.current = element)} />
  );
}

/** A recording made piece by piece does not say how long it is, and could not be sought in: its end is looked up once. */
function useEndlessRecording(player: RefObject<HTMLMediaElement | null>, url: string | null): void {
  useEffect(() => {
    const element = player.current;
    if (!element || url === null) return;
    const findEnd = (): void => {
      if (element.duration !== Infinity) return;
      element.addEventListener('durationchange', () => (element.currentTime = 0), { once: true });
      element.currentTime = Number.MAX_SAFE_INTEGER;
    };
    element.addEventListener('loadedmetadata', findEnd);
    return () => element.removeEventListener('loadedmetadata', findEnd);
  }, [player, url]);
}

function useCaptionTrack(
  player: RefObject<HTMLMediaElement | null>,
  video: boolean,
  lines: readonly TranscriptLine[],
  language: string,
): void {
  const { t } = useTranslation();
  const [track, setTrack] = useState<TextTrack | null>(null);
  const label = t('player.captions');
  useEffect(() => {
    const element = player.current;
    if (!video || !element) return;
    const added = element.addTextTrack('captions', label, language);
    added.mode = 'showing';
    setTrack(added);
    return () => {
      added.mode = 'disabled';
    };
  }, [player, video, label, language]);
  const cues = useMemo(
    () =>
      track === null
        ? []
        : lines.map(
            ({ startS, endS, text, translation }) =>
              new VTTCue(startS, endS, [text, translation ?? ''].filter((each) => each !== '').join('\n')),
          ),
    [track, lines],
  );
  useEffect(() => {
    for (const cue of cues) track?.addCue(cue);
    return () => {
      for (const cue of cues) track?.removeCue(cue);
    };
  }, [track, cues]);
}
