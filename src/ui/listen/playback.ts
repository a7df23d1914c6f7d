import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';

/** Where the player is in the transcript: -1 before the first line, and in none while nothing is said. */
interface Place {
  line: number;
  word: number;
}

const NOWHERE: Place = { line: -1, word: -1 };

export interface Playback {
  place: Place;
  playing: boolean;
  timeS: () => number;
  seek: (timeS: number) => void;
  toggle: () => void;
  skip: (seconds: number) => void;
}

/** Follows a player word by word: the screen is drawn again only when another line or word is said. */
export function usePlayback(
  playerRef: RefObject<HTMLMediaElement | null>,
  sound: Blob | null,
  lines: readonly TranscriptLine[],
): Playback {
  const [place, setPlace] = useState(NOWHERE);
  const [playing, setPlaying] = useState(false);
  const latest = useRef(lines);
  useEffect(() => {
    latest.current = lines;
  });

  useEffect(() => {
    const element = playerRef.current;
    if (!element) return;
    let frame = 0;
    const look = (): void => {
      const next = placeAt(latest.current, element.currentTime);
      setPlace((before) => (before.line === next.line && before.word === next.word ? before : next));
    };
    const follow = (): void => {
      look();
      frame = requestAnimationFrame(follow);
    };
    const play = (): void => {
      setPlaying(true);
      cancelAnimationFrame(frame);
      follow();
    };
    const rest = (): void => {
      setPlaying(false);
      cancelAnimationFrame(frame);
      look();
    };
    element.addEventListener('play', play);
    element.addEventListener('pause', rest);
    element.addEventListener('ended', rest);
    element.addEventListener('seeked', look);
    return () => {
      cancelAnimationFrame(frame);
      element.removeEventListener('play', play);
      element.removeEventListener('pause', rest);
      element.removeEventListener('ended', rest);
      element.removeEventListener('seeked', look);
    };
    // With other sound there is another player.
  }, [playerRef, sound]);

  const timeS = useCallback(() => playerRef.current?.currentTime ?? 0, [playerRef]);
  const seek = useCallback(
    (to: number) => {
      if (playerRef.current) playerRef.current.currentTime = Math.max(0, to);
    },
    [playerRef],
  );
  const toggle = useCallback(() => {
    const element = playerRef.current;
    if (!element) return;
    // A player that cannot play shows that itself.
    if (element.paused) element.play().catch(() => undefined);
    else element.pause();
  }, [playerRef]);
  const skip = useCallback((seconds: number) => seek(timeS() + seconds), [seek, timeS]);
  return useMemo(() => ({ place, playing, timeS, seek, toggle, skip }), [place, playing, timeS, seek, toggle, skip]);
}

/** A player that was sent to a time stands a little before it. */
const JUST_S = 0.03;

/** The line that is shown at a time, and the word in it. A line stays until the next begins, or for a second. */
export function placeAt(lines: readonly TranscriptLine[], timeS: number): Place {
  const line = lastBegun(lines, timeS + JUST_S);
  const shown = lines[line];
  if (!shown || timeS > shown.endS + 1) return NOWHERE;
  return { line, word: lastBegun(shown.words ?? [], timeS + JUST_S) };
}

/** The last of those that began by then; -1 where none did. */
function lastBegun(all: readonly { startS: number }[], timeS: number): number {
  let low = 0;
  let high = all.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (all[middle]!.startS <= timeS) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
