import { type RefObject, useEffect, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';

interface Props {
  playerRef: RefObject<HTMLMediaElement | null>;
  media: Blob;
  video: boolean;
  lines: readonly TranscriptLine[];
  language: string;
}

/** The browser's own player; over a video stand the captions, also when it fills the screen. */
export function Player({ playerRef, media, video, lines, language }: Props) {
  const { t } = useTranslation();
  const [broken, setBroken] = useState(false);
  useSource(playerRef, media);
  useCaptionTrack(playerRef, video, lines, language);
  if (broken) return <p className="note">{t('player.broken')}</p>;
  const common = {
    controls: true,
    preload: 'metadata',
    onError: () => setBroken(true),
    'aria-label': t('player.label'),
  } as const;
  return video ? (
    <video {...common} ref={(element) => void (playerRef.current = element)} playsInline />
  ) : (
    <audio {...common} ref={(element) => void (playerRef.current = element)} />
  );
}

/**
 * Gives the player its sound. A recording made piece by piece does not say how long it is, and could not be sought in: its
 * end is looked up once.
 */
function useSource(playerRef: RefObject<HTMLMediaElement | null>, media: Blob): void {
  useEffect(() => {
    const player = playerRef.current;
    if (!player) return;
    const findEnd = (): void => {
      if (player.duration !== Infinity) return;
      player.addEventListener('durationchange', () => (player.currentTime = 0), { once: true });
      player.currentTime = Number.MAX_SAFE_INTEGER;
    };
    player.addEventListener('loadedmetadata', findEnd);
    const url = URL.createObjectURL(media);
    player.src = url;
    return () => {
      player.removeEventListener('loadedmetadata', findEnd);
      URL.revokeObjectURL(url);
    };
  }, [playerRef, media]);
}

function useCaptionTrack(
  player: RefObject<HTMLMediaElement | null>,
  video: boolean,
  lines: readonly TranscriptLine[],
  language: string,
): void {
  const { t } = useTranslation();
  const track = useRef<TextTrack | null>(null);
  const cues = useRef(new Map<TranscriptLine, VTTCue>());
  const label = t('player.captions');
  useEffect(() => {
    const element = player.current;
    if (!video || !element) return;
    const added = element.addTextTrack('captions', label, language);
    added.mode = 'showing';
    track.current = added;
    const known = cues.current;
    return () => {
      // A track cannot be taken away again.
      added.mode = 'disabled';
      known.clear();
    };
  }, [player, video, label, language]);
  useEffect(() => {
    const captions = track.current;
    if (!captions) return;
    const now = new Set(lines);
    for (const [line, cue] of cues.current) {
      if (now.has(line)) continue;
      captions.removeCue(cue);
      cues.current.delete(line);
    }
    for (const line of lines) {
      if (cues.current.has(line)) continue;
      const text = [line.text, line.translation ?? ''].filter((each) => each !== '').join('\n');
      const cue = new VTTCue(line.startS, line.endS, text);
      captions.addCue(cue);
      cues.current.set(line, cue);
    }
  }, [lines, label, language]);
}
