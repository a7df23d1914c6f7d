import { useCallback, useEffect, useRef, useState } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress, Ran } from '../../protocol/types.ts';
import { afterLoss } from '../afterLoss.ts';
import { type Failure, useTask } from '../useTask.ts';
import { lineOf } from './lineEdits.ts';
import type { OpenTranscript } from './openTranscript.ts';
import type { SpeechAsked } from './speechChoice.ts';

interface FileJob {
  file: Blob;
  transcript: OpenTranscript;
}

/** What a finished file cost: for the curious. */
export interface FileRun extends Ran {
  audioS: number;
}

export interface FileJobs {
  /** The transcript that is being written, and those that wait, by id. */
  running: string | null;
  waiting: string[];
  progress: Progress | null;
  /** By transcript. */
  failures: Record<string, Failure>;
  runs: Record<string, FileRun>;
  add: (job: FileJob) => void;
  /** Stops the one at work; what was heard is kept. */
  stop: () => void;
  /** Takes one that waits out of the queue, or stops the one at work. */
  cancel: (id: string) => void;
}

/** Files are written down one after the other, each into its own transcript, as soon as there is a model. */
export function useFileJobs(
  ready: boolean,
  asked: SpeechAsked,
  provider: ProviderChoice,
  onFailed: (job: FileJob, failure: Failure) => void,
): FileJobs {
  const { run, stop, progress } = useTask();
  const [queue, setQueue] = useState<FileJob[]>([]);
  const [failures, setFailures] = useState<Record<string, Failure>>({});
  const [runs, setRuns] = useState<Record<string, FileRun>>({});
  const current = ready ? queue[0] : undefined;
  // What was chosen when a file was begun holds for it: a later choice must not start it again.
  const latest = useRef({ asked, provider, onFailed });
  useEffect(() => {
    latest.current = { asked, provider, onFailed };
  });

  useEffect(() => {
    if (!current) return;
    const { file, transcript } = current;
    const { asked: speech, provider: device } = latest.current;
    void run((glossa, options) =>
      afterLoss(options.signal, () =>
        glossa.transcribe(file, {
          ...options,
          ...speech,
          provider: device,
          timestamps: 'word',
          // Where it was stopped before, or its worker was lost.
          fromS: transcript.snapshot().lines.at(-1)?.endS ?? 0,
          onSegment: (segment) => transcript.append(lineOf(segment)),
        }),
      ),
    ).then((outcome) => {
      if (outcome.state === 'superseded') return;
      if (outcome.state === 'done') {
        const audioS = Math.max(transcript.snapshot().record.durationS, outcome.value.segments.at(-1)?.endS ?? 0);
        setRuns((before) => ({ ...before, [transcript.id]: { ...outcome.value.ran, audioS } }));
        transcript.change({ state: 'finished' });
      } else transcript.change({ state: 'stopped' });
      if (outcome.state === 'failed') {
        setFailures((before) => ({ ...before, [transcript.id]: outcome.failure }));
        latest.current.onFailed(current, outcome.failure);
      }
      setQueue((before) => before.filter((job) => job !== current));
    });
  }, [current, run]);

  const add = useCallback((job: FileJob) => {
    job.transcript.change({ state: 'growing' });
    setFailures(({ [job.transcript.id]: _, ...rest }) => rest);
    setQueue((before) => [...before, job]);
  }, []);
  const cancel = useCallback(
    (id: string) => {
      if (current?.transcript.id === id) stop();
      else setQueue((before) => before.filter(({ transcript }) => transcript.id !== id));
    },
    [current, stop],
  );
  return {
    running: current?.transcript.id ?? null,
    waiting: queue.filter((job) => job !== current).map(({ transcript }) => transcript.id),
    progress,
    failures,
    runs,
    add,
    stop,
    cancel,
  };
}
