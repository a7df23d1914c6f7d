import { useCallback, useEffect, useRef, useState } from 'react';
import type { LiveSession, LiveState } from '../../client/engine.ts';
import { RestartedError } from '../../client/liveRecovery.ts';
import type { ListeningChoices } from '../../library/listening.ts';
import { keepRecording } from '../../library/transcripts.ts';
import { CaptureError, type CaptureTrouble } from '../../capture/captureError.ts';
import { openMicrophone } from '../../capture/microphone.ts';
import { canRecord, type Recorder, recordStream } from '../../capture/recorder.ts';
import { openTabAudio } from '../../capture/tabAudio.ts';
import { keepAwake } from '../../capture/wakeLock.ts';
import { EngineError } from '../../protocol/errors.ts';
import type { ProviderChoice } from '../../protocol/messages.ts';
import { useKeepOrTell } from '../shared/Notice.tsx';
import { type Failure, useGlossa, toFailure } from '../useTask.ts';
import { lineOf } from './lineEdits.ts';
import type { OpenTranscript } from './openTranscript.ts';
import type { SpeechAsked } from './speechChoice.ts';

export interface LiveFailure extends Failure {
  /** Where the sound itself is what is wrong. */
  trouble?: CaptureTrouble;
  /** Where the speech model was lost and another one goes on: the sound that could not be heard again. */
  restarted?: RestartedError['lost'];
}

/** What is being heard now. */
export interface LiveNow {
  transcript: OpenTranscript;
  session: LiveSession;
  /** The device's own name; empty where the browser does not tell. */
  sourceName: string;
  state: LiveState;
  /** The open phrase: what stays as it is, and what may still change. */
  stable: string;
  tail: string;
  behindS: number;
  /** What went wrong on the way, last. */
  failure: LiveFailure | null;
}

export interface Live {
  now: LiveNow | null;
  /** While the browser asks the reader for the microphone or the tab. */
  opening: boolean;
  /** Why listening could not begin. */
  failure: LiveFailure | null;
  start: (origin: 'microphone' | 'tab', begin: () => OpenTranscript) => Promise<void>;
  pause: () => void;
  resume: () => void;
  /** Ends it and gives the transcript, with all that was said. */
  stop: () => Promise<OpenTranscript | null>;
}

interface Choice extends Pick<ListeningChoices, 'microphone' | 'keepRecording'> {
  asked: SpeechAsked;
  /** The language to translate into, or null. */
  to: string | null;
  provider: ProviderChoice;
}

/** Listens to a microphone or a tab, and writes what is said into a transcript as it is said. */
export function useLive(choice: Choice): Live {
  const glossa = useGlossa();
  const keepOrTell = useKeepOrTell();
  const [now, setNow] = useState<LiveNow | null>(null);
  const [opening, setOpening] = useState(false);
  const [failure, setFailure] = useState<LiveFailure | null>(null);
  const running = useRef<{ session: LiveSession; recorder: Recorder | null; close: () => void } | null>(null);

  const start = useCallback<Live['start']>(
    async (origin, begin) => {
      if (running.current) return;
      setFailure(null);
      setOpening(true);
      let stream: MediaStream;
      try {
        stream = origin === 'tab' ? await openTabAudio() : await openMicrophone(choice.microphone ?? undefined);
      } catch (error) {
        // Closing the browser's own dialogue is an answer, not a failure.
        if (!(error instanceof EngineError && error.code === 'aborted')) setFailure(toLiveFailure(error));
        return;
      } finally {
        setOpening(false);
      }
      const { to, asked, provider } = choice;
      const transcript = begin();
      if (to !== null) transcript.change({ to });
      const session = glossa.listen(stream, {
        ...asked,
        provider,
        timestamps: 'word',
        ...(to === null ? {} : { to }),
      });
      let chunks = 0;
      const keepChunk = (chunk: Blob): void => {
        keepOrTell(keepRecording(transcript.id, chunks++, chunk));
        if (chunks === 1) transcript.change({ recorded: true });
      };
      const recorder = choice.keepRecording && canRecord() ? recordStream(stream, keepChunk) : null;
      const letSleep = keepAwake();
      const close = (): void => {
        letSleep();
        for (const track of stream.getTracks()) track.stop();
      };
      running.current = { session, recorder, close };
      setNow({
        transcript,
        session,
        sourceName: stream.getAudioTracks()[0]?.label ?? '',
        state: session.state,
        stable: '',
        tail: '',
        behindS: 0,
        failure: null,
      });
      follow(session, transcript, (patch) => setNow((before) => before && { ...before, ...patch(before) }));
      session.on('state', (state) => {
        if (state !== 'ended') return;
        void recorder?.stop();
        close();
      });
    },
    [choice, glossa, keepOrTell],
  );

  const pause = useCallback(() => {
    running.current?.session.pause();
    running.current?.recorder?.pause();
  }, []);
  const resume = useCallback(() => {
    running.current?.session.resume();
    running.current?.recorder?.resume();
  }, []);

  const stop = useCallback(async () => {
    const live = running.current;
    if (!live || !now) return null;
    const { transcript } = now;
    await live.session.stop();
    await live.recorder?.stop();
    live.close();
    running.current = null;
    transcript.change({ state: 'finished' });
    await transcript.keep().catch(() => undefined);
    setNow(null);
    return transcript;
  }, [now]);

  useEffect(
    () => () => {
      void running.current?.session.stop();
      running.current?.close();
    },
    [],
  );

  return { now, opening, failure, start, pause, resume, stop };
}

const toLiveFailure = (error: unknown): LiveFailure => ({
  ...toFailure(error),
  ...(error instanceof CaptureError ? { trouble: error.trouble } : {}),
  ...(error instanceof RestartedError ? { restarted: error.lost } : {}),
});

/** Writes phrases and their translations into the transcript, and tells what is on the way. */
function follow(
  session: LiveSession,
  transcript: OpenTranscript,
  show: (patch: (before: LiveNow) => Partial<LiveNow>) => void,
): void {
  const lineIds: string[] = [];
  session.on('state', (state) => show(() => ({ state })));
  session.on('stable', ({ words }) =>
    show((before) => ({ stable: before.stable + words.map(({ text }) => text).join('') })),
  );
  session.on('tail', ({ text }) => show(() => ({ tail: text })));
  session.on('behind', ({ seconds }) => show(() => ({ behindS: seconds })));
  session.on('error', (error) => show(() => ({ failure: toLiveFailure(error) })));
  session.on('phrase', ({ index, segment }) => {
    const line = lineOf(segment);
    lineIds[index] = line.id;
    if (line.text !== '') transcript.append(line);
    show(() => ({ stable: '', tail: '' }));
  });
  session.on('translation', ({ index, text }) => {
    const line = transcript.snapshot().lines.find(({ id }) => id === lineIds[index]);
    if (line) transcript.replace([{ ...line, translation: text, translatedFrom: line.text }]);
  });
}
