import { useCallback, useState } from 'react';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress, Summary, SummaryLength } from '../../protocol/types.ts';
import { afterLoss } from '../afterLoss.ts';
import { type Failure, useTask } from '../useTask.ts';

/** What is asked for. */
export interface SummaryRequest {
  text: string;
  length: SummaryLength;
  model: string;
  provider: ProviderChoice;
}

export interface Summarising {
  /** What was asked for last. */
  request: SummaryRequest | null;
  /** The summary so far; whole where `summary` is there. */
  text: string;
  summary: Summary | null;
  running: boolean;
  stopped: boolean;
  progress: Progress | null;
  failure: Failure | null;
  start: (request: SummaryRequest) => void;
  stop: () => void;
}

/** One text at a time is summarised; what there is of a summary that was stopped stays. */
export function useSummary(): Summarising {
  const { run, running, progress, failure, stop } = useTask();
  const [request, setRequest] = useState<SummaryRequest | null>(null);
  const [text, setText] = useState('');
  const [summary, setSummary] = useState<Summary | null>(null);
  const [stopped, setStopped] = useState(false);
  const start = useCallback(
    (asked: SummaryRequest) => {
      setRequest(asked);
      setText('');
      setSummary(null);
      setStopped(false);
      const { text: source, ...options } = asked;
      void run((glossa, { signal, onProgress }) => {
        const onPartial = (soFar: string): void => {
          if (!signal.aborted) setText(soFar);
        };
        return afterLoss(signal, () => glossa.summarise(source, { ...options, signal, onProgress, onPartial }));
      }).then((outcome) => {
        if (outcome.state === 'stopped') setStopped(true);
        if (outcome.state !== 'done') return;
        setText(outcome.value.text);
        setSummary(outcome.value);
      });
    },
    [run],
  );
  return { request, text, summary, running, stopped, progress, failure, start, stop };
}
