import { useEffect, useMemo, useRef, useState } from 'react';
import type { TranscriptLine } from '../../library/transcriptTypes.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import type { Progress } from '../../protocol/types.ts';
import { type Failure, useTask } from '../useTask.ts';
import { needsTranslation } from './lineEdits.ts';
import { writtenIn } from './lineLanguages.ts';
import { nextBatch } from './nextBatch.ts';
import type { OpenTranscript, TranscriptSnapshot } from './openTranscript.ts';

export interface LineTranslation {
  /** null: nothing is being translated. */
  progress: Progress | null;
  stopped: boolean;
  failure: Failure | null;
  stop: () => void;
  goOn: () => void;
}

/**
 * Translates what is not translated, sentence by sentence, also while lines come in and are edited.
 * @param reaches - whether there is a translator on this device
 */
export function useLineTranslation(
  transcript: OpenTranscript,
  { record, lines }: TranscriptSnapshot,
  reaches: (from: string, to: string) => boolean,
  provider: ProviderChoice,
): LineTranslation {
  const { run, stop, running, failure } = useTask();
  const [held, setHeld] = useState(false);
  // From the start of a call until its lines are in their places: `running` ends a moment before that.
  const busy = useRef(false);
  const [calls, setCalls] = useState(0);
  const { to, state } = record;
  // One language at a time: the first that waits.
  const next = lines.find((line) => {
    const own = writtenIn(line, record);
    return needsTranslation(line) && to !== null && (own === to || reaches(own, to));
  });
  const from = next ? writtenIn(next, record) : record.language;
  const batch = useMemo(() => {
    if (!next || held) return [];
    const own = lines.filter((line) => writtenIn(line, record) === from);
    return nextBatch(own, state === 'growing' && own.at(-1) === lines.at(-1));
  }, [lines, record, next, from, held, state]);

  useEffect(() => {
    if (busy.current || batch.length === 0 || to === null) return;
    if (from === to) {
      // It is what it would be translated into.
      transcript.replace(
        translated(
          transcript,
          batch,
          batch.map(({ text }) => text),
        ),
      );
      return;
    }
    busy.current = true;
    void run((glossa, options) =>
      glossa.translateSegments(
        batch.map(({ startS, endS, text }) => ({ startS, endS, text, language: from })),
        { ...options, from, to, provider },
      ),
    ).then((outcome) => {
      busy.current = false;
      // Into another language it is of no use any more.
      const wanted = transcript.snapshot().record.to === to;
      if (outcome.state === 'done' && wanted) transcript.replace(translated(transcript, batch, outcome.value));
      if (outcome.state === 'failed') setHeld(true);
      setCalls((before) => before + 1);
    });
    // `calls` among them: what came while one was at work is looked at when it has ended.
  }, [calls, batch, run, transcript, from, to, provider]);

  const left = to === null ? 0 : lines.filter(needsTranslation).length;
  return {
    progress: running ? { stage: 'decode', unit: 'items', done: lines.length - left, total: lines.length } : null,
    stopped: held && failure === null && left > 0,
    failure,
    stop: () => {
      setHeld(true);
      stop();
    },
    goOn: () => setHeld(false),
  };
}

/** The lines of a batch as they are now, with their translations; those that the reader translated stay. */
function translated(transcript: OpenTranscript, batch: readonly TranscriptLine[], texts: string[]): TranscriptLine[] {
  const now = new Map(transcript.snapshot().lines.map((line) => [line.id, line]));
  return batch.flatMap((sent, i) => {
    const line = now.get(sent.id);
    if (!line || (line.translation !== undefined && line.translatedFrom === undefined)) return [];
    return [{ ...line, translation: texts[i] ?? '', translatedFrom: sent.text }];
  });
}
