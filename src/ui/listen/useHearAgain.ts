import { useCallback, useState } from 'react';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress } from '../../protocol/types.ts';
import { afterLoss } from '../afterLoss.ts';
import { type Failure, useTask } from '../useTask.ts';
import { lineOf } from './lineEdits.ts';
import type { OpenTranscript } from './openTranscript.ts';
import type { SpeechAsked } from './speechChoice.ts';

export interface HearAgain {
  running: boolean;
  progress: Progress | null;
  failure: Failure | null;
  /**
   * Hears the sound of some lines once more, and puts what was heard in their place, as one step of undo. Of several lines
   * those that the reader changed stay.
   * @returns how many lines were heard; null where it was stopped or failed
   */
  hear: (sound: Blob, lines: readonly TranscriptLine[], asked: SpeechAsked) => Promise<number | null>;
  stop: () => void;
}

/** A voice begins a little before its first word, and fades after its last. */
const MARGIN_S = 0.3;

export function useHearAgain(transcript: OpenTranscript, provider: ProviderChoice): HearAgain {
  const { run, stop, progress, failure } = useTask();
  // Until the lines are in their places: a task's own state ends a moment before that.
  const [running, setRunning] = useState(false);
  const hear = useCallback<HearAgain['hear']>(
    async (sound, lines, asked) => {
      const [first] = lines;
      if (!first) return 0;
      const span = spanOf(transcript.snapshot().lines, lines);
      setRunning(true);
      const outcome = await run((glossa, options) =>
        afterLoss(options.signal, () =>
          glossa.transcribe(sound, { ...options, ...asked, ...span, provider, timestamps: 'word' }),
        ),
      );
      setRunning(false);
      if (outcome.state !== 'done') return null;
      const ids = new Set(lines.map(({ id }) => id));
      const now = transcript.snapshot().lines.filter(({ id }) => ids.has(id));
      const kept = lines.length > 1 ? now.filter(({ edited }) => edited) : [];
      const come = outcome.value.segments.map(lineOf).filter((line) => !kept.some((other) => overlap(line, other)));
      if (come.length > 0) {
        const gone = now.filter((line) => !kept.includes(line));
        transcript.edit(gone, come);
      }
      return come.length;
    },
    [run, transcript, provider],
  );
  return { running, progress, failure, hear, stop };
}

/** From when to when some lines are heard: not into those before and after them. */
function spanOf(all: readonly TranscriptLine[], lines: readonly TranscriptLine[]): { fromS: number; untilS: number } {
  const startS = Math.min(...lines.map((line) => line.startS));
  const endS = Math.max(...lines.map((line) => line.endS));
  const before = Math.max(0, ...all.filter((line) => line.endS <= startS).map((line) => line.endS));
  const after = Math.min(...all.filter((line) => line.startS >= endS).map((line) => line.startS));
  return { fromS: Math.max(before, startS - MARGIN_S), untilS: Math.min(after, endS + MARGIN_S) };
}

/** Whether half of the shorter of two lines is said during the other. */
function overlap(a: TranscriptLine, b: TranscriptLine): boolean {
  const sharedS = Math.min(a.endS, b.endS) - Math.max(a.startS, b.startS);
  return sharedS > Math.min(a.endS - a.startS, b.endS - b.startS) / 2;
}
